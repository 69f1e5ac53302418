package finance.votis.sessions.runner.crash;

import finance.votis.sessions.runner.lambda.Outcome;

/** What a killed run left behind, by which one tells where the kill fell. In the order of a run. */
enum Fell {
    NOT_READY("before the process was ready"),
    NOTHING_STORED("before the attempt was stored"),
    ATTEMPT_STORED("attempt stored"),
    KEY_MADE("key made"),
    CREDENTIAL_STORED("credential stored"),
    MADE_CURRENT("made current"),
    ANSWERED("after the answer");

    private final String text;

    Fell(String text) {
        this.text = text;
    }

    /** Between the first write and the answer. */
    boolean isInTheMiddle() {
        return compareTo(ATTEMPT_STORED) >= 0 && compareTo(MADE_CURRENT) <= 0;
    }

    String text() {
        return text;
    }

    /**
     * Tells it by the stores.
     *
     * @param before the first of the runs that were killed
     */
    static Fell of(Stores before, Stores after, Outcome outcome) {
        if (outcome instanceof Outcome.Answered) {
            return ANSWERED;
        }
        if (outcome instanceof Outcome.InitFailed) {
            return NOT_READY;
        }
        if (!after.current().id().equals(before.current().id())) {
            return MADE_CURRENT;
        }
        return switch (after.pending().map(Stores.Version::state).orElse("none")) {
            case "credential" -> CREDENTIAL_STORED;
            case "attempt" -> after.keysSince(before).isEmpty() ? ATTEMPT_STORED : KEY_MADE;
            default -> NOTHING_STORED;
        };
    }
}
