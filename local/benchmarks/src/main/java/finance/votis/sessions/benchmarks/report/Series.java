package finance.votis.sessions.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/** Values of one thing that was measured more than once; at least one. Immutable. */
public final class Series {
    private final double[] sorted;

    /** As they came. */
    private final double[] values;

    private Series(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        this.values = values;
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    public static Series of(double... values) {
        return new Series(values.clone());
    }

    public double median() {
        return percentile(50);
    }

    /** The smallest value that so many of a hundred are not above. */
    public double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }

    public double mean() {
        return Arrays.stream(values).average().orElseThrow();
    }

    public double least() {
        return sorted[0];
    }

    public double most() {
        return sorted[sorted.length - 1];
    }

    /** Of each pair that was measured in one round. */
    public Series with(Series other, DoubleBinaryOperator combined) {
        if (values.length != other.values.length) {
            throw new IllegalArgumentException("not of the same rounds");
        }
        double[] results = new double[values.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = combined.applyAsDouble(values[i], other.values[i]);
        }
        return new Series(results);
    }

    /** Round by round, so that a load that both had cancels out. */
    public Series over(Series peer) {
        return with(peer, (own, others) -> own / others);
    }

    public Series plus(Series other) {
        return with(other, Double::sum);
    }

    /** The median, and the range of all where there is one. */
    String text(String format) {
        String middle = number(format, median());
        return values.length == 1
                ? middle
                : middle + " (" + number(format, least()) + "–" + number(format, most()) + ")";
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
