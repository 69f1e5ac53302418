package finance.votis.sessions.watch;

import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Platform;
import java.time.Duration;

/**
 * Keeps the beginnings of requests apart: the limit is the company's, and this is the watch's part. What goes again for want of an answer is not
 * counted. For one run.
 */
final class Pace {

    private final long gapNanos;
    private final Platform platform;
    private long lastBegan;

    Pace(int perSecond, Platform platform) {
        this.gapNanos = Duration.ofSeconds(1).toNanos() / perSecond;
        this.platform = platform;
        this.lastBegan = platform.nanoTime().getAsLong() - gapNanos;
    }

    /** Returns when the next request may begin. */
    void next() {
        long left = gapNanos - (platform.nanoTime().getAsLong() - lastBegan);
        if (left > 0 && !platform.waiting().paused(Duration.ofNanos(left))) {
            throw new ExplainedException("stopped before all organisations were looked at");
        }
        lastBegan = platform.nanoTime().getAsLong();
    }
}
