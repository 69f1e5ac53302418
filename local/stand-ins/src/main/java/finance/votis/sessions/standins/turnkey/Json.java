package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;

/** JSON as the stand-in reads it (no member twice, nothing after the value) and writes it. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new IllegalStateException("a tree that we built does not write", e);
        }
    }

    /** Checks 17 and 25: one JSON object, no member twice. */
    static ObjectNode readObject(byte[] body) throws Refusal {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // Jackson's text repeats what was sent.
            throw Refusal.badRequestBody("the body is not JSON, or has a member twice");
        }
        throw Refusal.badRequestBody("the body is not a JSON object");
    }

    /** {@code {"seconds":"…","nanos":"0"}}: both strings, whole seconds, as in every capture. */
    static ObjectNode time(Instant instant) {
        return object().put("seconds", Long.toString(instant.getEpochSecond())).put("nanos", "0");
    }
}
