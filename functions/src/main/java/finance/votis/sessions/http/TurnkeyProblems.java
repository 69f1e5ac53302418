package finance.votis.sessions.http;

import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Refusal;
import java.time.Duration;

/** What a call to Turnkey that was not completed means for the caller: one place for all rooms. Turnkey's own texts never pass. */
public final class TurnkeyProblems {

    /** Turnkey gives no time for these; long enough not to add to its trouble. */
    private static final Duration UNAVAILABLE = Duration.ofSeconds(30);

    private TurnkeyProblems() {}

    public static Problem of(Answer.Incomplete<?> answer) {
        return switch (answer) {
            case Answer.NeedsApproval<?> a ->
                Problem.of(ProblemType.NEEDS_APPROVAL, "the activity waits for approval")
                        .withActivityId(a.activityId());
            case Answer.AuthenticatorsNeeded<?> a ->
                Problem.of(ProblemType.AUTHENTICATORS_NEEDED, "the activity waits for another factor")
                        .withActivityId(a.activityId());
            case Answer.Rejected<?> a ->
                Problem.of(ProblemType.REJECTED, "a voter or a policy rejected the activity")
                        .withActivityId(a.activityId());
            case Answer.Failed<?> a ->
                ofFailed(a.refusal()).withActivityId(a.activityId()).withTurnkeyCode(a.code());
            case Answer.Refused<?> a -> ofRefused(a.refusal()).withTurnkeyCode(a.code());
            case Answer.RateLimited<?> a ->
                Problem.of(ProblemType.TOO_MANY_REQUESTS, "too many requests to Turnkey")
                        .withRetryAfter(a.retryAfter());
            case Answer.Unreachable<?> a ->
                Problem.of(ProblemType.TURNKEY_UNREACHABLE, "no connection to Turnkey, or one that broke");
            case Answer.TooSlow<?> a -> Problem.of(ProblemType.TURNKEY_SLOW, "Turnkey did not answer within our time");
            case Answer.Unreadable<?> a ->
                Problem.of(ProblemType.TURNKEY_UNREADABLE, "Turnkey's answer is not in the form that it promises");
            case Answer.BrokenPromise<?> a ->
                Problem.of(ProblemType.TURNKEY_UNREADABLE, "Turnkey's answer lacks what it promises")
                        .withActivityId(a.activityId());
        };
    }

    /** The same bytes give the same failed activity, so nothing here is to be repeated. */
    private static Problem ofFailed(Refusal refusal) {
        return switch (refusal) {
            case BAD_EXPIRATION, TOO_MANY_KEYS, QUOTA_EXCEEDED -> ofRefused(refusal);
            case BAD_REQUEST,
                    BAD_ORGANIZATION_ID,
                    ORGANIZATION_MISMATCH,
                    STAMP_NOT_ACCEPTED,
                    SIGNATURE_INVALID,
                    KEY_UNKNOWN,
                    KEY_EXPIRED,
                    CREDENTIAL_CONFLICT,
                    NOT_AUTHORIZED,
                    OPERATIONS_DISABLED,
                    ORGANIZATION_NOT_FOUND,
                    NOT_FOUND,
                    TOO_MANY_REQUESTS,
                    ORGANIZATION_RATE_LIMITED,
                    INTERNAL,
                    OTHER -> Problem.of(ProblemType.TURNKEY_REFUSED, "the activity failed at Turnkey");
        };
    }

    private static Problem ofRefused(Refusal refusal) {
        return switch (refusal) {
            case BAD_EXPIRATION ->
                Problem.ofField(ProblemType.INVALID_FIELD, "expirationSeconds", "is not a lifetime that Turnkey takes");
            case NOT_AUTHORIZED, OTHER -> Problem.of(ProblemType.TURNKEY_REFUSED, "Turnkey refused the request");
            case TOO_MANY_KEYS ->
                Problem.of(ProblemType.TOO_MANY_KEYS, "the user must lose a key before it can get another");
            case TOO_MANY_REQUESTS, ORGANIZATION_RATE_LIMITED ->
                Problem.of(ProblemType.TOO_MANY_REQUESTS, "too many requests to Turnkey")
                        .withRetryAfter(Duration.ofSeconds(3));
            case OPERATIONS_DISABLED, QUOTA_EXCEEDED ->
                Problem.of(ProblemType.TURNKEY_UNAVAILABLE, "Turnkey does not serve this organisation at the moment")
                        .withRetryAfter(UNAVAILABLE);
            case INTERNAL -> Problem.of(ProblemType.TURNKEY_UNREACHABLE, "Turnkey failed inside");
            // Our request, our key or our settings are wrong. What exactly is the operator's to know: the code is in
            // the log.
            case BAD_REQUEST,
                    BAD_ORGANIZATION_ID,
                    ORGANIZATION_MISMATCH,
                    STAMP_NOT_ACCEPTED,
                    SIGNATURE_INVALID,
                    KEY_UNKNOWN,
                    KEY_EXPIRED,
                    CREDENTIAL_CONFLICT,
                    ORGANIZATION_NOT_FOUND,
                    NOT_FOUND -> Problem.of(ProblemType.INTERNAL_ERROR, "our request to Turnkey was not taken");
        };
    }
}
