package finance.votis.sessions.runtime;

/** All that a function may measure for CloudWatch. The dimensions of each are the function's class and the session's name, and no other. */
public enum Metric {
    /** Since the session was made. */
    SESSION_AGE("SessionAge", "Seconds"),
    /** Until the session's end. */
    SESSION_REMAINING("SessionRemaining", "Seconds");

    private final String metricName;
    private final String unit;

    Metric(String metricName, String unit) {
        this.metricName = metricName;
        this.unit = unit;
    }

    String metricName() {
        return metricName;
    }

    /** As CloudWatch knows it. */
    String unit() {
        return unit;
    }
}
