package finance.votis.sessions.runner.outsiders;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A request of the contract, whole but for the access token, to be kept until there is an answer.
 *
 * @param path with the query
 * @param body empty, or JSON
 */
public record ApiRequest(String method, String path, Map<String, String> headers, String body) {
    static final String READ_WRITE = "/v1/sessions/read-write";
    static final String READ_ONLY = "/v1/sessions/read-only";
    static final String RELAY = "/v1/relay/submit/create_read_write_session";
    private static final String SESSIONS = "/v1/sessions";

    public ApiRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * For a session that is sealed to this key, at this time.
     *
     * @param replaces the API key id of a session that this one takes the place of
     */
    public static ApiRequest session(P256PublicKey target, Instant requestedAt, Optional<String> replaces) {
        return new ApiRequest(
                "POST",
                READ_WRITE,
                Map.of(),
                "{\"targetPublicKey\":\"" + target.uncompressedHex() + "\",\"requestedAt\":\"" + requestedAt + "\""
                        + replaces.map(old -> ",\"replaces\":\"" + old + "\"").orElse("")
                        + "}");
    }

    /** Turnkey's own request for a session of 15 minutes, stamped by a session that the phone has. */
    public static ApiRequest relayed(
            P256PublicKey target, Instant now, String organizationId, String userId, LocalStamper session) {
        byte[] body = Phone.turnkeysRequest(organizationId, userId, target, InstantSource.fixed(now));
        String stamp = session.stamp(body).headerValue();
        return new ApiRequest("POST", RELAY, Map.of("X-Stamp", stamp), new String(body, StandardCharsets.UTF_8));
    }

    public static ApiRequest readOnlySession() {
        return new ApiRequest("POST", READ_ONLY, Map.of(), "");
    }

    public static ApiRequest list() {
        return new ApiRequest("GET", SESSIONS, Map.of(), "");
    }

    public static ApiRequest revoke(String apiKeyId) {
        return new ApiRequest("DELETE", SESSIONS + "/" + apiKeyId, Map.of(), "");
    }

    public static ApiRequest revokeOthers(String kept) {
        return new ApiRequest("DELETE", SESSIONS + "?keep=" + kept, Map.of(), "");
    }
}
