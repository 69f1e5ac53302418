package finance.votis.sessions.server;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
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
import finance.votis.sessions.server.SessionUser.Register;
import finance.votis.sessions.server.SessionVault.Seen;
import finance.votis.sessions.server.SessionVault.Version;
import finance.votis.sessions.turnkey.ActivityRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKey;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.Shortfall;
import finance.votis.sessions.turnkey.StoredRequest;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One run of the schedule: at its end there is a usable session at {@code AWSCURRENT}, or what is there is untouched. Nothing is asked of
 * Turnkey that makes a key before the attempt is stored, and nothing becomes current before it was used once. So a run may die between
 * any two steps, and runs may overlap: each goes on from what the stores say, and of two writes on the same state one is refused.
 */
final class ServerSessions {

    /** What storing and proving a session may take: it is not asked for with less time left. */
    static final Duration AFTER_CREATE = Duration.ofSeconds(15);

    /** Turnkey takes a request for an hour; the rest is for clocks and for the way. */
    private static final Duration SENT_AGAIN_FOR = Duration.ofMinutes(50);

    /** Most that Turnkey's clock, which dates a session, may be ahead of the one that dated its request. */
    private static final Duration AHEAD_AT_MOST = Duration.ofMinutes(5);

    /** A schedule strikes to the minute, so that the run of one period later counts as that. */
    private static final Duration EARLY_AT_MOST = Duration.ofMinutes(2);

    private static final int MOST_BEGINNINGS = 8;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private final ServerSettings settings;
    private final SessionVault vault;
    private final SessionUser user;
    private final TurnkeyClient turnkey;
    private final Platform platform;

    ServerSessions(
            ServerSettings settings, SessionVault vault, SessionUser user, TurnkeyClient turnkey, Platform platform) {
        this.settings = settings;
        this.vault = vault;
        this.user = user;
        this.turnkey = turnkey;
        this.platform = platform;
    }

    ServerOutcome run(Invocation invocation) {
        try {
            for (int beginnings = 1; ; beginnings++) {
                ServerOutcome outcome = fromTheBeginning(invocation);
                if (!(outcome instanceof AnotherRunWasFirst)
                        || beginnings == MOST_BEGINNINGS
                        || !paused(beginnings, invocation)) {
                    return outcome;
                }
            }
        } finally {
            // The next run is a period away.
            user.forget();
        }
    }

