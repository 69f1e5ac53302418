package finance.votis.sessions.http;

import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.TurnkeyError;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a call to Turnkey that was not completed means, for the caller and for the operator: one place for all rooms. Turnkey's own texts
 * never pass.
 */
public final class TurnkeyProblems {

    /** Turnkey gives no time for these; long enough not to add to its trouble. */
    private static final Duration UNAVAILABLE = Duration.ofSeconds(30);

    /** A matter of billing, which takes people. */
    private static final Duration SPENT = Duration.ofHours(1);

    /** Of the stamping key, the organisation, or what the request names in it. */
    private static final Set<Refusal> MISSING =
            Set.of(Refusal.KEY_UNKNOWN, Refusal.KEY_EXPIRED, Refusal.ORGANIZATION_NOT_FOUND, Refusal.NOT_FOUND);

    private TurnkeyProblems() {}

    /**
     * The end of a route. A key that answers for somebody else raises the alarm {@code foreign-organisation}; what Turnkey does not know, the
     * alarm {@code missing-at-turnkey}, since a customer can delete it in its own organisation.
     */
    public static HttpResult.Refused refused(Answer.Incomplete<?> answer, Invocation invocation) {
        note(answer, invocation);
        if (showsForeignKey(answer)) {
            invocation.alarm("foreign-organisation");
        }
        if (error(answer).map(TurnkeyError::refusal).filter(MISSING::contains).isPresent()) {
            invocation.alarm("missing-at-turnkey");
        }
        return new HttpResult.Refused(of(answer));
    }

    /**
     * As {@link #refused}, of a route where the same request makes the same bytes: these get the same failed activity for ever, so what
     * would otherwise be tried again needs a new request.
     */
    public static HttpResult.Refused refusedForTheseBytes(Answer.Incomplete<?> answer, Invocation invocation) {
        HttpResult.Refused refused = refused(answer, invocation);
        return switch (refused.problem().type().action()) {
            case RETRY_SAME, WAIT ->
                answer instanceof Answer.Failed<?>(String activityId, TurnkeyError _)
                        ? new HttpResult.Refused(
                                Problem.of(ProblemType.ACTIVITY_FAILED, "the activity failed at Turnkey")
                                        .withActivityId(activityId))
                        : refused;
            case FIX_REQUEST, NEW_KEY, SIGN_IN, CONTACT_SUPPORT -> refused;
        };
    }

    /** What is known, for the log. A spent quota raises the alarm {@code quota}. */
    public static void note(Answer.Incomplete<?> answer, Invocation invocation) {
        activityId(answer).ifPresent(id -> invocation.note(LogField.ACTIVITY_ID, id));
        code(answer).ifPresent(code -> invocation.note(LogField.TURNKEY_CODE, code));
        error(answer)
                .flatMap(TurnkeyError::incident)
                .ifPresent(incident -> invocation.note(LogField.INCIDENT, incident));
        if (answer instanceof Answer.Refused<?> refused) {
            invocation.note(LogField.TURNKEY_STATUS, Integer.toString(refused.status()));
        }
        reason(answer).ifPresent(reason -> invocation.note(LogField.REASON, reason));
        if (is(answer, Refusal.QUOTA_EXCEEDED)) {
            invocation.alarm("quota");
        }
    }

    /** Whether Turnkey said no for this reason, at once or by a failed activity. */
    public static boolean is(Answer.Incomplete<?> answer, Refusal refusal) {
        return error(answer).filter(error -> error.refusal() == refusal).isPresent();
    }

    /** Turnkey's code, for the operator alone. */
    public static Optional<String> code(Answer.Incomplete<?> answer) {
        return error(answer).flatMap(TurnkeyError::code);
    }

    /** The stamping key is another organisation's, or the answer names another organisation or user than it must. */
    private static boolean showsForeignKey(Answer.Incomplete<?> answer) {
        return is(answer, Refusal.ORGANIZATION_MISMATCH)
                || (answer instanceof Answer.BrokenPromise<?> broken
                        && switch (broken.shortfall()) {
                            case WRONG_ORGANIZATION, WRONG_USER -> true;
                            case WRONG_ACTIVITY, RESULT_MISSING, BUNDLE_MISSING, BUNDLE_MALFORMED, SESSION_MISSING ->
                                false;
                        });
    }

