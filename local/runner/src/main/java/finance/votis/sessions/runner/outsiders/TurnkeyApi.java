package finance.votis.sessions.runner.outsiders;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** The few calls to Turnkey's public API that a phone or a job makes in the story, stamped or with a read-only session. */
public final class TurnkeyApi {
    private final Wire wire;
    private final URI url;

    public TurnkeyApi(Wire wire, URI url) {
        this.wire = wire;
        this.url = url;
    }

    /** Who the key is, in an organisation. */
    public Wire.Answer whoami(LocalStamper stamper, String organizationId) throws DidNotHold {
        byte[] body = ("{\"organizationId\":\"" + organizationId + "\"}").getBytes(StandardCharsets.UTF_8);
        return wire.post(
                url.resolve("/public/v1/query/whoami"),
                Map.of("X-Stamp", stamper.stamp(body).headerValue()),
                body);
    }

    public Wire.Answer listUsers(String session, String organizationId) throws DidNotHold {
        byte[] body = ("{\"organizationId\":\"" + organizationId + "\"}").getBytes(StandardCharsets.UTF_8);
        return wire.post(url.resolve("/public/v1/query/list_users"), Map.of("X-Session", session), body);
    }

    /** The session that a completed activity made: whose it is, its key's id, and the bundle. */
    public static Wire.Answer madeSession(Wire.Answer answer) throws DidNotHold {
        JsonNode result = answer.expect(200).body().at("/activity/result/createReadWriteSessionResultV2");
        if (!result.isObject()) {
            throw new DidNotHold("the activity has made no session");
        }
        return new Wire.Answer(answer.status(), answer.contentType(), answer.retryAfter(), result);
    }

    public Wire.Answer deleteApiKey(
            LocalStamper stamper, String organizationId, String userId, String apiKeyId, InstantSource clock)
            throws DidNotHold {
        byte[] body = ("{\"type\":\"ACTIVITY_TYPE_DELETE_API_KEYS\",\"timestampMs\":\"" + clock.millis()
                        + "\",\"organizationId\":\"" + organizationId + "\",\"parameters\":{\"userId\":\"" + userId
                        + "\",\"apiKeyIds\":[\"" + apiKeyId + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
        return wire.post(
                url.resolve("/public/v1/submit/delete_api_keys"),
                Map.of("X-Stamp", stamper.stamp(body).headerValue()),
                body);
    }

    /** A write: one more key for a user. */
    public Wire.Answer createApiKey(
            String session, String organizationId, String userId, P256PrivateKey key, InstantSource clock)
            throws DidNotHold {
        byte[] body = ("{\"type\":\"ACTIVITY_TYPE_CREATE_API_KEYS_V2\",\"timestampMs\":\"" + clock.millis()
                        + "\",\"organizationId\":\"" + organizationId + "\",\"parameters\":{\"userId\":\"" + userId
                        + "\",\"apiKeys\":[{\"apiKeyName\":\"one more\",\"publicKey\":\""
                        + key.publicKey().compressedHex() + "\",\"curveType\":\"API_KEY_CURVE_P256\"}]}}")
                .getBytes(StandardCharsets.UTF_8);
        return wire.post(url.resolve("/public/v1/submit/create_api_keys"), Map.of("X-Session", session), body);
    }
}
