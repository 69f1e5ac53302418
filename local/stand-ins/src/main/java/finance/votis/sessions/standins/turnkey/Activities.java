package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.standins.turnkey.Activity.Status;
import finance.votis.sessions.standins.turnkey.Authentication.Caller;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is submitted: from the envelope to the activity's end. Guarded by the {@link World}. */
final class Activities {
    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");

    /**
     * The envelope, checked for form.
     *
     * @param fingerprint of the bytes that were stamped
     * @param message these bytes as text
     */
    record Envelope(
            String organizationId, Instant timestamp, ObjectNode parameters, String fingerprint, String message) {
        /** Checks 18 to 21. Unknown members beside these are ignored, ours. */
        static Envelope read(byte[] raw, String type) throws Refusal {
            Fields fields = new Fields("", Json.readObject(raw));
            String organizationId = organizationId(fields);
            if (!fields.requiredString("type").equals(type)) {
                throw Refusal.badRequestBody("type must be " + type + " on this path");
            }
            String millis = fields.requiredString("timestampMs");
            if (!MILLIS.matcher(millis).matches()) {
                throw Refusal.badRequestBody("timestampMs must be a string of milliseconds");
            }
            return new Envelope(
                    organizationId,
                    Instant.ofEpochMilli(Long.parseLong(millis)),
                    fields.requiredObject("parameters"),
                    Fingerprint.of(raw),
                    new String(raw, StandardCharsets.UTF_8));
        }

        /** Check 18, for activities and queries. */
        static String organizationId(Fields fields) throws Refusal {
            String id = fields.string("organizationId").orElse("");
            if (!Fields.isUuid(id)) {
                throw Refusal.malformedOrganizationId();
            }
            return id;
        }
    }

    private final World world;
    private final Faults faults;
    private final Policies policies;
    private final ReadOnlySessions sessions;
    private final Notarizer notarizer;
    private final SecureRandom random;

    Activities(World world, Faults faults, ReadOnlySessions sessions, Notarizer notarizer, SecureRandom random) {
        this.world = world;
        this.faults = faults;
        this.policies = new Policies(faults);
        this.sessions = sessions;
        this.notarizer = notarizer;
        this.random = random;
    }

    /** @param fault what is to become of the activity, if these bytes make one */
    Activity submit(Caller caller, ActivityType type, Envelope envelope, Optional<Fault.InActivity> fault)
            throws Refusal {
        Organization organization = caller.user().organization();
        if (faults.isOn(Switch.STALE_BEFORE_KNOWN)) {
            checkFresh(envelope.timestamp());
        }
        // Check 36: same bytes, same activity; ours: before freshness is looked at.
        Optional<Activity> known = organization.activityByFingerprint(envelope.fingerprint());
        if (known.isPresent()) {
            vote(known.get(), caller, envelope.message()); // check 37
            return look(known.get());
        }
        checkFresh(envelope.timestamp());
        Intent intent = Intent.read(type, envelope.parameters(), faults.isOn(Switch.UNKNOWN_PARAMETERS_TAKEN));
        Activity activity = new Activity(
                world.newActivityId(),
                organization,
                intent,
                envelope.parameters(),
                envelope.fingerprint(),
                world.now(),
                fault);
        activity.approve(approval(caller, envelope.message()));
        Policies.Verdict verdict = verdict(activity);
        if (verdict == Policies.Verdict.DENIED) {
            throw Refusal.notAuthorized(); // ours: no activity is left behind
        }
        checkTarget(activity);
        organization.add(activity);
        if (verdict == Policies.Verdict.ALLOWED) {
            begin(activity, fault);
        }
        return activity;
    }

    /** Checks 37 and 54. The answer is the activity that was approved: ours, Turnkey's is not known. */
    Activity approve(Caller caller, Envelope envelope) throws Refusal {
        checkFresh(envelope.timestamp());
        Fields fields = new Fields("parameters.", envelope.parameters());
        String fingerprint = fields.requiredString("fingerprint");
        if (!faults.isOn(Switch.UNKNOWN_PARAMETERS_TAKEN)) {
            fields.refuseOthers();
        }
        Activity activity = caller.user()
                .organization()
                .activityByFingerprint(fingerprint)
                .orElseThrow(Refusal::noActivityWithFingerprint);
        vote(activity, caller, envelope.message());
        return activity;
    }