    /** The run that was first may well be done in a moment; what it left undone is gone on with. */
    private boolean paused(int beginnings, Invocation invocation) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (beginnings - 1));
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        // Runs that met once do not meet in step again.
        pause = pause.plusMillis(platform.random().get().nextLong(pause.toMillis()));
        if (invocation.deadline().left().compareTo(pause) <= 0) {
            return false;
        }
        try {
            platform.waiting().pause(pause);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ServerOutcome fromTheBeginning(Invocation invocation) {
        Answer<Identity> who = user.whoami(invocation);
        Answer<Register> register = who.then(admin -> user.register(admin, invocation));
        if (register instanceof Answer.Incomplete<Register> why
                && invocation.deadline().left().isZero()) {
            return notAsked(who, why);
        }
        // After the keys: a key that is listed is then one of the versions, or was never kept.
        Seen seen = vault.look(invocation.deadline());
        return switch (register) {
            case Answer.Completed<Register>(Register known) ->
                known.user().organizationId().equals(settings.organizationId())
                        ? keepAlive(seen, known, invocation)
                        : new WrongIdentity(Step.WHO_IS_THE_ADMIN);
            case Answer.Incomplete<Register> why ->
                freshOne(seen, invocation)
                        .<ServerOutcome>map(session -> new Usable(How.REUSED, session, Optional.of(why)))
                        .orElseGet(() -> notAsked(who, why));
        };
    }

    private static TurnkeyDidNot notAsked(Answer<Identity> who, Answer.Incomplete<Register> why) {
        return new TurnkeyDidNot(
                who instanceof Answer.Completed<Identity> ? Step.LIST_KEYS : Step.WHO_IS_THE_ADMIN, why);
    }

    private ServerOutcome keepAlive(Seen seen, Register register, Invocation invocation) {
        tidy(seen, register, invocation);
        Optional<Session> fresh = freshOne(seen, invocation);
        if (fresh.isPresent()) {
            if (register.lists(fresh.get().details().apiKeyId(), fresh.get().publicKey())) {
                return new Usable(How.REUSED, fresh.get(), Optional.empty());
            }
            invocation.warn("Turnkey does not list the session's key any more, so another is made");
        }
        return renew(seen, register, invocation);
    }

    /**
     * Step 0: ends at Turnkey what no job uses any more. Whatever does not work here is told and stops nothing: it is there for the next
     * run, and ends by itself.
     */
    private void tidy(Seen seen, Register register, Invocation invocation) {
        try {
            register.sessionKeys(now())
                    .filter(key -> isLeftOver(key, seen, invocation))
                    .forEach(key -> delete(key.apiKeyId(), register, invocation));
            if (seen.pendingIsCurrent()) {
                vault.takeOffPending(seen, invocation.deadline());
            }
        } catch (ExplainedException e) {
            invocation.warn("tidying up: " + e.getMessage());
        }
    }

    private boolean isLeftOver(ApiKey key, Seen seen, Invocation invocation) {
        if (seen.current().isOf(key)
                || seen.pending().filter(version -> version.isOf(key)).isPresent()) {
            return false;
        }
        if (seen.previous().filter(version -> version.isOf(key)).isPresent()) {
            Duration grace = settings.times().period().minus(EARLY_AT_MOST);
            return !vault.changedAt(invocation.deadline()).plus(grace).isAfter(now());
        }
        return seen.knowsAllKeys();
    }

    private void delete(ApiKeyId key, Register register, Invocation invocation) {
        switch (user.delete(register.user().userId(), key, invocation)) {
            case Answer.Completed<?> done -> invocation.deletedApiKey(key.value());
            case Answer.Incomplete<?> why ->
                invocation.warn("the key " + key.value() + ", which no job uses any more, was not deleted: "
                        + TurnkeyProblems.of(why).type().slug());
        }
    }

    /** Step 1, but for Turnkey's word: the session at {@code AWSCURRENT} if enough of its life is left. */
    private Optional<Session> freshOne(Seen seen, Invocation invocation) {
        if (!(seen.current().state() instanceof SessionState.Credential state)) {
            return Optional.empty();
        }
        try (SessionCredential credential = vault.open(seen.current(), state, invocation.deadline())) {
            return isFresh(credential.details())
                    ? Optional.of(new Session(
                            seen.secretArn(),
                            seen.current().id(),
                            credential.key().publicKey(),
                            credential.details()))
                    : Optional.empty();
        }
    }

    private boolean isFresh(SessionCredential.Details details) {
        return now().plus(settings.times().reserve()).isBefore(details.expiresAt());
    }

    private ServerOutcome renew(Seen seen, Register register, Invocation invocation) {
        if (seen.pending().isEmpty()) {
            return create(seen, register, Optional.empty(), invocation);
        }
        Version pending = seen.pending().get();
        return switch (pending.state()) {
            case SessionState.None none -> create(seen, register, Optional.empty(), invocation);
            case SessionState.Attempt attempt -> resume(pending, attempt, seen, register, invocation);
            case SessionState.Credential credential -> promote(pending, credential, seen, register, invocation);
        };
    }

    /** Step 2 with a session that is stored already: whether the run that made it died or is about to make it current. */
    private ServerOutcome promote(
            Version pending, SessionState.Credential state, Seen seen, Register register, Invocation invocation) {
        try (SessionCredential credential = vault.open(pending, state, invocation.deadline())) {
            SessionCredential.Details details = credential.details();
            boolean isListed =
                    register.lists(details.apiKeyId(), credential.key().publicKey());
            if (isListed && isFresh(details)) {
                ServerOutcome outcome =
                        finish(How.RECOVERED, pending.id(), credential, seen, register.user(), invocation);
                boolean keyIsGone = outcome instanceof TurnkeyDidNot(var _, var why)
                        && (TurnkeyProblems.is(why, Refusal.KEY_UNKNOWN)
                                || TurnkeyProblems.is(why, Refusal.KEY_EXPIRED));
                if (!keyIsGone) {
                    return outcome;
                }
            }
            return create(seen, register, Optional.of(details.apiKeyId()).filter(key -> isListed), invocation);
        }
    }

    /** Step 2 with an attempt: asks Turnkey what became of it. */
    private ServerOutcome resume(
            Version pending, SessionState.Attempt state, Seen seen, Register register, Invocation invocation) {
        if (tooLate(invocation)) {
            return new TooLateToCreate();
        }
        try (SessionVault.OpenAttempt attempt = vault.open(pending, state, invocation.deadline())) {
            Optional<StoredRequest> read = turnkey.storedReadWriteSession(settings.organizationId(), attempt.request())
                    .filter(request -> request.parameters().targetPublicKey().equals(state.targetPublicKey()));
            if (read.isEmpty()) {
                // Only this function wraps in this context: it is of a release that wrote requests in another form.
                invocation.warn("the attempt " + pending.id()
                        + " is in a form that this release does not write, so another is made");
                return create(seen, register, Optional.empty(), invocation);
            }
            StoredRequest stored = read.get();
            return switch (outcomeOf(stored.request(), invocation)) {
                case Answer.Completed<Optional<ReadWriteSession>>(Optional<ReadWriteSession> made) ->
                    made.isPresent()
                            ? goOn(made.get(), stored, attempt.target(), pending.id(), seen, register, invocation)
                            : create(seen, register, Optional.empty(), invocation);
                case Answer.Incomplete<Optional<ReadWriteSession>> why ->
                    isEnd(why) || isOver(stored)
                            ? create(seen, register, Optional.empty(), invocation)
                            : new TurnkeyDidNot(Step.RECOVER, why);
            };
        }
    }

    /** The same bytes are the same activity; once they may be too old, or if Turnkey does not take them, it is looked for in the list. */
    private Answer<Optional<ReadWriteSession>> outcomeOf(
            ActivityRequest<ReadWriteSession> request, Invocation invocation) {
        if (!now().isBefore(request.timestamp().plus(SENT_AGAIN_FOR))) {
            return user.find(request, invocation);
        }
        Answer<ReadWriteSession> answer = user.send(request, invocation);
        return answer instanceof Answer.Refused<ReadWriteSession> refused && isOfTheBytes(refused.refusal())
                ? user.find(request, invocation)
                : answer.then(made -> new Answer.Completed<>(Optional.of(made)));
    }

    private static boolean isOfTheBytes(Refusal refusal) {
        return refusal == Refusal.BAD_REQUEST || refusal == Refusal.BAD_EXPIRATION || refusal == Refusal.OTHER;
    }

    /** No session will come of the attempt. Approval and authenticators are waited for, and trouble on the way says nothing of it. */
    private static boolean isEnd(Answer.Incomplete<?> why) {
        return why instanceof Answer.Failed
                || why instanceof Answer.Rejected
                || (why instanceof Answer.BrokenPromise<?> broken && isOfTheResult(broken.shortfall()));
    }

    /** The activity is ours and done, and its result is of no use: that does not change. */
    private static boolean isOfTheResult(Shortfall shortfall) {
        return switch (shortfall) {
            case RESULT_MISSING, WRONG_USER, BUNDLE_MISSING, BUNDLE_MALFORMED, SESSION_MISSING -> true;
            case WRONG_ACTIVITY, WRONG_ORGANIZATION -> false;
        };
    }

    /** Whatever became of the attempt, too little of its session's life is left. */
    private boolean isOver(StoredRequest stored) {
        Instant latestEnd = stored.request()
                .timestamp()
                .plus(AHEAD_AT_MOST)
                .plus(stored.parameters().expiration());
        return !now().plus(settings.times().reserve()).isBefore(latestEnd);
    }

    private ServerOutcome goOn(
            ReadWriteSession made,
            StoredRequest stored,
            TargetKeyPair target,
            String attemptId,
            Seen seen,
            Register register,
            Invocation invocation) {
        if (!made.userId().equals(register.user().userId())) {
            // The admin key is another user's by now, who cannot delete what is not his.
            return create(seen, register, Optional.empty(), invocation);
        }
        return switch (open(made, stored.parameters().expiration(), target, register.user(), invocation)) {
            case Opening.Opened(var credential) -> {
                try (credential) {
                    yield isFresh(credential.details())
                            ? keep(How.RECOVERED, credential, attemptId, seen, register.user(), invocation)
                            : create(seen, register, Optional.of(made.apiKeyId()), invocation);
                }
            }
            case Opening.Unusable(var why, var key) -> create(seen, register, key, invocation);
            case Opening.NotAsked(var why) -> why;
        };
    }

    /**
     * Step 3 and on.
     *
     * @param givenUp the key of what is at {@code AWSPENDING}, to be ended once nobody can make it current any more
     */
    private ServerOutcome create(Seen seen, Register register, Optional<ApiKeyId> givenUp, Invocation invocation) {
        try (TargetKeyPair target = TargetKeyPair.generate(platform.random().get())) {
            ActivityRequest<ReadWriteSession> request =
                    user.request(target.publicKey(), settings.times().lifetime());
            Optional<String> attempt = vault.putAttempt(seen, target, request, invocation.deadline());
            if (attempt.isEmpty()) {
                return new AnotherRunWasFirst();
            }
            givenUp.ifPresent(key -> delete(key, register, invocation));
            if (tooLate(invocation)) {
                return new TooLateToCreate();
            }
            return switch (user.send(request, invocation)) {
                case Answer.Completed<ReadWriteSession>(ReadWriteSession made) ->
                    made.userId().equals(register.user().userId())
                            ? created(made, target, attempt.get(), seen, register.user(), invocation)
                            : new WrongIdentity(Step.CREATE);
                case Answer.Incomplete<ReadWriteSession> why -> new TurnkeyDidNot(Step.CREATE, why);
            };
        }
    }

    private static boolean tooLate(Invocation invocation) {
        return invocation.deadline().left().compareTo(AFTER_CREATE) < 0;
    }

    private ServerOutcome created(
            ReadWriteSession made,
            TargetKeyPair target,
            String attemptId,
            Seen seen,
            Identity admin,
            Invocation invocation) {
        return switch (open(made, settings.times().lifetime(), target, admin, invocation)) {
            case Opening.Opened(var credential) -> {
                try (credential) {
                    yield keep(How.CREATED, credential, attemptId, seen, admin, invocation);
                }
            }
            case Opening.Unusable(var why, var key) -> why;
            case Opening.NotAsked(var why) -> why;
        };
    }

    /** What became of a bundle. */
    private sealed interface Opening {
        record Opened(SessionCredential credential) implements Opening {}

        /** It is not worth more the next time. The key is the one to be ended, if Turnkey may have it. */
        record Unusable(ServerOutcome why, Optional<ApiKeyId> key) implements Opening {}

        /** Turnkey did not say which key it lists. */
        record NotAsked(ServerOutcome why) implements Opening {}
    }

    /** Step 4. */
    private Opening open(
            ReadWriteSession made, Duration lifetime, TargetKeyPair target, Identity admin, Invocation invocation) {
        P256PrivateKey key;
        try {
            key = target.open(CredentialBundle.parse(made.credentialBundle().text()));
        } catch (CryptoException e) {
            return new Opening.Unusable(new DoesNotOpen(made.activityId()), Optional.of(made.apiKeyId()));
        }
        var credential = new SessionCredential(
                key,
                new SessionCredential.Details(
                        made.apiKeyId(),
                        made.organizationId(),
                        made.userId(),
                        made.activityId(),
                        made.createdAt(),
                        made.createdAt().plus(lifetime)));
        Opening opening = switch (user.register(admin, invocation)) {
            case Answer.Completed<Register>(Register register) ->
                register.lists(made.apiKeyId(), key.publicKey())
                        ? new Opening.Opened(credential)
                        : new Opening.Unusable(new KeyNotListed(made.activityId()), Optional.empty());
            case Answer.Incomplete<Register> why -> new Opening.NotAsked(new TurnkeyDidNot(Step.LIST_KEYS, why));
        };
        if (!(opening instanceof Opening.Opened)) {
            credential.close();
        }
        return opening;
    }

    /** Step 5. */
    private ServerOutcome keep(
            How how, SessionCredential credential, String attemptId, Seen seen, Identity admin, Invocation invocation) {
        Optional<String> stored = vault.putCredential(seen, attemptId, credential, invocation.deadline());
        return stored.isEmpty()
                ? new AnotherRunWasFirst()
                : finish(how, stored.get(), credential, seen, admin, invocation);
    }

    private ServerOutcome finish(
            How how, String versionId, SessionCredential credential, Seen seen, Identity admin, Invocation invocation) {
        return switch (prove(credential, invocation)) {
            case Answer.Completed<Identity>(Identity proved)
            when !proved.equals(admin) -> new WrongIdentity(Step.PROVE);
            case Answer.Completed<Identity> proved ->
                makeCurrent(
                        how,
                        new Session(
                                seen.secretArn(), versionId, credential.key().publicKey(), credential.details()),
                        seen,
                        admin,
                        invocation);
            case Answer.Incomplete<Identity> why -> new TurnkeyDidNot(Step.PROVE, why);
        };
    }

    private ServerOutcome makeCurrent(How how, Session session, Seen seen, Identity admin, Invocation invocation) {
        if (!vault.makeCurrent(seen, session.versionId(), invocation.deadline())) {
            return new AnotherRunWasFirst();
        }
        tidyAgain(admin, invocation);
        return new Usable(how, session, Optional.empty());
    }

    /** What the run found undecided is decided now. */
    private void tidyAgain(Identity admin, Invocation invocation) {
        try {
            if (user.register(admin, invocation) instanceof Answer.Completed<Register>(Register register)) {
                tidy(vault.look(invocation.deadline()), register, invocation);
            }
        } catch (ExplainedException e) {
            invocation.warn("tidying up: " + e.getMessage());
        }
    }

    private Answer<Identity> prove(SessionCredential credential, Invocation invocation) {
        // Not closed: it would wipe the credential's own key, which is closed with the credential.
        LocalStamper stamper = new LocalStamper(credential.key());
        return invocation.turnkey(() -> turnkey.whoami(settings.organizationId(), stamper, invocation.deadline()));
    }

    private Instant now() {
        return platform.clock().instant();
    }
}
