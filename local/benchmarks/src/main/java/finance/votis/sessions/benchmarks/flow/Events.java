package finance.votis.sessions.benchmarks.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.nio.charset.StandardCharsets;

/** The files of {@code events/}, made fresh. */
final class Events {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Events() {}

    /** A client session's event for another key. */
    static String withTarget(String event, P256PublicKey target) {
        return withBody(event, "{\"targetPublicKey\":\"" + target.uncompressedHex() + "\"}");
    }

    /** Turnkey's own request for a session of this customer. */
    static String relayBody(DemoWorld.Customer customer, P256PublicKey target, long now) {
        ObjectNode request = JSON.createObjectNode()
                .put("type", "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2")
                .put("timestampMs", Long.toString(now))
                .put("organizationId", customer.organizationId());
        request.putObject("parameters")
                .put("targetPublicKey", target.uncompressedHex())
                .put("userId", customer.userId())
                .put("apiKeyName", "Phone")
                .put("expirationSeconds", "900");
        return request.toString();
    }

    /** A relay's event with another body and its stamp. */
    static String withStampedBody(String event, String body, String stamp) {
        ObjectNode all = read(withBody(event, body));
        all.withObject("/headers").put("x-stamp", stamp);
        return all.toString();
    }

    private static String withBody(String event, String body) {
        ObjectNode all = read(event);
        all.put("body", body);
        all.withObject("/headers")
                .put("content-length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length));
        return all.toString();
    }

    private static ObjectNode read(String event) {
        try {
            return JSON.readValue(event, ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is a JSON object", e);
        }
    }
}