    /** A look at an activity is a poll: check 40. */
    Activity look(Activity activity) {
        if (activity.status() == Status.PENDING && activity.isDueAfterPoll()) {
            finish(activity);
        }
        return activity;
    }

    /** Check 22. The refusal's code is ours. */
    private void checkFresh(Instant timestamp) throws Refusal {
        Duration age = Duration.between(timestamp, world.instant());
        if (age.compareTo(MAX_AGE) >= 0) {
            throw Refusal.badRequestBody("timestampMs is an hour old or older");
        }
        if (age.compareTo(MAX_AHEAD.negated()) < 0) {
            throw Refusal.badRequestBody("timestampMs is more than five minutes ahead");
        }
    }

    /** A vote counts while consensus is open, once for each user. */
    private void vote(Activity activity, Caller caller, String message) {
        boolean voted = activity.validApprovals(world.now()).stream()
                .anyMatch(approval -> approval.user().equals(caller.user()));
        if (activity.status() != Status.CONSENSUS_NEEDED || voted) {
            return;
        }
        activity.approve(approval(caller, message));
        switch (verdict(activity)) {
            case ALLOWED -> finish(activity);
            case DENIED -> activity.end(Status.REJECTED, world.now());
            case CONSENSUS_NEEDED -> {}
        }
    }

    private Approval approval(Caller caller, String message) {
        return new Approval(world.newId(), caller.user(), caller.stamp(), message, world.now());
    }

    private Policies.Verdict verdict(Activity activity) {
        List<Policies.Vote> votes = activity.validApprovals(world.now()).stream()
                .map(approval ->
                        new Policies.Vote(approval.user(), approval.stamp().credentialType()))
                .toList();
        Policies.Verdict verdict = policies.judge(activity.submitter(), activity.intent(), votes);
        boolean oneMore = activity.needsOneMoreApproval() && votes.size() < 2;
        return verdict == Policies.Verdict.ALLOWED && oneMore ? Policies.Verdict.CONSENSUS_NEEDED : verdict;
    }

    private void begin(Activity activity, Optional<Fault.InActivity> fault) {
        switch (fault.orElse(null)) {
            case Fault.Pending(int polls) -> activity.stayPending(polls);
            case Fault.Failed(Optional<String> code, String message) ->
                activity.fail(Refusal.of(400, code, message).json(), world.now()); // check 41
            case Fault.AuthenticatorsNeeded() -> activity.end(Status.AUTHENTICATORS_NEEDED, world.now());
            case Fault.Rejected() -> activity.end(Status.REJECTED, world.now());
            case Fault.ConsensusNeeded() -> throw new IllegalStateException("allowed with one approval");
            case Fault.LeadingZeroKey() -> finish(activity);
            case null -> finish(activity);
        }
    }

    /** Checks 44, 52 and 53 are refusals at once; what changed while an activity waited makes it fail. */
    private void finish(Activity activity) {
        try {
            checkTarget(activity);
            activity.complete(effect(activity), world.now());
        } catch (Refusal e) {
            activity.fail(e.json(), world.now());
        }
    }

    private void checkTarget(Activity activity) throws Refusal {
        User owner = owner(activity);
        switch (activity.intent()) {
            case Intent.ReadWriteSession session -> {}
            case Intent.ReadOnlySession session -> {}
            case Intent.StampLogin login -> checkNew(owner, List.of(login.publicKey()));
            case Intent.CreateApiKeys(String ownerId, List<Intent.CreateApiKeys.NewKey> keys) -> {
                long longLived =
                        keys.stream().filter(key -> key.lifetime().isEmpty()).count();
                if (longLived > 0 && !owner.hasRoomForLongLived((int) longLived)) {
                    throw Refusal.tooManyLongLivedKeys();
                }
                checkNew(
                        owner,
                        keys.stream()
                                .map(Intent.CreateApiKeys.NewKey::publicKey)
                                .toList());
            }
            case Intent.DeleteApiKeys(String ownerId, List<String> ids) -> {
                if (ids.stream().anyMatch(id -> owner.key(id).isEmpty())) {
                    throw Refusal.notFound("api key");
                }
            }
        }
    }

