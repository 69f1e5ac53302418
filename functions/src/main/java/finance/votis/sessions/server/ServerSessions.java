package finance.votis.sessions.server;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.server.ServerOutcome.AnotherRunWasFirst;
import finance.votis.sessions.server.ServerOutcome.DoesNotOpen;
import finance.votis.sessions.server.ServerOutcome.How;
import finance.votis.sessions.server.ServerOutcome.KeyNotListed;
import finance.votis.sessions.server.ServerOutcome.Session;
import finance.votis.sessions.server.ServerOutcome.Step;
import finance.votis.sessions.server.ServerOutcome.TooLateToCreate;
import finance.votis.sessions.server.ServerOutcome.TurnkeyDidNot;
import finance.votis.sessions.server.ServerOutcome.Usable;
import finance.votis.sessions.server.ServerOutcome.WrongIdentity;
import finance.votis.sessions.server.SessionVault.Seen;
import finance.votis.sessions.server.SessionVault.Version;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKey;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One run of the schedule: at its end there is a usable session at {@code AWSCURRENT}, or what is there is untouched. Nothing is asked of
 * Turnkey that makes a key before the attempt is stored, and nothing becomes current before it was used once.
 */
final class ServerSessions {

    /** What storing and proving a session may take: one that is made and not stored is lost. */
    static final Duration AFTER_CREATE = Duration.ofSeconds(15);

    private final ServerSettings settings;
    private final SessionVault vault;
    private final TurnkeyClient turnkey;
    private final ApiCredential admin;
    private final Platform platform;

    ServerSessions(
            ServerSettings settings,
            SessionVault vault,
            TurnkeyClient turnkey,
            ApiCredential admin,
            Platform platform) {
        this.settings = settings;
        this.vault = vault;
        this.turnkey = turnkey;
        this.admin = admin;
        this.platform = platform;
    }

    ServerOutcome run(Invocation invocation) {
        try {
            Seen seen = vault.look(invocation.deadline());
            return reuse(seen, invocation)
                    .or(() -> recover(seen, invocation))
                    // An attempt at AWSPENDING is given up: the new one takes its place, and a run that still works on
                    // the old one is refused.
                    .orElseGet(() -> create(seen, invocation));
        } finally {
            // The next run is a period away.
            admin.forget();
        }
    }

    private Optional<ServerOutcome> reuse(Seen seen, Invocation invocation) {
        if (!(seen.current().state() instanceof SessionState.Credential state)) {
            return Optional.empty();
        }
        try (SessionCredential credential = vault.open(seen.current(), state, invocation.deadline())) {
            SessionCredential.Details details = credential.details();
            if (!isFresh(details)) {
                return Optional.empty();
            }
            Session session = new Session(
                    seen.secretArn(),
                    seen.current().id(),
                    credential.key().publicKey().compressedHex(),
                    details);
            return switch (keysOf(details.userId(), invocation)) {
                case Answer.Completed<List<ApiKey>>(List<ApiKey> keys) ->
                    isListed(keys, details.apiKeyId(), credential.key().publicKey())
                            ? Optional.of(new Usable(How.REUSED, session, Optional.empty()))
                            : Optional.empty();
                case Answer.Incomplete<List<ApiKey>> why ->
                    Optional.of(new Usable(How.REUSED, session, Optional.of(why)));
            };
        }
    }

    /**
     * Goes on from a session that another run stored, whether that run died or is about to make it current. Nothing if there is none that is
     * fresh, opens, and is known to Turnkey.
     */
    private Optional<ServerOutcome> recover(Seen seen, Invocation invocation) {
        Optional<Version> pending = seen.pending();
        if (pending.isEmpty() || !(pending.get().state() instanceof SessionState.Credential state)) {
            return Optional.empty();
        }
        Optional<SessionCredential> opened = openPending(pending.get(), state, invocation);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (SessionCredential credential = opened.get()) {
            SessionCredential.Details details = credential.details();
            if (!isFresh(details)) {
                return Optional.empty();
            }
            Identity user = new Identity(settings.organizationId(), details.userId());
            ServerOutcome outcome = finish(How.RECOVERED, pending.get().id(), credential, user, seen, invocation);
            boolean keyIsGone = outcome instanceof TurnkeyDidNot(var _, var why)
                    && (TurnkeyProblems.is(why, Refusal.KEY_UNKNOWN) || TurnkeyProblems.is(why, Refusal.KEY_EXPIRED));
            return keyIsGone ? Optional.empty() : Optional.of(outcome);
        }
    }

    /** What never opens is given up, or each run to come would end here. */
    private Optional<SessionCredential> openPending(
            Version version, SessionState.Credential state, Invocation invocation) {
        try {
            return Optional.of(vault.open(version, state, invocation.deadline()));
        } catch (ExplainedException e) {
            if (e.isTransient()) {
                throw e;
            }
            invocation.warn("version " + version.id() + " at AWSPENDING does not open and is given up");
            return Optional.empty();
        }
    }

    private boolean isFresh(SessionCredential.Details details) {
        return platform.clock().instant().plus(settings.times().reserve()).isBefore(details.expiresAt());
    }

