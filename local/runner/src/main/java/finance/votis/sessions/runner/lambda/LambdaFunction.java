package finance.votis.sessions.runner.lambda;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A function with one execution environment: started at once, so that several functions start side by side; replaced after a crash,
 * a kill, a timeout or a failed init, when the next event comes. Events wait in line, as long as their futures are not cancelled.
 * Thread-safe.
 */
public final class LambdaFunction implements AutoCloseable {
    /** Lambda allows ten seconds; this machine may be slower, and many processes may start at once. */
    private static final Duration INIT_LIMIT = Duration.ofSeconds(60);

    private record Waiting(String event, CompletableFuture<Invocation> invocation) {}

    private final FunctionSettings settings;
    private final FunctionSettings.Account account;
    private final RuntimeClient client;
    private final LogSink sink;
    private final InstantSource clock;
    private final LinkedBlockingQueue<Waiting> line = new LinkedBlockingQueue<>();
    private final AtomicInteger busyWith = new AtomicInteger();
    private final CompletableFuture<Optional<Outcome.InitFailed>> firstInit = new CompletableFuture<>();
    private final Thread worker;
    private volatile boolean closed;

    /** Written by the worker alone. */
    private volatile @Nullable ExecutionEnvironment environment;

    // The worker's own.
    private Outcome.@Nullable InitFailed initFailure;
    private @Nullable Duration init;

    private LambdaFunction(
            FunctionSettings settings,
            FunctionSettings.Account account,
            RuntimeClient client,
            LogSink sink,
            InstantSource clock) {
        this.settings = settings;
        this.account = account;
        this.client = client;
        this.sink = sink;
        this.clock = clock;
        this.worker = Thread.ofPlatform().daemon().name(settings.name()).unstarted(this::work);
    }

    /** Begins to start the process and returns; {@link #ready} tells how that ended. */
    public static LambdaFunction start(
            FunctionSettings settings,
            FunctionSettings.Account account,
            RuntimeClient client,
            LogSink sink,
            InstantSource clock) {
        LambdaFunction function = new LambdaFunction(settings, account, client, sink, clock);
        function.worker.start();
        return function;
    }

    public String name() {
        return settings.name();
    }

    /** Completed when the first process is ready (empty) or could not be made so; cancelled by {@link #close}. */
    public CompletableFuture<Optional<Outcome.InitFailed>> ready() {
        return firstInit.copy();
    }

    /** Completed with any {@link Outcome}; cancelled by {@link #close} and by nothing else. If the caller cancels it in time, it is not run. */
    public CompletableFuture<Invocation> invoke(String event) {
        Waiting waiting = new Waiting(event, new CompletableFuture<>());
        busyWith.incrementAndGet();
        line.add(waiting);
        if (closed) {
            waiting.invocation().cancel(false);
        }
        return waiting.invocation();
    }

    /** How many events it has in line or in work. */
    public int busyWith() {
        return busyWith.get();
    }

    /**
     * Kills the process, without a word to it: an invocation in the middle ends as {@link Outcome.Crashed}, one that waits for the process
     * to be ready as {@link Outcome.InitFailed}; the next event starts a new process. False, and nothing happens, if there is none; on
     * return it is dead.
     */
    public boolean kill() {
        ExecutionEnvironment running = environment;
        return running != null && running.kill();
    }

    private void work() {
        try {
            startEnvironment();
            firstInit.complete(Optional.ofNullable(initFailure));
            while (true) {
                Waiting next = line.take();
                if (!next.invocation().isDone()) {
                    serve(next);
                }
                busyWith.decrementAndGet();
            }
        } catch (InterruptedException closing) {
            // The end of this thread: see close.
        } finally {
            closed = true;
            stopEnvironment();
            firstInit.cancel(false);
            for (Waiting waiting : line) {
                waiting.invocation().cancel(false);
            }
        }
    }

    private void serve(Waiting next) throws InterruptedException {
        try {
            Instant begin = clock.instant();
            String requestId = UUID.randomUUID().toString();
            ExecutionEnvironment running = environment;
            if (running == null || !running.isAlive()) {
                stopEnvironment();
                startEnvironment();
                running = environment;
            }
            Instant handedOver = init == null ? begin : clock.instant();
            Outcome outcome =
                    running == null ? failure() : running.invoke(requestId, next.event(), clock, settings.timeout());
            if (outcome instanceof Outcome.TimedOut || outcome instanceof Outcome.Crashed) {
                sink.line(settings.name(), outcome.payload());
                stopEnvironment();
            }
            Invocation invocation = new Invocation(
                    requestId, outcome, Duration.between(handedOver, clock.instant()), Optional.ofNullable(init));
            init = null;
            next.invocation().complete(invocation);
        } finally {
            next.invocation().cancel(false);
        }
    }

    private Outcome.InitFailed failure() {
        return initFailure == null
                ? Outcome.InitFailed.of("Runtime.StartFailed", "the process could not be started")
                : initFailure;
    }

    /** Leaves an environment that waits for events, or none and the reason. */
    private void startEnvironment() throws InterruptedException {
        Instant begin = clock.instant();
        try {
            ExecutionEnvironment started = ExecutionEnvironment.start(settings, account, client, sink);
            environment = started;
            initFailure = null;
            if (settings.start() == Start.SNAPSHOT) {
                initFailure = started.awaitCheckpoint(INIT_LIMIT).orElse(null);
                // What comes before is done when a version is published, and no caller waits for it.
                begin = clock.instant();
                started.restore();
            }
            if (initFailure == null) {
                initFailure = started.awaitReady(INIT_LIMIT).orElse(null);
            }
            if (initFailure != null) {
                stopEnvironment();
            }
        } catch (IOException e) {
            sink.line(settings.name(), "the process could not be started: " + e.getMessage());
            initFailure = failure();
        }
        init = Duration.between(begin, clock.instant());
    }

    private void stopEnvironment() {
        ExecutionEnvironment running = environment;
        if (running != null) {
            running.close();
            environment = null;
        }
    }

    /** Kills the process; what waits in line is cancelled. */
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
