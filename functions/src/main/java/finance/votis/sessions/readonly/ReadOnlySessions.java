package finance.votis.sessions.readonly;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadOnlySession;
import finance.votis.sessions.turnkey.Shortfall;
import finance.votis.sessions.turnkey.TurnkeyClient;

/** Makes read-only sessions of the delegate in the caller's own sub-organisation. */
final class ReadOnlySessions {

    private final TurnkeyClient turnkey;
    private final ApiCredential delegate;

    ReadOnlySessions(TurnkeyClient turnkey, ApiCredential delegate) {
        this.turnkey = turnkey;
        this.delegate = delegate;
    }

    ReadOnlyOutcome create(Caller caller, Invocation invocation) {
        ActivityRequest<ReadOnlySession> activity = turnkey.readOnlySession(caller.organizationId());
        invocation.note(LogField.FINGERPRINT, activity.fingerprint());
        Answer<ReadOnlySession> answer = delegate.stamping(
                invocation.deadline(),
                stamper -> invocation.turnkey(
                        stamper, timed -> turnkey.createReadOnlySession(activity, timed, invocation.deadline())));
        return switch (answer) {
            // The stamping key is registered on the caller, and not on a delegate: whoever holds it is the caller.
            case Answer.Completed<ReadOnlySession>(ReadOnlySession session)
            when session.userId().equals(caller.userId()) ->
                new ReadOnlyOutcome.NotCreated(new Answer.BrokenPromise<>(Shortfall.WRONG_USER, session.activityId()));
            case Answer.Completed<ReadOnlySession>(ReadOnlySession session) -> new ReadOnlyOutcome.Created(session);
            case Answer.Incomplete<ReadOnlySession> why -> new ReadOnlyOutcome.NotCreated(why);
        };
    }
}
