package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.runtime.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A submission, made into bytes once: these are stamped, sent, and sent again, since Turnkey takes equal bytes for the same activity and
 * other bytes for a new one (Turnkey docs: activities, idempotency). Immutable.
 *
 * @param <T> what the completed activity gives
 */
public final class ActivityRequest<T> {
    private final String path;
    private final String type;
    private final OrganizationId organizationId;
    private final byte[] body;
    private final Instant timestamp;
    private final Reader<T> reader;

    /** Reads and checks the result of the completed activity against what was asked for. */
    @FunctionalInterface
    interface Reader<T> {
        Answer<T> read(Activity completed) throws MalformedAnswer;
    }

    private ActivityRequest(
            String path, String type, OrganizationId organizationId, byte[] body, Instant timestamp, Reader<T> reader) {
        this.path = path;
        this.type = type;
        this.organizationId = organizationId;
        this.body = body;
        this.timestamp = timestamp;
        this.reader = reader;
    }

    static <T> ActivityRequest<T> of(
            String path,
            String type,
            OrganizationId organization,
            Instant now,
            ObjectNode parameters,
            Reader<T> reader) {
        Instant timestamp = now.truncatedTo(ChronoUnit.MILLIS);
        ObjectNode envelope = Json.newObject()
                .put("type", type)
                .put("timestampMs", Long.toString(timestamp.toEpochMilli()))
                .put("organizationId", organization.value());
        envelope.set("parameters", parameters);
        return new ActivityRequest<>(path, type, organization, Json.bytes(envelope), timestamp, reader);
    }

    /** A copy of the exact bytes. */
    public byte[] body() {
        return body.clone();
    }

    /** The array itself, for this room, which does not write to it. */
    byte[] bytes() {
        return body;
    }

    /** What Turnkey will call the activity: {@code sha256:} and the lower-case hex of the body's hash. */
    public String fingerprint() {
        return Fingerprint.of(body);
    }

    /** From {@code /public/v1/submit/}. */
    public String path() {
        return path;
    }

    /** The {@code timestampMs} in the body: Turnkey takes it for an hour. */
    public Instant timestamp() {
        return timestamp;
    }

    /** For example {@code ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2}. */
    String type() {
        return type;
    }

    OrganizationId organizationId() {
        return organizationId;
    }

    /** What shows that an activity is not this request's. A fingerprint that Turnkey leaves out shows nothing. */
    Optional<Shortfall> shortfall(Activity activity) {
        if (!activity.organizationId().equals(organizationId)) {
            return Optional.of(Shortfall.WRONG_ORGANIZATION);
        }
        String expected = fingerprint();
        boolean isOurs = activity.type().equals(type)
                && activity.fingerprint().orElse(expected).equals(expected);
        return isOurs ? Optional.empty() : Optional.of(Shortfall.WRONG_ACTIVITY);
    }

    Answer<T> read(Activity completed) throws MalformedAnswer {
        return reader.read(completed);
    }

    @Override
    public String toString() {
        return "ActivityRequest[" + path + ", " + fingerprint() + "]";
    }
}
