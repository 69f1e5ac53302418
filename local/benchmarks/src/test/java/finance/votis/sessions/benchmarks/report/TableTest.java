package finance.votis.sessions.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void tellsBothMediansTheRatioAndWhetherTheTargetHeld() {
        Table table = Table.ofRatios("Times");
        table.ratio("first", Series.of(30), Series.of(40), " ms", Target.atMost(0.75));
        table.ratio("whole", Series.of(31), Series.of(40), " ms", Target.atMost(0.75));
        table.speed("open", Series.of(10), Series.of(99), " µs", Target.atLeast(10));

        assertThat(table.lines())
                .containsExactly(
                        "### Times",
                        "",
                        "|       | ours  | peer  | ratio: median (range) | target        |",
                        "| ----- | ----- | ----- | --------------------- | ------------- |",
                        "| first | 30 ms | 40 ms | 0.75                  | ≤ 0.75 held   |",
                        "| whole | 31 ms | 40 ms | 0.78                  | ≤ 0.75 MISSED |",
                        "| open  | 10 µs | 99 µs | 9.9 times as fast     | ≥ 10 MISSED   |",
                        "");
    }
}
