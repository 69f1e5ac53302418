package finance.votis.sessions.server;

import finance.votis.sessions.aws.AwsFailure;
import finance.votis.sessions.aws.KeyWrap;
import finance.votis.sessions.aws.VersionedSecret;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.ApiKey;
import finance.votis.sessions.turnkey.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of one session's secret. Each write is a put-if-absent: the id of a new version is a hash of the session, the version seen as
 * current and the version acted on, so each state has one successor and of two runs at once one is refused. The step is not in it, so that
 * completing an attempt and giving it up exclude each other. Failures of AWS are {@link AwsFailure}; no version is ever deleted.
 */
final class SessionVault {

    private final VersionedSecret secret;
    private final KeyWrap keyWrap;
    private final String session;
    private final OrganizationId organizationId;

    SessionVault(VersionedSecret secret, KeyWrap keyWrap, String session, OrganizationId organizationId) {
        this.secret = secret;
        this.keyWrap = keyWrap;
        this.session = session;
        this.organizationId = organizationId;
    }

    /** A version and what it says it is. */
    record Version(String id, SessionState state, Instant storedAt) {

        /** Whether this key is the session of this version. */
        boolean isOf(ApiKey key) {
            return state instanceof SessionState.Credential(var publicKey, var _) && SessionUser.isOf(publicKey, key);
        }
    }

    /**
     * What a run found and acts on.
     *
     * @param pending what another run left unfinished
     * @param pendingIsCurrent {@code AWSPENDING} is still on the current version
     * @param previous what was current before, if it is one of ours
     * @param previousIsOurs false if what was current before is none of ours, so that its key is not known
     */
    record Seen(
            String secretArn,
            Version current,
            Optional<Version> pending,
            boolean pendingIsCurrent,
            Optional<Version> previous,
            boolean previousIsOurs) {}

    /** An attempt that a run left: its target key, and the exact bytes of its request. */
    static final class OpenAttempt implements AutoCloseable {
        private final TargetKeyPair target;
        private final byte[] request;

        private OpenAttempt(TargetKeyPair target, byte[] request) {
            this.target = target;
            this.request = request;
        }

        TargetKeyPair target() {
            return target;
        }

        byte[] request() {
            return request.clone();
        }

        @Override
        public void close() {
            target.close();
        }
    }

    /**
     * Reads the stages in the order in which a version moves through them, so that one that another run moves meanwhile is seen at least
     * once. What is previous and none of ours harms nothing: an operator may have put right what somebody wrote.
     */
    Seen look(Deadline deadline) {
        Optional<VersionedSecret.Version> pending = secret.pending(deadline);
        VersionedSecret.Version current = secret.current(deadline);
        Optional<VersionedSecret.Version> previous = secret.previous(deadline);
        Optional<Version> before = previous.flatMap(SessionVault::readIfOurs);
        return new Seen(
                current.arn(),
                read(current),
                pending.filter(version -> !version.id().equals(current.id())).map(this::read),
                current.isPending(),
                before,
                before.isPresent() == previous.isPresent());
    }

    /** Takes {@code AWSPENDING} off the current version. */
    void takeOffPending(Seen seen, Deadline deadline) {
        secret.takeOffPending(seen.current().id(), deadline);
    }

    /** When the secret was changed last, its stages included. */
    Instant changedAt(Deadline deadline) {
        return secret.changedAt(deadline);
    }

