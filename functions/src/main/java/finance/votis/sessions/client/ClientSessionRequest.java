package finance.votis.sessions.client;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.http.JsonBody;
import finance.votis.sessions.http.RefusedAtTheDoor;
import finance.votis.sessions.turnkey.ApiKeyId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a phone asks for, checked.
 *
 * @param keyName the kind of session and the device, as it stands at Turnkey
 * @param namesItsLifetime false if the expiration is the setting's
 * @param requestedAt the phone's own time of the request, or the beginning of the window that the request falls into
 * @param replaces the session that the new one is made for
 */
record ClientSessionRequest(
        P256PublicKey targetPublicKey,
        String keyName,
        Duration expiration,
        boolean namesItsLifetime,
        boolean invalidateExisting,
        Instant requestedAt,
        Optional<ApiKeyId> replaces) {

    static final String LIFETIME = "expirationSeconds";

    private static final String REQUESTED_AT = "requestedAt";
    private static final String REPLACES = "replaces";

    static final Set<String> FIELDS = Set.of(
            "targetPublicKey",
            "organizationId",
            "userId",
            "apiKeyName",
            LIFETIME,
            "invalidateExisting",
            REQUESTED_AT,
            REPLACES);

    private static final String KIND = "Client session";
    private static final int LONGEST_NAME = 240;

    /** RFC 3339 in UTC, with the capital letters that everybody writes. */
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|\\+00:00)");

    /** Turnkey takes an hour and five minutes: what is taken here can still be sent again there, also by a clock that is a little off. */
    private static final Duration OLDEST = Duration.ofMinutes(30);

    private static final Duration FARTHEST_AHEAD = Duration.ofMinutes(2);
    private static final Duration WINDOW = Duration.ofMinutes(10);

    static ClientSessionRequest read(JsonBody body, ClientSettings.Lifetimes lifetimes, Instant now)
            throws RefusedAtTheDoor {
        OptionalLong lifetime = body.wholeNumber(
                LIFETIME, lifetimes.least().toSeconds(), lifetimes.most().toSeconds());
        return new ClientSessionRequest(
                targetPublicKey(body.text("targetPublicKey")),
                body.printable("apiKeyName", LONGEST_NAME)
                        .map(name -> KIND + " " + name)
                        .orElse(KIND),
                Duration.ofSeconds(lifetime.orElse(lifetimes.standard().toSeconds())),
                lifetime.isPresent(),
                body.flag("invalidateExisting").orElse(false),
                requestedAt(body.text(REQUESTED_AT), now),
                replaces(body.text(REPLACES)));
    }

    private static Instant requestedAt(Optional<String> text, Instant now) throws RefusedAtTheDoor {
        if (text.isEmpty()) {
            long window = WINDOW.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), window) * window);
        }
        Optional<Instant> time = Optional.of(text.get())
                .filter(written -> TIME.matcher(written).matches())
                .flatMap(ClientSessionRequest::instant);
        if (time.isEmpty()) {
            throw JsonBody.invalid(REQUESTED_AT, "must be a time of RFC 3339 in UTC, like 2026-11-23T21:00:00Z");
        }
        if (time.get().isBefore(now.minus(OLDEST)) || time.get().isAfter(now.plus(FARTHEST_AHEAD))) {
            throw JsonBody.invalid(
                    REQUESTED_AT,
                    "must be at most " + OLDEST.toMinutes() + " minutes old and " + FARTHEST_AHEAD.toMinutes()
                            + " minutes ahead");
        }
        return time.get();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<ApiKeyId> replaces(Optional<String> id) throws RefusedAtTheDoor {
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Optional<ApiKeyId> parsed = ApiKeyId.parse(id.get());
        if (parsed.isEmpty()) {
            throw JsonBody.invalid(REPLACES, "must be the id of a session's API key, a UUID");
        }
        return parsed;
    }

    private static P256PublicKey targetPublicKey(Optional<String> hex) throws RefusedAtTheDoor {
        try {
            return P256PublicKey.fromUncompressedHex(hex.orElse(""));
        } catch (CryptoException.MalformedKey e) {
            throw JsonBody.invalid(
                    "targetPublicKey", "must be 130 hex characters, an uncompressed point 04‖X‖Y on the curve P-256");
        }
    }
}
