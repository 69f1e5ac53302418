package finance.votis.sessions.turnkey;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a {@code Date} header says of our clock. */
public final class ClockSkew {
    /** Turnkey takes a request for an hour and five minutes ahead: told before either is near, and far over what a healthy clock does. */
    public static final int LIMIT_SECONDS = 120;

    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);
    /** The header leaves out the fraction of its second. */
    private static final Duration RESOLUTION = Duration.ofSeconds(1);

    private ClockSkew() {}

    /**
     * How far ours is ahead at least, negative if behind; nothing if that is within the limit. The answer was made at some time between
     * the two, however long it took.
     */
    public static Optional<Duration> overLimit(Instant sent, Instant date, Instant answered) {
        Duration ahead = Duration.between(date, sent.minus(RESOLUTION));
        Duration behind = Duration.between(answered, date);
        if (ahead.compareTo(LIMIT) > 0) {
            return Optional.of(ahead);
        }
        return behind.compareTo(LIMIT) > 0 ? Optional.of(behind.negated()) : Optional.empty();
    }
}
