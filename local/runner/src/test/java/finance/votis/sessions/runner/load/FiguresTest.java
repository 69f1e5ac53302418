package finance.votis.sessions.runner.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();

    @Test
    void tellsThroughputQuantilesAndKinds() {
        for (int i = 1; i <= 100; i++) {
            figures.exchange(Action.LIST, false, Duration.ofMillis(i), Optional.empty());
        }
        figures.exchange(Action.REVOKE, false, Duration.ofMillis(500), Optional.of("gateway: 503"));
        figures.exchange(Action.REVOKE, true, Duration.ofNanos(1_500_000), Optional.empty());

        assertThat(figures.lines(Duration.ofSeconds(2)))
                .containsExactly(
                        "  exchanges                       requests   repeats    p50 ms    p99 ms",
                        "    list                               100         0      50.0      99.0",
                        "    revoke one                           1         1       1.5     500.0",
                        "    all                                101         1      50.0     100.0",
                        "  101 requests had their answer in 2.0 s: 50.5 a second",
                        "  no answer, or a refusal",
                        "    gateway: 503                                          1");
    }
}