    /** The caller closes it. Its request is yet to be checked. */
    OpenAttempt open(Version version, SessionState.Attempt state, Deadline deadline) {
        try (SecretBytes packed = keyWrap.unwrap(
                state.wrapped().ciphertext(), context(Purpose.ATTEMPT, state.targetPublicKey()), deadline)) {
            byte[] bytes = packed.dangerouslyCopy();
            try {
                // Too few bytes make a scalar of zeros at the end, which is not that of the public key.
                TargetKeyPair target =
                        TargetKeyPair.fromScalar(SecretBytes.takeOver(Arrays.copyOf(bytes, SessionCredential.SCALAR)));
                if (bytes.length > SessionCredential.SCALAR
                        && target.publicKey().equals(state.targetPublicKey())) {
                    return new OpenAttempt(target, Arrays.copyOfRange(bytes, SessionCredential.SCALAR, bytes.length));
                }
                target.close();
            } catch (CryptoException.BadScalar e) {
                // Told below.
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        throw notOurs(version.id(), "what it wraps is not an attempt");
    }

    /** The caller closes it. */
    SessionCredential open(Version version, SessionState.Credential state, Deadline deadline) {
        try (SecretBytes packed = keyWrap.unwrap(
                state.wrapped().ciphertext(), context(Purpose.CREDENTIAL, state.publicKey()), deadline)) {
            SessionCredential credential = SessionCredential.unpack(packed)
                    .orElseThrow(() -> notOurs(version.id(), "what it wraps is not a credential"));
            if (!credential.key().publicKey().equals(state.publicKey())) {
                credential.close();
                throw notOurs(version.id(), "the key that it wraps is not that of its publicKey");
            }
            return credential;
        }
    }

    /**
     * Stores what is needed to go on if the run dies: the target key's private half and the request's exact bytes. The successors of a version
     * that an operator made current once more are taken since its first time: then the attempt follows on the last of them.
     *
     * @return the new version's id, or nothing if another run was first
     */
    Optional<String> putAttempt(Seen seen, TargetKeyPair target, ActivityRequest<?> request, Deadline deadline) {
        try (SecretBytes scalar = target.dangerouslyCopyScalar();
                SecretBytes packed = SessionCredential.join(scalar, request.body())) {
            byte[] wrapped = keyWrap.wrap(packed, context(Purpose.ATTEMPT, target.publicKey()), deadline);
            SessionState attempt = new SessionState.Attempt(target.publicKey(), SessionState.Wrapped.of(wrapped));
            String id = successor(seen, seen.pending().map(Version::id));
            Optional<String> stored = put(id, attempt, deadline);
            while (stored.isEmpty() && isStill(seen, deadline)) {
                id = successor(seen, Optional.of(id));
                stored = put(id, attempt, deadline);
            }
            return stored;
        }
    }

    private boolean isStill(Seen seen, Deadline deadline) {
        Seen now = look(deadline);
        return now.current().id().equals(seen.current().id())
                && now.pending().map(Version::id).equals(seen.pending().map(Version::id));
    }

    /** The same for the session that came of an attempt. */
    Optional<String> putCredential(Seen seen, String attemptId, SessionCredential credential, Deadline deadline) {
        P256PublicKey publicKey = credential.key().publicKey();
        try (SecretBytes packed = credential.pack()) {
            byte[] wrapped = keyWrap.wrap(packed, context(Purpose.CREDENTIAL, publicKey), deadline);
            return put(
                    successor(seen, Optional.of(attemptId)),
                    new SessionState.Credential(publicKey, SessionState.Wrapped.of(wrapped)),
                    deadline);
        }
    }

    /** Makes a credential the current one. False if another version than the one seen is current by now. */
    boolean makeCurrent(Seen seen, String credentialId, Deadline deadline) {
        return secret.makeCurrent(credentialId, seen.current().id(), deadline);
    }

    /** For those who use the session and may see no other stage. */
    Version current(Deadline deadline) {
        return read(secret.current(deadline));
    }

    private Optional<String> put(String id, SessionState state, Deadline deadline) {
        return secret.putPending(id, state.text(), deadline) ? Optional.of(id) : Optional.empty();
    }

    private Version read(VersionedSecret.Version version) {
        return readIfOurs(version)
                .orElseThrow(() -> notOurs(version.id(), "it says neither none, attempt nor credential"));
    }

    private static Optional<Version> readIfOurs(VersionedSecret.Version version) {
        return SessionState.read(version.text()).map(state -> new Version(version.id(), state, version.storedAt()));
    }

    /** The failure that names a version. */
    ExplainedException notOurs(String versionId, String why) {
        return new ExplainedException(
                "version " + versionId + " of the secret of the session " + session + " is none of ours: " + why);
    }

    /** 64 hex digits, which is as long as Secrets Manager takes. */
    private String successor(Seen seen, Optional<String> actedOn) {
        String text = String.join("\n", session, seen.current().id(), actedOn.orElse("-"));
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private enum Purpose {
        ATTEMPT,
        CREDENTIAL
    }

    /** The conditions of the functions' and the jobs' roles name these members. */
    private Map<String, String> context(Purpose purpose, P256PublicKey publicKey) {
        return Map.of(
                "app",
                "votis-sessions",
                "purpose",
                switch (purpose) {
                    case ATTEMPT -> "attempt";
                    case CREDENTIAL -> "credential";
                },
                "organization",
                organizationId.value(),
                "session",
                session,
                "publicKey",
                publicKey.compressedHex());
    }
}
