package finance.votis.sessions.runtime;

import java.time.Duration;

/** How to let time pass: a sleep in production, a clock that is set forward in tests. */
@FunctionalInterface
public interface Waiting {
    void pause(Duration span) throws InterruptedException;

    static Waiting asleep() {
        return Thread::sleep;
    }
}
