package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.benchmarks.report.Series;

/**
 * What Lambda asks for on arm64 in us-east-1, in the first tier.
 *
 * @see <a href="https://aws.amazon.com/lambda/pricing/">Pricing</a>
 */
final class Price {
    private static final double GIGABYTE_SECOND = 0.0000133334;
    private static final double MILLION_REQUESTS = 0.20;

    private Price() {}

    /** Dollars for a million requests like these: each duration is rounded up to a millisecond. */
    static double ofAMillion(Series millis, int megabytes) {
        double billed = millis.with(millis, (value, same) -> Math.ceil(value)).mean();
        return MILLION_REQUESTS + 1e6 * billed / 1000 * megabytes / 1024 * GIGABYTE_SECOND;
    }
}
