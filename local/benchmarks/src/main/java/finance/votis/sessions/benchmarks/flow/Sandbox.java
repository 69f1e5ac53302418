package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.lambda.RuntimeApi;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process of a function with the share of a core that its memory size has, and its Runtime API. Init has a whole core, as on Lambda.
 * Not thread-safe.
 */
final class Sandbox implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Of a field of /proc/PID/stat, on every Linux that Lambda's client runs on. */
    private static final long NANOS_OF_A_TICK = 10_000_000;

    private final Process process;
    private final RuntimeApi api;
    private final Optional<CpuQuota> quota;
    private final Upstreams upstreams;
    private final Path log;
    private final double cores;
    private long initNanos;

    private Sandbox(
            Process process, RuntimeApi api, Optional<CpuQuota> quota, Upstreams upstreams, Path log, double cores) {
        this.process = process;
        this.api = api;
        this.quota = quota;
        this.upstreams = upstreams;
        this.log = log;
        this.cores = cores;
    }

    /**
     * One request.
     *
     * @param nanos from handing over the event to the answer
     * @param ownNanos the same less what the upstreams held
     */
    record Call(long nanos, long ownNanos, long upstreamCalls, String answer) {}

    /** Starts the process and returns when it asks for its first event. */
    static Sandbox start(Launch launch, int megabytes, Upstreams upstreams, Path folder)
            throws IOException, InterruptedException {
        RuntimeApi api = new RuntimeApi(launch.settings().arn(launch.account()), launch.account());
        Optional<CpuQuota> quota = CpuQuota.make(CpuQuota.ROOT);
        Path log = folder.resolve(launch.name() + ".log");
        if (quota.isPresent()) {
            quota.get().cores(1);
        }
        List<String> command =
                quota.map(group -> group.around(launch.command())).orElse(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(launch.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment(api));
        long begin = System.nanoTime();
        Sandbox sandbox = new Sandbox(
                builder.start(), api, quota, upstreams, log, (double) megabytes / CpuQuota.MEGABYTES_OF_A_CORE);
        try {
            if (launch.isFromSnapshot()) {
                sandbox.become(api.checkpoint());
                // What came before is done once when a version is published; a restored process has its share alone.
                sandbox.limit();
                begin = System.nanoTime();
                api.restore();
            }
            sandbox.become(api.ready());
            sandbox.initNanos = System.nanoTime() - begin;
            sandbox.limit();
            return sandbox;
        } catch (IOException | InterruptedException e) {
            sandbox.close();
            throw e;
        }
    }

    private void limit() throws IOException {
        if (quota.isPresent()) {
            quota.get().cores(cores);
        }
    }

    private void become(CompletableFuture<Optional<Outcome.InitFailed>> ready)
            throws IOException, InterruptedException {
        CompletableFuture<Optional<Outcome.InitFailed>> ended = process.onExit()
                .thenApply(dead ->
                        Optional.of(new Outcome.InitFailed("Runtime.ExitError", "exit status " + dead.exitValue())));
        Optional<Outcome.InitFailed> failed = within(ready.applyToEither(ended, either -> either));
        if (failed.isPresent()) {
            throw new IOException("a function could not start: " + failed.get().payload() + ", see " + log);
        }
    }

    /** From the start of the process, or its going on from its snapshot, to its asking for an event. */
    long initNanos() {
        return initNanos;
    }

    /** @throws IOException if it does not answer */
    Call call(String event) throws IOException, InterruptedException {
        long before = upstreams.spentNanos();
        long callsBefore = upstreams.requests();
        String id = UUID.randomUUID().toString();
        long begin = System.nanoTime();
        Outcome outcome = within(api.invoke(id, event, Instant.now().plus(LIMIT)));
        long nanos = System.nanoTime() - begin;
        if (!(outcome instanceof Outcome.Answered(String payload))) {
            throw new IOException("a function failed with " + outcome + ", see " + log);
        }
        return new Call(nanos, nanos - (upstreams.spentNanos() - before), upstreams.requests() - callsBefore, payload);
    }

    private static <T> T within(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("a function did not answer within " + LIMIT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither future fails", e);
        }
    }

    /** Of all its threads, since its start. */
    long cpuNanos() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // Behind the name, which may hold anything: the fields from the third on.
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * NANOS_OF_A_TICK;
    }

    /** The most that was ever resident. */
    long peakMemoryBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IOException("this system does not tell a process's peak memory"));
    }

    /** Kills it. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        api.close();
        if (quota.isPresent()) {
            quota.get().close();
        }
    }
}
