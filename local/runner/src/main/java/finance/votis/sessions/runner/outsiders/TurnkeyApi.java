package finance.votis.sessions.runner.outsiders;

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