    /** Ours: a public key is registered once in an organisation. */
    private static void checkNew(User owner, List<P256PublicKey> keys) throws Refusal {
        long different = keys.stream()
                .filter(key -> owner.organization().owner(key).isEmpty())
                .distinct()
                .count();
        if (different < keys.size()) {
            throw Refusal.badRequestBody("a public key is registered once in an organisation");
        }
    }

    /** Check 44. */
    private static User owner(Activity activity) throws Refusal {
        Optional<String> named = activity.intent().userId();
        return named.isEmpty()
                ? activity.submitter()
                : activity.organization().user(named.get()).orElseThrow(() -> Refusal.notFound("user"));
    }

    private ObjectNode effect(Activity activity) throws Refusal {
        User owner = owner(activity);
        return switch (activity.intent()) {
            case Intent.ReadWriteSession session -> readWriteSession(activity, owner, session);
            case Intent.ReadOnlySession session -> {
                Instant expiry = world.now().plus(ReadOnlySessions.LIFE);
                yield Answers.identity(owner)
                        .put("session", sessions.open(owner, expiry))
                        .put("sessionExpiry", Long.toString(expiry.getEpochSecond()));
            }
            case Intent.StampLogin login -> stampLogin(owner, login);
            case Intent.CreateApiKeys(String ownerId, List<Intent.CreateApiKeys.NewKey> keys) -> {
                ObjectNode result = Json.object();
                ArrayNode ids = result.putArray("apiKeyIds");
                for (Intent.CreateApiKeys.NewKey key : keys) {
                    ApiKey added = world.newKey(key.name(), key.publicKey(), ApiKey.API_KEY, key.lifetime());
                    owner.add(added, world.instant());
                    ids.add(added.id());
                }
                yield result;
            }
            case Intent.DeleteApiKeys(String ownerId, List<String> apiKeyIds) -> {
                ObjectNode result = Json.object();
                ArrayNode ids = result.putArray("apiKeyIds");
                for (String id : apiKeyIds) {
                    owner.remove(id);
                    ids.add(id);
                }
                yield result;
            }
        };
    }

    private ObjectNode readWriteSession(Activity activity, User owner, Intent.ReadWriteSession session) {
        if (session.invalidateExisting()) {
            owner.removeAll(ApiKey.SESSION_KEY);
        }
        try (P256PrivateKey sessionKey = sessionKey(activity.wantsLeadingZeroKey())) {
            ApiKey key = world.newKey(
                    // Check 47; the format of the time is ours.
                    session.apiKeyName().orElseGet(() -> "Read Write Session - " + world.now()),
                    sessionKey.publicKey(),
                    ApiKey.SESSION_KEY,
                    Optional.of(session.lifetime()));
            owner.add(key, world.instant());
            return Answers.identity(owner)
                    .put("apiKeyId", key.id())
                    .put(
                            "credentialBundle",
                            CredentialBundle.seal(sessionKey, session.targetPublicKey(), random)
                                    .text());
        }
    }

    /** Check 51. The key's name is ours. */
    private ObjectNode stampLogin(User owner, Intent.StampLogin login) {
        if (login.invalidateExisting()) {
            owner.removeAll(ApiKey.LOGIN);
        }
        ApiKey key =
                world.newKey("Login - " + world.now(), login.publicKey(), ApiKey.LOGIN, Optional.of(login.lifetime()));
        owner.add(key, world.instant());
        return Json.object().put("session", notarizer.sessionToken(owner, key, login.lifetime()));
    }

    private P256PrivateKey sessionKey(boolean leadingZero) {
        if (!leadingZero) {
            return P256PrivateKey.generate(random);
        }
        byte[] scalar = new byte[32];
        random.nextBytes(scalar);
        scalar[0] = 0;
        try {
            return P256PrivateKey.fromScalar(SecretBytes.takeOver(scalar));
        } catch (CryptoException.BadScalar e) {
            throw new IllegalStateException("248 random bits were all zero", e);
        }
    }
}
