package finance.votis.sessions.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The one mapper, as trees: no class of ours is bound by reflection. Duplicate members, trailing text, nesting deeper than
 * {@value #MAX_DEPTH}, a string longer than {@value #MAX_STRING} characters and anything but strict UTF-8 are refused. Its buffers are
 * not pooled, so that what was parsed once is garbage and not the start of the next parse. Thread-safe.
 */
public final class Json {

    public static final int MAX_DEPTH = 32;
    /** As long as the longest value of a secret (AWS docs: Secrets Manager quotas), so none that we keep or ask for is longer. */
    public static final int MAX_STRING = 64 * 1024;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .maxNumberLength(100)
                    .maxNameLength(8192)
                    .build())
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** One JSON object, or nothing if the bytes are anything else. Why is not told: the parser's messages quote what was sent. */
    public static Optional<ObjectNode> object(byte[] utf8) {
        try {
            // Jackson would replace or pass malformed UTF-8 in places; the decoder refuses it everywhere.
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            JsonNode node = MAPPER.readTree(text.toString());
            return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** For text with a secret in it, which must not become a tree of strings. The caller closes it. */
    public static JsonParser parser(char[] text) throws IOException {
        return FACTORY.createParser(text);
    }

    public static ObjectNode newObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static byte[] bytes(ObjectNode object) {
        return text(object).getBytes(StandardCharsets.UTF_8);
    }

    public static String text(ObjectNode object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
        }
    }
}
