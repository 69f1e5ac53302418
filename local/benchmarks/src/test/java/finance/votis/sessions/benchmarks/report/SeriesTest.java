package finance.votis.sessions.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeriesTest {
    /** The nearest-rank percentiles of the example that Wikipedia gives. */
    @Test
    void aPercentileIsAValueThatWasMeasured() {
        Series series = Series.of(50, 15, 35, 40, 20);

        assertThat(series.percentile(5)).isEqualTo(15);
        assertThat(series.percentile(30)).isEqualTo(20);
        assertThat(series.percentile(40)).isEqualTo(20);
        assertThat(series.median()).isEqualTo(35);
        assertThat(series.percentile(100)).isEqualTo(50);
    }

    /** Twice as slow in a round in which the machine was ten times as slow is still twice as slow. */
    @Test
    void aRatioIsMadeRoundByRound() {
        Series ratio = Series.of(20, 200, 30).over(Series.of(10, 100, 10));

        assertThat(ratio.median()).isEqualTo(2);
        assertThat(ratio.text("%.1f")).isEqualTo("2.0 (2.0–3.0)");
    }

    @Test
    void nothingMeasuredAndRoundsThatDoNotMatchAreRefused() {
        assertThatThrownBy(Series::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Series.of(1).over(Series.of(1, 2))).isInstanceOf(IllegalArgumentException.class);
    }
}
