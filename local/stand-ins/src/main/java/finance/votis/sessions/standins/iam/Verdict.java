package finance.votis.sessions.standins.iam;

/** What was decided. */
public sealed interface Verdict {
    record Allowed() implements Verdict {}

    /**
     * Refused.
     *
     * @param message as AWS words it: who, what, on what, and which kind of policy is in the way
     */
    record Denied(String message) implements Verdict {}
}