    /** The caller's side. Turnkey's code is in it where the type says that Turnkey refused: of our own faults the log tells it. */
    public static Problem of(Answer.Incomplete<?> answer) {
        Problem problem = switch (answer) {
            case Answer.NeedsApproval<?> _ -> Problem.of(ProblemType.NEEDS_APPROVAL, "the activity waits for approval");
            case Answer.AuthenticatorsNeeded<?> _ ->
                Problem.of(ProblemType.AUTHENTICATORS_NEEDED, "the activity waits for another factor");
            case Answer.Rejected<?> _ -> Problem.of(ProblemType.REJECTED, "a voter or a policy rejected the activity");
            // The same bytes would give the same failed activity, but a caller's repeat is new bytes.
            case Answer.Failed<?> a -> ofError(a.error());
            case Answer.Refused<?> a -> ofError(a.error());
            case Answer.RateLimited<?> a ->
                Problem.of(ProblemType.TOO_MANY_REQUESTS, "too many requests to Turnkey")
                        .withRetryAfter(a.retryAfter());
            case Answer.Unreachable<?> _ ->
                Problem.of(ProblemType.TURNKEY_UNREACHABLE, "no connection to Turnkey, or one that broke");
            case Answer.TooSlow<?> _ -> Problem.of(ProblemType.TURNKEY_SLOW, "Turnkey did not answer within our time");
            case Answer.ClockOff<?> a -> Problem.of(ProblemType.INTERNAL_ERROR, a.message());
            case Answer.Unreadable<?> _ ->
                Problem.of(ProblemType.TURNKEY_UNREADABLE, "Turnkey's answer is not in the form that it promises");
            case Answer.BrokenPromise<?> _ ->
                Problem.of(ProblemType.TURNKEY_UNREADABLE, "Turnkey's answer lacks what it promises");
        };
        return activityId(answer).map(problem::withActivityId).orElse(problem);
    }

    private static Problem ofError(TurnkeyError error) {
        return switch (error.refusal()) {
            case NOT_AUTHORIZED, OTHER ->
                Problem.of(ProblemType.TURNKEY_REFUSED, "Turnkey refused the request")
                        .withTurnkeyCode(error.code());
            case TOO_MANY_KEYS ->
                Problem.of(ProblemType.TOO_MANY_KEYS, "the user must lose a key before it can get another");
            case TOO_MANY_REQUESTS, ORGANIZATION_RATE_LIMITED ->
                Problem.of(ProblemType.TOO_MANY_REQUESTS, "too many requests to Turnkey")
                        .withRetryAfter(Duration.ofSeconds(3));
            case OPERATIONS_DISABLED ->
                Problem.of(ProblemType.TURNKEY_UNAVAILABLE, "Turnkey does not serve this organisation at the moment")
                        .withRetryAfter(UNAVAILABLE);
            case QUOTA_EXCEEDED ->
                Problem.of(ProblemType.TURNKEY_QUOTA_EXCEEDED, "our operator has been told")
                        .withRetryAfter(SPENT);
            case INTERNAL -> Problem.of(ProblemType.TURNKEY_UNREACHABLE, "Turnkey failed inside");
            // Our request, our key or our settings are wrong. What exactly is the operator's to know.
            case BAD_REQUEST,
                    BAD_ORGANIZATION_ID,
                    BAD_EXPIRATION,
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

    private static Optional<TurnkeyError> error(Answer.Incomplete<?> answer) {
        return switch (answer) {
            case Answer.Failed<?> a -> Optional.of(a.error());
            case Answer.Refused<?> a -> Optional.of(a.error());
            case Answer.NeedsApproval<?> _,
                    Answer.AuthenticatorsNeeded<?> _,
                    Answer.Rejected<?> _,
                    Answer.RateLimited<?> _,
                    Answer.Unreachable<?> _,
                    Answer.TooSlow<?> _,
                    Answer.Unreadable<?> _,
                    Answer.ClockOff<?> _,
                    Answer.BrokenPromise<?> _ -> Optional.empty();
        };
    }

    private static Optional<String> activityId(Answer.Incomplete<?> answer) {
        return switch (answer) {
            case Answer.NeedsApproval<?> a -> Optional.of(a.activityId());
            case Answer.AuthenticatorsNeeded<?> a -> Optional.of(a.activityId());
            case Answer.Rejected<?> a -> Optional.of(a.activityId());
            case Answer.Failed<?> a -> Optional.of(a.activityId());
            case Answer.TooSlow<?> a -> a.activityId();
            case Answer.BrokenPromise<?> a -> Optional.of(a.activityId());
            case Answer.Refused<?> _,
                    Answer.RateLimited<?> _,
                    Answer.Unreachable<?> _,
                    Answer.Unreadable<?> _,
                    Answer.ClockOff<?> _ -> Optional.empty();
        };
    }

    /** Empty where the problem's type says it all. */
    private static Optional<String> reason(Answer.Incomplete<?> answer) {
        return switch (answer) {
            case Answer.Failed<?> a -> Optional.of(a.refusal().name());
            case Answer.Refused<?> a -> Optional.of(a.refusal().name());
            case Answer.Unreachable<?> a -> Optional.of(a.exception());
            case Answer.Unreadable<?> a -> Optional.of(a.why());
            case Answer.ClockOff<?> a -> Optional.of(a.message());
            case Answer.BrokenPromise<?> a -> Optional.of(a.shortfall().name());
            case Answer.NeedsApproval<?> _,
                    Answer.AuthenticatorsNeeded<?> _,
                    Answer.Rejected<?> _,
                    Answer.RateLimited<?> _,
                    Answer.TooSlow<?> _ -> Optional.empty();
        };
    }
}
