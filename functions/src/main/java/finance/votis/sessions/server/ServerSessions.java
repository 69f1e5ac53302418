package finance.votis.sessions.server;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.Deadline;
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
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.Shortfall;
import finance.votis.sessions.turnkey.StoredRequest;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run of the schedule: at its end there is a usable session at {@code AWSCURRENT}, or what is there is untouched. Nothing is asked of
 * Turnkey that makes a key before the attempt is stored, and nothing becomes current before it was used once. So a run may die between
 * any two steps, and runs may overlap: each goes on from what the stores say, and of two writes on the same state one is refused.
 */
final class ServerSessions {

    /** What storing and proving a session may take: it is not asked for with less time left. */
    static final Duration AFTER_CREATE = Duration.ofSeconds(15);

    /** Tidying up waits for the next run rather than take the time of making a session. */
    private static final Duration TIDYING = Duration.ofSeconds(8);

    /** Turnkey takes a request for an hour; the rest is for clocks and for the way. */
    private static final Duration SENT_AGAIN_FOR = Duration.ofMinutes(50);

    /** More than the clocks of Turnkey, AWS and this machine are apart. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

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

    /** The run that was first may well be done in a moment; what it leaves undone is gone on with. */
    private boolean paused(int beginnings, Invocation invocation) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (beginnings - 1));
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        // Runs that met once do not meet in step again.
        pause = pause.plusMillis(platform.random().get().nextLong(pause.toMillis()));
        return invocation.deadline().left().compareTo(pause) > 0
                && platform.waiting().paused(pause);
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
        Optional<Session> fresh = freshOne(seen, invocation);
        return switch (register) {
            case Answer.Completed<Register>(Register known) ->
                known.user().organizationId().equals(settings.organizationId())
                        ? new Round(seen, known, invocation).keepAlive(fresh)
                        : new WrongIdentity(Step.WHO_IS_THE_ADMIN);
            case Answer.Incomplete<Register> why ->
                fresh.<ServerOutcome>map(session -> new Usable(How.REUSED, session, Optional.of(why)))
                        .orElseGet(() -> notAsked(who, why));
        };
    }

    private static TurnkeyDidNot notAsked(Answer<Identity> who, Answer.Incomplete<Register> why) {
        return new TurnkeyDidNot(
                who instanceof Answer.Completed<Identity> ? Step.LIST_KEYS : Step.WHO_IS_THE_ADMIN, why);
    }

    /** The session at {@code AWSCURRENT} if enough of its life is left. */
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

    private Instant now() {
        return platform.clock().instant();
    }

    /** What follows from one look at the keys and the versions. */
    private final class Round {

        private final Seen seen;
        private final Register register;
        private final Invocation invocation;

        Round(Seen seen, Register register, Invocation invocation) {
            this.seen = seen;
            this.register = register;
            this.invocation = invocation;
        }

        ServerOutcome keepAlive(Optional<Session> fresh) {
            if (!(pending() instanceof SessionState.Credential)) {
                tidy();
            }
            if (fresh.isEmpty()) {
                return renew();
            }
            return switch (isListed(fresh.get().publicKey(), fresh.get().details())) {
                case Answer.Completed<Boolean>(Boolean listed) -> {
                    if (listed) {
                        yield new Usable(How.REUSED, fresh.get(), Optional.empty());
                    }
                    invocation.warn("Turnkey does not list the session's key any more, so another is made");
                    yield renew();
                }
                case Answer.Incomplete<Boolean> why -> new Usable(How.REUSED, fresh.get(), Optional.of(why));
            };
        }

        private SessionState pending() {
            return seen.pending().map(Version::state).orElseGet(SessionState.None::new);
        }

        /** The versions were read after the keys: the key of one that another run stored in between is in the next list. */
        private Answer<Boolean> isListed(P256PublicKey publicKey, SessionCredential.Details details) {
            if (register.find(details.apiKeyId(), publicKey, now()).isPresent()) {
                return new Answer.Completed<>(true);
            }
            return user.register(register.user(), invocation)
                    .then(later -> new Answer.Completed<>(
                            later.find(details.apiKeyId(), publicKey, now()).isPresent()));
        }

        /**
         * Step 0: ends at Turnkey what no job uses any more. Whatever does not work here is told and stops nothing: it is there for the next
         * run, and ends by itself.
         */
        void tidy() {
            Duration left = invocation.deadline().left().minus(AFTER_CREATE);
            Deadline deadline = Deadline.after(
                    left.isNegative() ? Duration.ZERO : left.compareTo(TIDYING) < 0 ? left : TIDYING,
                    platform.nanoTime());
            try {
                // Before the secret is changed, which its age tells.
                List<ApiKey> leftOver = register.sessionKeys(now())
                        .filter(key -> isLeftOver(key, deadline))
                        .toList();
                if (seen.pendingIsCurrent()) {
                    vault.takeOffPending(seen, deadline);
                }
                leftOver.forEach(key -> end(key, deadline));
            } catch (ExplainedException e) {
                invocation.warn("tidying up: " + e.getMessage());
            }
        }

        private boolean isLeftOver(ApiKey key, Deadline deadline) {
            if (seen.current().isOf(key)
                    || seen.pending().filter(version -> version.isOf(key)).isPresent()) {
                return false;
            }
            if (seen.previous().filter(version -> version.isOf(key)).isPresent()) {
                Duration grace = settings.times().period().minus(EARLY_AT_MOST);
                return !vault.changedAt(deadline).plus(grace).isAfter(now());
            }
            boolean mayBeOfTheAttempt = pending() instanceof SessionState.Attempt
                    && !key.createdAt()
                            .plus(CLOCKS_APART)
                            .isBefore(seen.pending().orElseThrow().storedAt());
            return seen.previousIsOurs() && !mayBeOfTheAttempt;
        }

        private void end(ApiKey key, Deadline deadline) {
            switch (user.delete(register.user().userId(), key.apiKeyId(), deadline, invocation)) {
                case Answer.Completed<?> done ->
                    invocation.deletedApiKey(key.apiKeyId().value());
                case Answer.Incomplete<?> why -> {
                    // Another run may have been first.
                    if (!TurnkeyProblems.is(why, Refusal.NOT_FOUND)) {
                        invocation.warn("the key " + key.apiKeyId().value() + ", which no job uses any more, was not"
                                + " deleted: " + TurnkeyProblems.of(why).type().slug());
                    }
                }
            }
        }

        private ServerOutcome renew() {
            return switch (pending()) {
                case SessionState.None none -> create();
                case SessionState.Attempt attempt -> resume(seen.pending().orElseThrow(), attempt);
                case SessionState.Credential credential ->
                    promote(seen.pending().orElseThrow(), credential);
            };
        }

        /** Step 2 with a session that is stored already: whether the run that made it died or is about to make it current. */
        private ServerOutcome promote(Version pending, SessionState.Credential state) {
            try (SessionCredential credential = vault.open(pending, state, invocation.deadline())) {
                tidy();
                if (!isFresh(credential.details())) {
                    return create();
                }
                return switch (isListed(credential.key().publicKey(), credential.details())) {
                    case Answer.Completed<Boolean>(Boolean listed) -> listed ? finish(pending, credential) : create();
                    case Answer.Incomplete<Boolean> why -> new TurnkeyDidNot(Step.LIST_KEYS, why);
                };
            }
        }

        private ServerOutcome finish(Version pending, SessionCredential credential) {
            ServerOutcome outcome = finish(How.RECOVERED, pending.id(), credential);
            boolean keyIsGone = outcome instanceof TurnkeyDidNot(var _, var why) && why.saysKeyIsGone();
            return keyIsGone ? create() : outcome;
        }

        /** Step 2 with an attempt: asks Turnkey what became of it. */
        private ServerOutcome resume(Version pending, SessionState.Attempt state) {
            if (tooLate()) {
                return new TooLateToCreate();
            }
            try (SessionVault.OpenAttempt attempt = vault.open(pending, state, invocation.deadline())) {
                Optional<StoredRequest> read = turnkey.storedReadWriteSession(
                                settings.organizationId(), attempt.request())
                        .filter(request ->
                                request.parameters().targetPublicKey().equals(state.targetPublicKey()));
                if (read.isEmpty()) {
                    // Only this function wraps in this context: it is of a release that wrote requests in another form.
                    invocation.warn("the attempt " + pending.id()
                            + " is in a form that this release does not write, so another is made");
                    return create();
                }
                StoredRequest stored = read.get();
                if (isOver(stored)) {
                    return create();
                }
                return switch (outcomeOf(stored.request())) {
                    case Answer.Completed<Optional<ReadWriteSession>>(Optional<ReadWriteSession> made) ->
                        made.isPresent() ? goOn(made.get(), stored, attempt.target(), pending.id()) : create();
                    case Answer.Incomplete<Optional<ReadWriteSession>> why ->
                        isEnd(why) ? create() : new TurnkeyDidNot(Step.RECOVER, why);
                };
            }
        }

        /** Whatever became of the attempt, too little of its session's life is left. */
        private boolean isOver(StoredRequest stored) {
            Instant latestEnd = stored.request()
                    .timestamp()
                    .plus(SENT_AGAIN_FOR)
                    .plus(CLOCKS_APART)
                    .plus(stored.parameters().expiration());
            return !now().plus(settings.times().reserve()).isBefore(latestEnd);
        }

        /** The same bytes are the same activity; once they may be too old, or if Turnkey does not take them, it is looked for in the list. */
        private Answer<Optional<ReadWriteSession>> outcomeOf(ActivityRequest<ReadWriteSession> request) {
            if (!now().isBefore(request.timestamp().plus(SENT_AGAIN_FOR))) {
                return user.find(request, invocation);
            }
            Answer<ReadWriteSession> answer = user.send(request, invocation);
            return answer instanceof Answer.Refused<ReadWriteSession> refused && isOfTheBytes(refused.refusal())
                    ? user.find(request, invocation)
                    : answer.then(made -> new Answer.Completed<>(Optional.of(made)));
        }

        private ServerOutcome goOn(
                ReadWriteSession made, StoredRequest stored, TargetKeyPair target, String attemptId) {
            if (!made.userId().equals(register.user().userId())) {
                // The admin key is another user's by now.
                return create();
            }
            return switch (open(made, stored.parameters().expiration(), target)) {
                case Opening.Opened(var credential) -> {
                    try (credential) {
                        yield isFresh(credential.details()) ? keep(How.RECOVERED, credential, attemptId) : create();
                    }
                }
                case Opening.Unusable(var why) -> create();
                case Opening.NotAsked(var why) -> why;
            };
        }

        /** Step 3 and on. */
        private ServerOutcome create() {
            if (tooLate()) {
                return new TooLateToCreate();
            }
            try (TargetKeyPair target = TargetKeyPair.generate(platform.random().get())) {
                ActivityRequest<ReadWriteSession> request =
                        user.request(target.publicKey(), settings.times().lifetime());
                Optional<String> attempt = vault.putAttempt(seen, target, request, invocation.deadline());
                if (attempt.isEmpty()) {
                    return new AnotherRunWasFirst();
                }
                if (tooLate()) {
                    return new TooLateToCreate();
                }
                return switch (user.send(request, invocation)) {
                    case Answer.Completed<ReadWriteSession>(ReadWriteSession made) ->
                        made.userId().equals(register.user().userId())
                                ? created(made, target, attempt.get())
                                : new WrongIdentity(Step.CREATE);
                    case Answer.Incomplete<ReadWriteSession> why -> new TurnkeyDidNot(Step.CREATE, why);
                };
            }
        }

        private boolean tooLate() {
            return invocation.deadline().left().compareTo(AFTER_CREATE) < 0;
        }

        private ServerOutcome created(ReadWriteSession made, TargetKeyPair target, String attemptId) {
            return switch (open(made, settings.times().lifetime(), target)) {
                case Opening.Opened(var credential) -> {
                    try (credential) {
                        yield keep(How.CREATED, credential, attemptId);
                    }
                }
                case Opening.Unusable(var why) -> why;
                case Opening.NotAsked(var why) -> why;
            };
        }

        /** Step 4. */
        private Opening open(ReadWriteSession made, Duration lifetime, TargetKeyPair target) {
            Answer<Register> answer = user.register(register.user(), invocation);
            if (!(answer instanceof Answer.Completed<Register>(Register keys))) {
                return new Opening.NotAsked(new TurnkeyDidNot(Step.LIST_KEYS, (Answer.Incomplete<Register>) answer));
            }
            P256PrivateKey key;
            try {
                key = target.open(CredentialBundle.parse(made.credentialBundle().text()));
            } catch (CryptoException e) {
                return new Opening.Unusable(new DoesNotOpen(made.activityId()));
            }
            Optional<ApiKey> listed = keys.find(made.apiKeyId(), key.publicKey(), now());
            if (listed.isEmpty()) {
                key.close();
                return new Opening.Unusable(new KeyNotListed(made.activityId()));
            }
            return new Opening.Opened(new SessionCredential(
                    key,
                    new SessionCredential.Details(
                            made.apiKeyId(),
                            made.organizationId(),
                            made.userId(),
                            made.activityId(),
                            made.createdAt(),
                            earlier(made.createdAt().plus(lifetime), Register.endOf(listed.get())))));
        }

        /** Step 5. */
        private ServerOutcome keep(How how, SessionCredential credential, String attemptId) {
            Optional<String> stored = vault.putCredential(seen, attemptId, credential, invocation.deadline());
            return stored.isEmpty() ? new AnotherRunWasFirst() : finish(how, stored.get(), credential);
        }

        private ServerOutcome finish(How how, String versionId, SessionCredential credential) {
            return switch (prove(credential)) {
                case Answer.Completed<Identity>(Identity proved)
                when !proved.equals(register.user()) -> new WrongIdentity(Step.PROVE);
                case Answer.Completed<Identity> proved ->
                    makeCurrent(
                            how,
                            new Session(
                                    seen.secretArn(),
                                    versionId,
                                    credential.key().publicKey(),
                                    credential.details()));
                case Answer.Incomplete<Identity> why -> new TurnkeyDidNot(Step.PROVE, why);
            };
        }

        private Answer<Identity> prove(SessionCredential credential) {
            // Not closed: it would wipe the credential's own key, which is closed with the credential.
            LocalStamper stamper = new LocalStamper(credential.key());
            return invocation.turnkey(
                    stamper, timed -> turnkey.whoami(settings.organizationId(), timed, invocation.deadline()));
        }

        private ServerOutcome makeCurrent(How how, Session session) {
            if (!vault.makeCurrent(seen, session.versionId(), invocation.deadline())) {
                return new AnotherRunWasFirst();
            }
            tidyAgain();
            return new Usable(how, session, Optional.empty());
        }

        /** What was undecided is decided now. */
        private void tidyAgain() {
            try {
                if (user.register(register.user(), invocation) instanceof Answer.Completed<Register>(Register keys)) {
                    new Round(vault.look(invocation.deadline()), keys, invocation).tidy();
                }
            } catch (ExplainedException e) {
                invocation.warn("tidying up: " + e.getMessage());
            }
        }
    }

    /** What became of a bundle. */
    private sealed interface Opening {
        record Opened(SessionCredential credential) implements Opening {}

        /** It is not worth more the next time. */
        record Unusable(ServerOutcome why) implements Opening {}

        /** Turnkey did not say which keys it lists. */
        record NotAsked(ServerOutcome why) implements Opening {}
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Turnkey will not make an activity of these bytes, but may have had one of them before. */
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
}
