package finance.votis.sessions.standins.iam;

/** A policy that AWS would not take, or that says what is not played here. The message names the member and the rule. */
public final class MalformedPolicyException extends RuntimeException {
    MalformedPolicyException(String message) {
        super(message, null, false, false);
    }
}
