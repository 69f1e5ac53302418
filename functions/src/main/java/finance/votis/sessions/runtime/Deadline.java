package finance.votis.sessions.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment at which an invocation must have its answer, on a clock that never jumps. Make it from Lambda's remaining time less a
 * margin for the answer itself. Immutable, safe for use by many threads.
 */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final long end;

    private Deadline(LongSupplier nanoTime, long end) {
        this.nanoTime = nanoTime;
        this.end = end;
    }

    public static Deadline after(Duration span) {
        return after(span, System::nanoTime);
    }

    /**
     * Counted by a clock of the caller's.
     *
     * @param nanoTime counts nanoseconds from anywhere, as {@link System#nanoTime()} does
     */
    public static Deadline after(Duration span, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + span.toNanos());
    }

    /** The time that is left, zero once it is over. */
    public Duration left() {
        // The difference is right even where the counter has wrapped round.
        return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
    }
}
