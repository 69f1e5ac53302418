package finance.votis.sessions.relay;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.http.JsonBody;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.ProblemType;
import finance.votis.sessions.http.RefusedAtTheDoor;
import finance.votis.sessions.http.UrlParameters;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.StampHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A request of Turnkey's API that the caller stamped, looked at. What goes on is {@link #body} and {@link #stamp}, as they came: nothing is
 * written anew.
 */
final class RelayRequest {

    private static final Set<String> ENVELOPE =
            Set.of("type", "timestampMs", "organizationId", "parameters", "generateAppProofs");

    private static final String TYPE = "type";
    private static final String TIMESTAMP = "timestampMs";
    private static final String ORGANIZATION = "organizationId";
    private static final String EXPIRATION = "expirationSeconds";
    private static final String API_KEY_IDS = "apiKeyIds";

    /** Turnkey takes an hour and five minutes: what is taken here can still be sent again there, also by a clock that is a little off. */
    private static final Duration OLDEST = Duration.ofMinutes(50);

    private static final Duration FARTHEST_AHEAD = Duration.ofMinutes(5);
    private static final Pattern MILLISECONDS = Pattern.compile("\\d{1,15}");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    /** Turnkey's own, where a request names none. */
    private static final long STANDARD_LIFE = 900;

    private static final int LONGEST_NAME = 255;

    private final RelayActivity activity;
    private final byte[] body;
    private final StampHeader stamp;

    private RelayRequest(RelayActivity activity, byte[] body, StampHeader stamp) {
        this.activity = activity;
        this.body = body;
        this.stamp = stamp;
    }

    static RelayRequest read(ApiCall call, Caller caller, RelaySettings settings, Instant now) throws RefusedAtTheDoor {
        RelayActivity activity = activity(call, settings);
        JsonBody envelope = JsonBody.foreign(call);
        byte[] body = JsonBody.bytes(call);
        StampHeader stamp = DeviceStamp.of(call, body);
        checkType(envelope, activity);
        JsonBody parameters = checkOwner(envelope, caller);
        checkFresh(envelope, now);
        envelope.only(ENVELOPE);
        envelope.flag("generateAppProofs");
        switch (activity) {
            case CREATE_READ_WRITE_SESSION -> checkReadWriteSession(parameters, settings);
            case CREATE_READ_ONLY_SESSION -> parameters.only(Set.of());
            case DELETE_API_KEYS -> checkDeletion(parameters);
        }
        return new RelayRequest(activity, body, stamp);
    }

    private static RelayActivity activity(ApiCall call, RelaySettings settings) throws RefusedAtTheDoor {
        return UrlParameters.of(call, Set.of())
                .optional("activity", "", path -> Optional.of(RelayActivity.of(path)))
                .flatMap(known -> known)
                .filter(settings.activities()::contains)
                .orElseThrow(() -> new RefusedAtTheDoor(Problem.ofParameter(
                        ProblemType.ACTIVITY_NOT_ALLOWED,
                        "activity",
                        "must be one of "
                                + String.join(
                                        ", ",
                                        settings.activities().stream()
                                                .map(RelayActivity::path)
                                                .toList()))));
    }

    private static void checkType(JsonBody envelope, RelayActivity activity) throws RefusedAtTheDoor {
        if (!envelope.text(TYPE).filter(activity.type()::equals).isPresent()) {
            throw envelope.refusal(TYPE, "must be " + activity.type() + " on this path");
        }
    }

    private static JsonBody checkOwner(JsonBody envelope, Caller caller) throws RefusedAtTheDoor {
        if (envelope.text(ORGANIZATION).isEmpty()) {
            throw envelope.refusal(ORGANIZATION, "must be the caller's own id");
        }
        caller.checkOrganizationIn(envelope);
        JsonBody parameters = envelope.object("parameters");
        caller.checkUserIn(parameters);
        return parameters;
    }

    private static void checkFresh(JsonBody envelope, Instant now) throws RefusedAtTheDoor {
        Optional<String> digits = envelope.text(TIMESTAMP);
        if (!digits.filter(text -> MILLISECONDS.matcher(text).matches()).isPresent()) {
            throw envelope.refusal(TIMESTAMP, "must be a string of milliseconds since 1970");
        }
        Instant made = Instant.ofEpochMilli(Long.parseLong(digits.get()));
        if (made.isBefore(now.minus(OLDEST)) || made.isAfter(now.plus(FARTHEST_AHEAD))) {
            throw envelope.refusal(
                    ProblemType.STALE_TIMESTAMP,
                    TIMESTAMP,
                    "must be at most " + OLDEST.toMinutes() + " minutes old and " + FARTHEST_AHEAD.toMinutes()
                            + " minutes ahead");
        }
    }

    private static void checkReadWriteSession(JsonBody parameters, RelaySettings settings) throws RefusedAtTheDoor {
        parameters.only(Set.of("targetPublicKey", "userId", "apiKeyName", EXPIRATION, "invalidateExisting"));
        checkTarget(parameters);
        checkLife(parameters, settings);
        parameters.printable("apiKeyName", LONGEST_NAME);
        parameters.flag("invalidateExisting");
    }

    private static void checkTarget(JsonBody parameters) throws RefusedAtTheDoor {
        try {
            P256PublicKey.fromUncompressedHex(parameters.text("targetPublicKey").orElse(""));
        } catch (CryptoException.MalformedKey e) {
            throw parameters.refusal(
                    "targetPublicKey", "must be 130 hex characters, an uncompressed point 04‖X‖Y on the curve P-256");
        }
    }

    private static void checkLife(JsonBody parameters, RelaySettings settings) throws RefusedAtTheDoor {
        long least = settings.leastLife().toSeconds();
        long most = settings.mostLife().toSeconds();
        boolean isWithin = parameters
                .text(EXPIRATION)
                .or(() -> Optional.of(Long.toString(STANDARD_LIFE)))
                .filter(text -> SECONDS.matcher(text).matches())
                .map(Long::parseLong)
                .filter(seconds -> seconds >= least && seconds <= most)
                .isPresent();
        if (!isWithin) {
            throw parameters.refusal(
                    EXPIRATION,
                    "must be a string of a whole number from " + least + " to " + most + "; without it, it is "
                            + STANDARD_LIFE);
        }
    }

    private static void checkDeletion(JsonBody parameters) throws RefusedAtTheDoor {
        parameters.only(Set.of("userId", API_KEY_IDS));
        if (parameters.text("userId").isEmpty()) {
            throw parameters.refusal("userId", "must be the caller's own id");
        }
        List<String> ids = parameters.texts(API_KEY_IDS);
        if (ids.isEmpty() || ids.stream().anyMatch(id -> ApiKeyId.parse(id).isEmpty())) {
            throw parameters.refusal(API_KEY_IDS, "must be ids of API keys, UUIDs, at least one");
        }
    }

    RelayActivity activity() {
        return activity;
    }

    byte[] body() {
        return body;
    }

    StampHeader stamp() {
        return stamp;
    }

    @Override
    public String toString() {
        return "RelayRequest[" + activity.path() + ", <redacted>]";
    }
}
