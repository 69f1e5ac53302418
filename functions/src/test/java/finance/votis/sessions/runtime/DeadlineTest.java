package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final AtomicLong nanoTime = new AtomicLong();

    @Test
    void timeRunsDownToZeroAndNotBelow() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(2), nanoTime::get);
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(2));

        nanoTime.addAndGet(Duration.ofMillis(1_999).toNanos());
        assertThat(deadline.left()).isEqualTo(Duration.ofMillis(1));

        nanoTime.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(deadline.left()).isEqualTo(Duration.ZERO);

        nanoTime.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(deadline.left()).isEqualTo(Duration.ZERO);
    }

    @Test
    void theCounterMayWrapRound() {
        nanoTime.set(Long.MAX_VALUE - 5);
        Deadline deadline = Deadline.after(Duration.ofNanos(10), nanoTime::get);
        nanoTime.addAndGet(8);
        assertThat(deadline.left()).isEqualTo(Duration.ofNanos(2));
        nanoTime.addAndGet(2);
        assertThat(deadline.left()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aSpanThatIsOverAlreadyLeavesNothing() {
        assertThat(Deadline.after(Duration.ofMillis(-1), nanoTime::get).left()).isEqualTo(Duration.ZERO);
    }
}
