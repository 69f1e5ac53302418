package finance.votis.sessions.lifecycle;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.lifecycle.SessionsOutcome.Listed;
import finance.votis.sessions.lifecycle.SessionsOutcome.NoSuchSession;
import finance.votis.sessions.lifecycle.SessionsOutcome.NotDone;
import finance.votis.sessions.lifecycle.SessionsOutcome.Revoked;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.DeletedKeys;
import finance.votis.sessions.turnkey.SessionKey;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserSessions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Lists and ends the sessions of a caller. What is asked to be ended is looked up first, and only what was found is named to Turnkey. */
final class Sessions {

    /** Turnkey's times are whole seconds; the id makes the order the same each time. */
    private static final Comparator<SessionKey> NEWEST_FIRST = Comparator.comparing(SessionKey::createdAt)
            .reversed()
            .thenComparing(key -> key.apiKeyId().value());

    private final TurnkeyClient turnkey;
    private final ApiCredential credential;
    private final InstantSource clock;

    Sessions(TurnkeyClient turnkey, ApiCredential credential, InstantSource clock) {
        this.turnkey = turnkey;
        this.credential = credential;
        this.clock = clock;
    }

    SessionsOutcome list(Caller caller, Invocation invocation) {
        return switch (keys(caller, invocation)) {
            case Answer.Completed<List<SessionKey>>(List<SessionKey> keys) -> {
                List<SessionKey> live = live(keys);
                yield new Listed(live.stream().sorted(NEWEST_FIRST).toList(), keys.size() - live.size());
            }
            case Answer.Incomplete<List<SessionKey>> why -> new NotDone(why);
        };
    }

    SessionsOutcome revoke(Caller caller, ApiKeyId id, Invocation invocation) {
        return revoke(caller, id, key -> key.apiKeyId().equals(id), invocation);
    }

    /** All but this one, which must be a live session too: else a slip in the id would end every session. */
    SessionsOutcome revokeOthers(Caller caller, ApiKeyId kept, Invocation invocation) {
        return revoke(caller, kept, key -> !key.apiKeyId().equals(kept), invocation);
    }

    private SessionsOutcome revoke(
            Caller caller, ApiKeyId named, Predicate<SessionKey> isDoomed, Invocation invocation) {
        return switch (keys(caller, invocation)) {
            case Answer.Completed<List<SessionKey>>(List<SessionKey> keys) -> {
                List<SessionKey> live = live(keys);
                if (live.stream().noneMatch(key -> key.apiKeyId().equals(named))) {
                    yield new NoSuchSession();
                }
                List<SessionKey> doomed = live.stream().filter(isDoomed).toList();
                yield doomed.isEmpty() ? new Revoked(List.of()) : delete(caller, doomed, invocation);
            }
            case Answer.Incomplete<List<SessionKey>> why -> new NotDone(why);
        };
    }

    private SessionsOutcome delete(Caller caller, List<SessionKey> doomed, Invocation invocation) {
        Answer<DeletedKeys> answer = credential.stamping(
                invocation.deadline(),
                stamper ->
                        invocation.turnkey(stamper, timed -> of(caller).revoke(doomed, timed, invocation.deadline())));
        return switch (answer) {
            case Answer.Completed<DeletedKeys> _ -> new Revoked(doomed);
            case Answer.Incomplete<DeletedKeys> why -> new NotDone(why);
        };
    }

    private Answer<List<SessionKey>> keys(Caller caller, Invocation invocation) {
        return credential.stamping(
                invocation.deadline(),
                stamper -> invocation.turnkey(stamper, timed -> of(caller).list(timed, invocation.deadline())));
    }

    private UserSessions of(Caller caller) {
        return new UserSessions(turnkey, caller.organizationId(), caller.userId());
    }

    private List<SessionKey> live(List<SessionKey> keys) {
        Instant now = clock.instant();
        return keys.stream().filter(key -> key.isLive(now)).toList();
    }
}
