package finance.votis.sessions.server;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKey;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.DeletedKeys;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The session's user at Turnkey, whose admin key stamps all that is asked here. It has no other sessions: so an expiring key with the
 * session's name is one of ours.
 */
final class SessionUser {

    private static final String KEY_TYPE = "CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256";

    private final TurnkeyClient turnkey;
    private final ApiCredential admin;
    private final OrganizationId organizationId;
    private final String keyName;

    SessionUser(TurnkeyClient turnkey, ApiCredential admin, OrganizationId organizationId, String session) {
        this.turnkey = turnkey;
        this.admin = admin;
        this.organizationId = organizationId;
        this.keyName = "Server session " + session;
    }

    /** The keys that Turnkey lists. */
    record Register(Identity user, String keyName, List<ApiKey> keys) {

        /** The session's keys that are not over. */
        Stream<ApiKey> sessionKeys(Instant now) {
            return keys.stream().filter(key -> isSessionKey(key, now));
        }

        private boolean isSessionKey(ApiKey key, Instant now) {
            return key.apiKeyName().equals(keyName)
                    && key.credentialType().equals(KEY_TYPE)
                    && key.expiration().isPresent()
                    && endOf(key).isAfter(now);
        }

        /** The key of this id, unless it is over: Turnkey may list it all the same. */
        Optional<ApiKey> find(ApiKeyId id, P256PublicKey publicKey, Instant now) {
            return keys.stream()
                    .filter(key -> key.apiKeyId().equals(id))
                    .filter(key -> isOf(publicKey, key))
                    .filter(key -> endOf(key).isAfter(now))
                    .findFirst();
        }

        static Instant endOf(ApiKey key) {
            return key.expiration().map(key.createdAt()::plus).orElse(Instant.MAX);
        }
    }

    /** Turnkey takes hex in either case and may give back what it took. */
    static boolean isOf(P256PublicKey publicKey, ApiKey key) {
        return key.publicKey().equalsIgnoreCase(publicKey.compressedHex());
    }

    Answer<Identity> whoami(Invocation invocation) {
        return stamping(invocation, stamper -> turnkey.whoami(organizationId, stamper, invocation.deadline()));
    }

    Answer<Register> register(Identity user, Invocation invocation) {
        return stamping(
                        invocation,
                        stamper -> turnkey.apiKeys(organizationId, user.userId(), stamper, invocation.deadline()))
                .then(keys -> new Answer.Completed<>(new Register(user, keyName, keys)));
    }

    /** The request of a session for the user itself, made into bytes. */
    ActivityRequest<ReadWriteSession> request(P256PublicKey target, Duration lifetime) {
        return turnkey.readWriteSession(
                organizationId,
                new ReadWriteSession.Parameters(
                        target,
                        // The user who stamps: who may invoke the function cannot choose.
                        Optional.empty(),
                        keyName,
                        lifetime,
                        // Jobs that hold the old session are not cut off.
                        false));
    }

    /** Turnkey takes equal bytes for the same activity: however often this is sent, there is one session. */
    Answer<ReadWriteSession> send(ActivityRequest<ReadWriteSession> request, Invocation invocation) {
        return stamping(invocation, stamper -> turnkey.createReadWriteSession(request, stamper, invocation.deadline()));
    }

    /** What became of a request that may be too old to be sent again; nothing if Turnkey never had it. */
    Answer<Optional<ReadWriteSession>> find(ActivityRequest<ReadWriteSession> request, Invocation invocation) {
        return stamping(invocation, stamper -> turnkey.findActivity(request, stamper, invocation.deadline()))
                .then(found -> found.isEmpty()
                        ? new Answer.Completed<>(Optional.empty())
                        : turnkey.outcomeOf(request, found.get())
                                .then(made -> new Answer.Completed<>(Optional.of(made))));
    }

    Answer<DeletedKeys> delete(UserId user, ApiKeyId key, Deadline deadline, Invocation invocation) {
        ActivityRequest<DeletedKeys> request = turnkey.deleteApiKeys(organizationId, user, List.of(key));
        return admin.stamping(
                deadline,
                stamper -> invocation.turnkey(stamper, timed -> turnkey.deleteApiKeys(request, timed, deadline)));
    }

    /** Wipes the admin key from memory. */
    void forget() {
        admin.forget();
    }

    private <T> Answer<T> stamping(Invocation invocation, Function<Stamper, Answer<T>> call) {
        return admin.stamping(invocation.deadline(), stamper -> invocation.turnkey(stamper, call));
    }
}