    private ServerOutcome create(Seen seen, Invocation invocation) {
        return switch (whoIsTheAdmin(invocation)) {
            case Answer.Completed<Identity>(Identity identity) ->
                identity.organizationId().equals(settings.organizationId())
                        ? createFor(identity, seen, invocation)
                        : new WrongIdentity(Step.WHO_IS_THE_ADMIN);
            case Answer.Incomplete<Identity> why -> new TurnkeyDidNot(Step.WHO_IS_THE_ADMIN, why);
        };
    }

    private ServerOutcome createFor(Identity user, Seen seen, Invocation invocation) {
        try (TargetKeyPair target = TargetKeyPair.generate(platform.random().get())) {
            ActivityRequest<ReadWriteSession> request = turnkey.readWriteSession(
                    settings.organizationId(),
                    new ReadWriteSession.Parameters(
                            target.publicKey(),
                            // The user who stamps: who may invoke the function cannot choose.
                            Optional.empty(),
                            "Server session " + settings.session(),
                            settings.times().lifetime(),
                            // Jobs that hold the old session are not cut off.
                            false));
            Optional<String> attempt = vault.putAttempt(seen, target, request, invocation.deadline());
            if (attempt.isEmpty()) {
                return new AnotherRunWasFirst();
            }
            if (invocation.deadline().left().compareTo(AFTER_CREATE) < 0) {
                return new TooLateToCreate();
            }
            Answer<ReadWriteSession> answer = admin.stamping(
                    invocation.deadline(),
                    stamper -> invocation.turnkey(
                            () -> turnkey.createReadWriteSession(request, stamper, invocation.deadline())));
            return switch (answer) {
                case Answer.Completed<ReadWriteSession>(ReadWriteSession made) ->
                    made.userId().equals(user.userId())
                            ? open(made, target, user, seen, attempt.get(), invocation)
                            : new WrongIdentity(Step.CREATE);
                case Answer.Incomplete<ReadWriteSession> why -> new TurnkeyDidNot(Step.CREATE, why);
            };
        }
    }

    private ServerOutcome open(
            ReadWriteSession made,
            TargetKeyPair target,
            Identity user,
            Seen seen,
            String attemptId,
            Invocation invocation) {
        P256PrivateKey key;
        try {
            key = target.open(CredentialBundle.parse(made.credentialBundle().text()));
        } catch (CryptoException e) {
            return new DoesNotOpen(made.activityId());
        }
        try (var credential = new SessionCredential(
                key,
                new SessionCredential.Details(
                        made.apiKeyId(),
                        made.organizationId(),
                        made.userId(),
                        made.activityId(),
                        made.createdAt(),
                        made.createdAt().plus(settings.times().lifetime())))) {
            return switch (keysOf(user.userId(), invocation)) {
                case Answer.Completed<List<ApiKey>>(List<ApiKey> keys) ->
                    isListed(keys, made.apiKeyId(), key.publicKey())
                            ? keep(credential, user, seen, attemptId, invocation)
                            : new KeyNotListed(made.activityId());
                case Answer.Incomplete<List<ApiKey>> why -> new TurnkeyDidNot(Step.LIST_KEYS, why);
            };
        }
    }

    private ServerOutcome keep(
            SessionCredential credential, Identity user, Seen seen, String attemptId, Invocation invocation) {
        Optional<String> stored = vault.putCredential(seen, attemptId, credential, invocation.deadline());
        if (stored.isEmpty()) {
            return new AnotherRunWasFirst();
        }
        return finish(How.CREATED, stored.get(), credential, user, seen, invocation);
    }

    private ServerOutcome finish(
            How how, String versionId, SessionCredential credential, Identity user, Seen seen, Invocation invocation) {
        String publicKey = credential.key().publicKey().compressedHex();
        return switch (prove(credential, invocation)) {
            case Answer.Completed<Identity>(Identity proved) when !proved.equals(user) -> new WrongIdentity(Step.PROVE);
            case Answer.Completed<Identity> proved
            when !vault.makeCurrent(seen, versionId, invocation.deadline()) -> new AnotherRunWasFirst();
            case Answer.Completed<Identity> proved ->
                new Usable(
                        how,
                        new Session(seen.secretArn(), versionId, publicKey, credential.details()),
                        Optional.empty());
            case Answer.Incomplete<Identity> why -> new TurnkeyDidNot(Step.PROVE, why);
        };
    }

    private Answer<Identity> whoIsTheAdmin(Invocation invocation) {
        return admin.stamping(
                invocation.deadline(),
                stamper -> invocation.turnkey(
                        () -> turnkey.whoami(settings.organizationId(), stamper, invocation.deadline())));
    }

    private Answer<Identity> prove(SessionCredential credential, Invocation invocation) {
        // Not closed: it would wipe the credential's own key, which is closed with the credential.
        LocalStamper stamper = new LocalStamper(credential.key());
        return invocation.turnkey(() -> turnkey.whoami(settings.organizationId(), stamper, invocation.deadline()));
    }

    private Answer<List<ApiKey>> keysOf(UserId user, Invocation invocation) {
        return admin.stamping(
                invocation.deadline(),
                stamper -> invocation.turnkey(
                        () -> turnkey.apiKeys(settings.organizationId(), user, stamper, invocation.deadline())));
    }

    private static boolean isListed(List<ApiKey> keys, ApiKeyId id, P256PublicKey publicKey) {
        return keys.stream()
                .anyMatch(key ->
                        key.apiKeyId().equals(id) && key.publicKey().equalsIgnoreCase(publicKey.compressedHex()));
    }
}
