package finance.votis.sessions.turnkey;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Pauses that double, each a random part longer, so that many instances do not come back together. */
record Backoff(Supplier<? extends RandomGenerator> jitter) {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** @param before how many pauses there were already */
    Duration pause(Duration first, int before) {
        long doubled = first.toMillis() << Math.min(before, 10);
        long plain = Math.min(doubled, LONGEST.toMillis());
        return Duration.ofMillis(plain + jitter.get().nextLong(plain / 2 + 1));
    }

    /** Turnkey limits by the second and names no time to wait (Turnkey docs: FAQ, rate limits). */
    Duration secondsAfterLimit() {
        return Duration.ofSeconds(1 + jitter.get().nextInt(3));
    }
}
