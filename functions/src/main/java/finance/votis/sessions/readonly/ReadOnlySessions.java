package finance.votis.sessions.readonly;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadOnlySession;
import finance.votis.sessions.turnkey.Refusal;
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
        Answer<ReadOnlySession> answer = delegate.stamping(
                invocation.deadline(),
                stamper -> invocation.turnkey(
                        () -> turnkey.createReadOnlySession(activity, stamper, invocation.deadline())));
        return switch (answer) {
            case Answer.Completed<ReadOnlySession>(ReadOnlySession session) -> new ReadOnlyOutcome.Created(session);
            case Answer.Incomplete<ReadOnlySession> why
            when namesAnotherOrganization(why) -> new ReadOnlyOutcome.ForeignOrganization(why);
            case Answer.Incomplete<ReadOnlySession> why -> new ReadOnlyOutcome.NotCreated(why);
        };
    }

    private static boolean namesAnotherOrganization(Answer.Incomplete<?> why) {
        return (why instanceof Answer.BrokenPromise<?> broken && broken.shortfall() == Shortfall.WRONG_ORGANIZATION)
                || (why instanceof Answer.Refused<?> refused && refused.refusal() == Refusal.ORGANIZATION_MISMATCH);
    }
}
