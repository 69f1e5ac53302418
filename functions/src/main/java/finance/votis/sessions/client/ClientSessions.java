package finance.votis.sessions.client;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.client.ClientOutcome.Replaced;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.DeletedKeys;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.SessionKey;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes sessions that are sealed to phones, stamped by the delegate of the caller's own sub-organisation. The bytes to Turnkey are a
 * function of caller and request alone: who repeats a request, at whichever instance, gets the session that it made.
 */
final class ClientSessions {

    /** A key that was just made may come to the list a moment later. */
    private static final Duration UNTIL_LISTED = Duration.ofMillis(300);
    /** A session that is older at its answer was made by an earlier request. For the log: clocks and seconds do not tell it exactly. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final TurnkeyClient turnkey;
    private final ApiCredential delegate;
    private final Platform platform;

    ClientSessions(TurnkeyClient turnkey, ApiCredential delegate, Platform platform) {
        this.turnkey = turnkey;
        this.delegate = delegate;
        this.platform = platform;
    }

    ClientOutcome create(Caller caller, ClientSessionRequest request, Invocation invocation) {
        ActivityRequest<ReadWriteSession> activity = turnkey.readWriteSession(
                caller.organizationId(),
                new ReadWriteSession.Parameters(
                        request.targetPublicKey(),
                        Optional.of(caller.userId()),
                        request.keyName(),
                        request.expiration(),
                        request.invalidateExisting()),
                request.requestedAt());
        invocation.note(LogField.FINGERPRINT, activity.fingerprint());
        Answer<ReadWriteSession> answer = stamping(
                invocation, stamper -> turnkey.createReadWriteSession(activity, stamper, invocation.deadline()));
        return switch (answer) {
            case Answer.Completed<ReadWriteSession>(ReadWriteSession session) ->
                ifItLives(session, caller, request, invocation);
            case Answer.Incomplete<ReadWriteSession> why -> new ClientOutcome.NotCreated(why);
        };
    }

    /** Turnkey answers equal bytes with what they made once, sealed bundle included, whatever became of it since: so the register is asked. */
    private ClientOutcome ifItLives(
            ReadWriteSession session, Caller caller, ClientSessionRequest request, Invocation invocation) {
        // There is one, also where nothing is given below.
        note(session, invocation);
        var register = new UserSessions(turnkey, caller.organizationId(), caller.userId());
        return switch (listed(session, register, invocation)) {
            case Answer.Completed<List<SessionKey>>(List<SessionKey> keys) -> {
                Optional<SessionKey> key = live(session.apiKeyId(), keys);
                if (key.isEmpty()) {
                    yield new ClientOutcome.Ended();
                }
                yield new ClientOutcome.Created(
                        session,
                        key.get(),
                        key.get().createdAt().plus(FRESH).isBefore(now()),
                        request.replaces()
                                .map(old -> old.equals(session.apiKeyId())
                                        ? Replaced.NOT_FOUND
                                        : replace(live(old, keys), register, invocation)));
            }
            case Answer.Incomplete<List<SessionKey>> why -> new ClientOutcome.NotCreated(why);
        };
    }

    private Answer<List<SessionKey>> listed(ReadWriteSession session, UserSessions register, Invocation invocation) {
        Answer<List<SessionKey>> answer = list(register, invocation);
        boolean isMissing = answer instanceof Answer.Completed<List<SessionKey>>(List<SessionKey> keys)
                && live(session.apiKeyId(), keys).isEmpty();
        return isMissing && platform.waiting().paused(UNTIL_LISTED) ? list(register, invocation) : answer;
    }

    private Answer<List<SessionKey>> list(UserSessions register, Invocation invocation) {
        return stamping(invocation, stamper -> register.list(stamper, invocation.deadline()));
    }

    /** The new session is there already: whatever happens here, the caller gets it. */
    private Replaced replace(Optional<SessionKey> old, UserSessions register, Invocation invocation) {
        if (old.isEmpty()) {
            return Replaced.NOT_FOUND;
        }
        try {
            Answer<DeletedKeys> answer = stamping(
                    invocation, stamper -> register.revoke(List.of(old.get()), stamper, invocation.deadline()));
            switch (answer) {
                case Answer.Completed<DeletedKeys> _ -> {
                    invocation.deletedApiKey(old.get().apiKeyId().value());
                    return Replaced.REVOKED;
                }
                case Answer.Incomplete<DeletedKeys> why -> TurnkeyProblems.note(why, invocation);
            }
        } catch (ExplainedException notStamped) {
            invocation.note(notStamped);
        }
        invocation.warn("the session that is replaced was not revoked");
        return Replaced.FAILED;
    }

    /** Which session it is about. */
    static void note(ReadWriteSession session, Invocation invocation) {
        invocation.note(LogField.ACTIVITY_ID, session.activityId());
        invocation.note(LogField.API_KEY_ID, session.apiKeyId().value());
    }

    private Optional<SessionKey> live(ApiKeyId id, List<SessionKey> keys) {
        return keys.stream()
                .filter(key -> key.apiKeyId().equals(id) && key.isLive(now()))
                .findFirst();
    }

    private Instant now() {
        return platform.clock().instant();
    }

    private <T> Answer<T> stamping(Invocation invocation, Function<Stamper, Answer<T>> call) {
        return delegate.stamping(invocation.deadline(), stamper -> invocation.turnkey(stamper, call));
    }
}
