package finance.votis.sessions.runner.lambda;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process with its Runtime API, from start to kill. Not reused after it failed. */
final class ExecutionEnvironment implements AutoCloseable {
    private final Process process;
    private final RuntimeApi api;
    private final Thread logs;

    private ExecutionEnvironment(Process process, RuntimeApi api, Thread logs) {
        this.process = process;
        this.api = api;
        this.logs = logs;
    }

    static ExecutionEnvironment start(
            FunctionSettings settings, FunctionSettings.Account account, RuntimeClient client, LogSink sink)
            throws IOException {
        RuntimeApi api = new RuntimeApi(settings.arn(account), account);
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            client.command(settings.start(), settings.memoryMegabytes(), settings.handler()))
                    .directory(settings.code().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"));
            builder.environment().clear();
            builder.environment()
                    .putAll(
                            switch (settings.start()) {
                                case ON_DEMAND -> settings.processEnvironment(account, api.address());
                                case SNAPSHOT -> settings.snapshotEnvironment(account, api);
                            });
            process = builder.start();
        } catch (IOException e) {
            api.close();
            throw e;
        }
        Thread logs = Thread.ofPlatform()
                .daemon()
                .name("logs of " + settings.name())
                .start(() -> {
                    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            sink.line(settings.name(), line);
                        }
                    } catch (IOException | UncheckedIOException e) {
                        sink.line(settings.name(), "[its output broke off]");
                    }
                });
        return new ExecutionEnvironment(process, api, logs);
    }

    /** Empty once the process has run its hooks and waits where its snapshot is taken. */
    Optional<Outcome.InitFailed> awaitCheckpoint(Duration limit) throws InterruptedException {
        return await(api.checkpoint(), limit);
    }

    /** Lets a process go on from its snapshot. */
    void restore() {
        api.restore();
    }

    /** Empty once the process waits for events. */
    Optional<Outcome.InitFailed> awaitReady(Duration limit) throws InterruptedException {
        return await(api.ready(), limit);
    }

    private Optional<Outcome.InitFailed> await(CompletableFuture<Optional<Outcome.InitFailed>> reached, Duration limit)
            throws InterruptedException {
        CompletableFuture<Optional<Outcome.InitFailed>> exited = process.onExit()
                .thenApply(ended ->
                        Optional.of(Outcome.InitFailed.of("Runtime.ExitError", Outcome.exit(ended.exitValue()))));
        try {
            // An init error is posted before the process exits: what it said is worth more than that it ended.
            return reached.applyToEither(delayed(exited, reached), either -> either)
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.of(
                    Outcome.InitFailed.of("Sandbox.Timedout", "not ready after " + limit.toSeconds() + " s"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither future fails", e);
        }
    }

    Outcome invoke(String requestId, String event, InstantSource clock, Duration timeout) throws InterruptedException {
        CompletableFuture<Outcome> answer =
                api.invoke(requestId, event, clock.instant().plus(timeout));
        CompletableFuture<Outcome> exited = process.onExit().thenApply(ended -> new Outcome.Crashed(ended.exitValue()));
        try {
            return answer.applyToEither(delayed(exited, answer), either -> either)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Outcome.TimedOut(timeout);
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither future fails", e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL where there are signals: nothing in the process can see it coming. False if it was dead already; dead on return. */
    boolean kill() {
        if (!process.isAlive()) {
            return false;
        }
        process.destroyForcibly().onExit().join();
        return true;
    }

    /** The answer wins over the exit if it came first over the wire, though its thread may be the slower one. */
    private static <T> CompletableFuture<T> delayed(CompletableFuture<T> exited, CompletableFuture<T> answer) {
        return exited.thenCompose(ended -> answer.copy().completeOnTimeout(ended, 50, TimeUnit.MILLISECONDS));
    }

    /** Kills the process and waits until all that it printed has gone to the sink. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            logs.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
