package finance.votis.sessions.runtime;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a function takes from the machine that it runs on, so that a test can hold each.
 *
 * @param clock the time of day
 * @param nanoTime a clock that only moves forward, in nanoseconds, for durations
 * @param waiting how to wait
 * @param random asked anew for each use: a generator that was made before a snapshot would be shared by all that start from it
 * @param log takes one finished line, without its end
 * @param metricsNamespace where CloudWatch counts what the lines measure
 * @param network whom to trust at the other end
 * @param checkpoints who runs hooks around a snapshot
 */
public record Platform(
        InstantSource clock,
        LongSupplier nanoTime,
        Waiting waiting,
        Supplier<SecureRandom> random,
        Consumer<String> log,
        String metricsNamespace,
        Network network,
        Checkpoints checkpoints) {

    private static final String METRICS = "TurnkeySessions";

    /** Metrics are counted under their usual name. */
    public Platform(
            InstantSource clock,
            LongSupplier nanoTime,
            Waiting waiting,
            Supplier<SecureRandom> random,
            Consumer<String> log) {
        this(clock, nanoTime, waiting, random, log, METRICS);
    }

    /** On the machine's own network, with Lambda's hooks. */
    public Platform(
            InstantSource clock,
            LongSupplier nanoTime,
            Waiting waiting,
            Supplier<SecureRandom> random,
            Consumer<String> log,
            String metricsNamespace) {
        this(clock, nanoTime, waiting, random, log, metricsNamespace, Network.real(), Checkpoints.lambda());
    }

    /**
     * The real one. Lines go to standard output as they are: Lambda's logger would wrap JSON in JSON.
     *
     * @param environment may name in {@code METRICS_NAMESPACE} where metrics are counted: two stacks in one account must not count together
     */
    public static Platform real(Map<String, String> environment) {
        return new Platform(
                InstantSource.system(),
                System::nanoTime,
                Waiting.asleep(),
                SecureRandom::new,
                Platform::writeToStandardOutput,
                environment.getOrDefault("METRICS_NAMESPACE", METRICS));
    }

    private static void writeToStandardOutput(String line) {
        // One write: Lambda makes a record of each.
        System.out.print(line + "\n");
        System.out.flush();
    }
}
