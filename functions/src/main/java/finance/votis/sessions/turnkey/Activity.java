package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** An activity as Turnkey tells it (Turnkey docs: activities). Its intent, votes and result are not printed. */
public final class Activity {
    private static final Predicate<String> CONSTANT =
            Pattern.compile("[A-Z0-9_]{1,128}").asMatchPredicate();

    private final String id;
    private final OrganizationId organizationId;
    private final String type;
    private final ActivityStatus status;
    private final Optional<String> fingerprint;
    private final Optional<Instant> createdAt;
    private final TurnkeyError failure;
    private final JsonNode result;

    private Activity(
            String id,
            OrganizationId organizationId,
            String type,
            ActivityStatus status,
            Optional<String> fingerprint,
            Optional<Instant> createdAt,
            TurnkeyError failure,
            JsonNode result) {
        this.id = id;
        this.organizationId = organizationId;
        this.type = type;
        this.status = status;
        this.fingerprint = fingerprint;
        this.createdAt = createdAt;
        this.failure = failure;
        this.result = result;
    }

    static Activity read(JsonNode activity) throws MalformedAnswer {
        return new Activity(
                Members.required(activity, "id", Uuid::canonical),
                Members.required(activity, "organizationId", OrganizationId::parse),
                Members.required(activity, "type", Activity::constant),
                Members.required(activity, "status", Activity::status),
                Members.text(activity, "fingerprint"),
                Members.time(activity, "createdAt"),
                TurnkeyError.ofFailedActivity(activity.path("failure")),
                activity.path("result"));
    }

    private static Optional<String> constant(String text) {
        return Optional.of(text).filter(CONSTANT);
    }

    private static Optional<ActivityStatus> status(String text) {
        return switch (text) {
            case "ACTIVITY_STATUS_CREATED" -> Optional.of(ActivityStatus.CREATED);
            case "ACTIVITY_STATUS_PENDING" -> Optional.of(ActivityStatus.PENDING);
            case "ACTIVITY_STATUS_COMPLETED" -> Optional.of(ActivityStatus.COMPLETED);
            case "ACTIVITY_STATUS_FAILED" -> Optional.of(ActivityStatus.FAILED);
            case "ACTIVITY_STATUS_CONSENSUS_NEEDED" -> Optional.of(ActivityStatus.CONSENSUS_NEEDED);
            case "ACTIVITY_STATUS_AUTHENTICATORS_NEEDED" -> Optional.of(ActivityStatus.AUTHENTICATORS_NEEDED);
            case "ACTIVITY_STATUS_REJECTED" -> Optional.of(ActivityStatus.REJECTED);
            default -> Optional.empty();
        };
    }

    /** A UUID in lower case. */
    public String id() {
        return id;
    }

    public OrganizationId organizationId() {
        return organizationId;
    }

    /** For example {@code ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2}. */
    public String type() {
        return type;
    }

    public ActivityStatus status() {
        return status;
    }

    /** {@code sha256:} and the lower-case hex of the hash over the request's bytes. */
    public Optional<String> fingerprint() {
        return fingerprint;
    }

    /** By Turnkey's clock, in whole seconds. */
    public Optional<Instant> createdAt() {
        return createdAt;
    }

    /** Why it failed; says nothing unless the status is {@code FAILED}. */
    public TurnkeyError failure() {
        return failure;
    }

    boolean isPending() {
        return status == ActivityStatus.CREATED || status == ActivityStatus.PENDING;
    }

    /** Turnkey keys a result by the versioned name of its message; while there is none it may be absent, null or empty. */
    Optional<JsonNode> result(String versionedName) {
        return Optional.of(result.path(versionedName)).filter(JsonNode::isObject);
    }

    @Override
    public String toString() {
        return "Activity[" + id + ", " + type + ", " + status + "]";
    }
}
