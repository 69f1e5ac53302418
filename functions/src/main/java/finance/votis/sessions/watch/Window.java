package finance.votis.sessions.watch;

import finance.votis.sessions.turnkey.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What one run looks at: sessions that were made from {@code from} on and before {@code to}, in the organisations whose turn it is.
 *
 * @param from by Turnkey's clock, as {@code to} is
 * @param to so long ago that the lines about it have come
 * @param turn of {@code turns}
 */
record Window(Instant from, Instant to, int turn, int turns) {

    /** Half a day back, which the shortest retention of logs still has. */
    static final int MOST_TURNS = 12;

    /** So many runs look at each session, as long as none is missed. */
    private static final int LOOKS = 4;

    /** More than our clock may differ from Turnkey's, and a function's run may take. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    /**
     * When the watch looks.
     *
     * @param period between two runs
     * @param delay how long a line may take to be found in its group
     * @param turns a run looks at this part of the organisations, where all are too many for one
     */
    record Times(Duration period, Duration delay, int turns) {}

    static Window at(Instant now, Times times) {
        Instant to = now.minus(times.delay()).truncatedTo(ChronoUnit.SECONDS);
        long run = now.toEpochMilli() / times.period().toMillis();
        return new Window(
                to.minus(times.period().multipliedBy((long) LOOKS * times.turns())),
                to,
                Math.floorMod(run, times.turns()),
                times.turns());
    }

    boolean isTurnOf(OrganizationId organization) {
        return Math.floorMod(organization.value().hashCode(), turns) == turn;
    }

    boolean holds(Instant createdAt) {
        return !createdAt.isBefore(from) && createdAt.isBefore(to);
    }

    /** The earliest time of a line about a session of this window. */
    Instant linesFrom() {
        return from.minus(SLACK);
    }

    /** The latest one. */
    Instant linesTo() {
        return to.plus(SLACK);
    }

    /** Whether the session that a line at this time tells of has to be in the window, or after it. */
    boolean surelyHolds(Instant line) {
        return holds(line) && !line.isBefore(from.plus(SLACK));
    }
}
