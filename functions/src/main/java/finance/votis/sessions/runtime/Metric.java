package finance.votis.sessions.runtime;

import java.util.List;

/** All that a function may measure for CloudWatch. Each has few dimensions with few values, and no organisation or user. */
public enum Metric {
    /** Sessions that an invocation was about, by how it ended. */
    SESSIONS("Sessions", "Count", By.OUTCOME),
    /** One or zero for each such invocation. */
    COLD_STARTS("ColdStarts", "Count", By.OUTCOME),
    /** Spent on Turnkey's answers. */
    TURNKEY_MILLISECONDS("TurnkeyMilliseconds", "Milliseconds", By.OUTCOME),
    /** The rest, AWS's services among it. */
    OWN_MILLISECONDS("OwnMilliseconds", "Milliseconds", By.OUTCOME),
    /** Sessions that Turnkey still lists although their time is over: nobody revoked them. */
    EXPIRED_UNREVOKED("ExpiredUnrevoked", "Count", By.OUTCOME),
    /** Since the session was made. */
    SESSION_AGE("SessionAge", "Seconds", By.SESSION),
    /** Until the session's end. */
    SESSION_REMAINING("SessionRemaining", "Seconds", By.SESSION),
    /** Answers of a route that are our own mistake, without those that are counted as {@link #ALARMS}. */
    FAULTS("Faults", "Count", By.VERSION),
    /** Lines that an alarm watches for. */
    ALARMS("Alarms", "Count", By.EVENT);

    /** What a metric is told apart by. */
    enum By {
        /** Kind of session and outcome. */
        OUTCOME("kind", "outcome"),
        /** The function's class and the session's name. */
        SESSION("function", "session"),
        /** Kind of session and problem, of what was refused. */
        PROBLEM("kind", "problem"),
        /** The function's class and its published version, so that a new one is told from the one before. */
        VERSION("function", "functionVersion"),
        /** What an alarm is about. */
        EVENT("event");

        @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
        private final List<String> members;

        By(String... members) {
            this.members = List.of(members);
        }

        /** Members of the log line. */
        List<String> members() {
            return members;
        }
    }

    private final String metricName;
    private final String unit;
    private final By by;

    Metric(String metricName, String unit, By by) {
        this.metricName = metricName;
        this.unit = unit;
        this.by = by;
    }

    String metricName() {
        return metricName;
    }

    /** As CloudWatch knows it. */
    String unit() {
        return unit;
    }

    By by() {
        return by;
    }
}
