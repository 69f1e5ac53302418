package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.Fingerprint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A submission, made into bytes once: these are stamped, sent, and sent again, since Turnkey takes equal bytes for the same activity and
 * other bytes for a new one (Turnkey docs: activities, idempotency). Immutable.
 *
 * @param <T> what the completed activity gives
 */
public final class ActivityRequest<T> {
    private final String path;
    private final byte[] body;
    private final Instant timestamp;
    private final Reader<T> reader;

    /** Reads and checks the result of the completed activity against what was asked for. */
    @FunctionalInterface
    interface Reader<T> {
        Answer<T> read(Activity completed) throws MalformedAnswer;
    }

    private ActivityRequest(String path, byte[] body, Instant timestamp, Reader<T> reader) {
        this.path = path;
        this.body = body;
        this.timestamp = timestamp;
        this.reader = reader;
    }

    static <T> ActivityRequest<T> of(
            String path,
            String type,
            OrganizationId organization,
            Instant now,
            Json.Members parameters,
            Reader<T> reader) {
        Instant timestamp = now.truncatedTo(ChronoUnit.MILLIS);
        byte[] body = Json.object(json -> {
            json.writeStringField("type", type);
            json.writeStringField("timestampMs", Long.toString(timestamp.toEpochMilli()));
            json.writeStringField("organizationId", organization.value());
            json.writeObjectFieldStart("parameters");
            parameters.write(json);
            json.writeEndObject();
        });
        return new ActivityRequest<>(path, body, timestamp, reader);
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

    Answer<T> read(Activity completed) throws MalformedAnswer {
        return reader.read(completed);
    }

    @Override
    public String toString() {
        return "ActivityRequest[" + path + ", " + fingerprint() + "]";
    }
}
