package finance.votis.sessions.runtime;

import java.time.Duration;

/** How to let time pass: a sleep in production, a clock that is set forward in tests. */
@FunctionalInterface
public interface Waiting {
    void pause(Duration span) throws InterruptedException;

    /** False if the thread was interrupted, which stays set. */
    default boolean paused(Duration span) {
        try {
            pause(span);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Waiting asleep() {
        return Thread::sleep;
    }
}
