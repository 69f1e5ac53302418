package finance.votis.sessions.client;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.util.Optional;

/** Makes sessions that are sealed to phones, stamped by the delegate of the caller's own sub-organisation. */
final class ClientSessions {

    private final TurnkeyClient turnkey;
    private final ApiCredential delegate;

    ClientSessions(TurnkeyClient turnkey, ApiCredential delegate) {
        this.turnkey = turnkey;
        this.delegate = delegate;
    }

    ClientOutcome create(Caller caller, ClientSessionRequest request, Invocation invocation) {
        ActivityRequest<ReadWriteSession> activity = turnkey.readWriteSession(
                caller.organizationId(),
                new ReadWriteSession.Parameters(
                        request.targetPublicKey(),
                        Optional.of(caller.userId()),
                        request.apiKeyName(),
                        request.expiration(),
                        request.invalidateExisting()));
        Answer<ReadWriteSession> answer = delegate.stamping(
                invocation.deadline(),
                stamper -> invocation.turnkey(
                        stamper, timed -> turnkey.createReadWriteSession(activity, timed, invocation.deadline())));
        return switch (answer) {
            case Answer.Completed<ReadWriteSession>(ReadWriteSession session) ->
                new ClientOutcome.Created(session, session.createdAt().plus(request.expiration()));
            case Answer.Incomplete<ReadWriteSession> why -> new ClientOutcome.NotCreated(why);
        };
    }
}
