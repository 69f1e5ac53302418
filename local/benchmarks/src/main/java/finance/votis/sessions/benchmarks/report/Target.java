package finance.votis.sessions.benchmarks.report;

/** What a median should keep to. */
public sealed interface Target {
    record AtMost(double limit) implements Target {}

    record AtLeast(double limit) implements Target {}

    /** Only told. */
    record None() implements Target {}

    static Target atMost(double limit) {
        return new AtMost(limit);
    }

    static Target atLeast(double limit) {
        return new AtLeast(limit);
    }

    static Target none() {
        return new None();
    }

    /** The target, and how it went. */
    default String verdict(double value) {
        return switch (this) {
            case AtMost(double limit) -> "≤ " + Table.plain(limit) + (value <= limit ? " held" : " MISSED");
            case AtLeast(double limit) -> "≥ " + Table.plain(limit) + (value >= limit ? " held" : " MISSED");
            case None() -> "";
        };
    }
}
