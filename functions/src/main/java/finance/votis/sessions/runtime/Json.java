package finance.votis.sessions.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The one mapper, as trees: no class of ours is bound by reflection. Duplicate members, trailing text, nesting deeper than
 * {@value #MAX_DEPTH}, a string longer than {@value #MAX_STRING} characters, unless another bound is named, and anything but strict UTF-8 are
 * refused. Its buffers are not pooled, so that what was parsed once is garbage and not the start of the next parse. Thread-safe.
 */
public final class Json {

    public static final int MAX_DEPTH = 32;
    /** As long as the longest value of a secret (AWS docs: Secrets Manager quotas). Only what others wrote into a log may be longer. */
    public static final int MAX_STRING = 64 * 1024;

    public static final int MAX_NUMBER = 100;

    private static final char REPLACEMENT = '\ufffd';

    private static final JsonFactory FACTORY = factory(MAX_STRING);
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private Json() {}

    private static JsonFactory factory(int longestString) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(longestString)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(8192)
                        .build())
                .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                .build();
    }

    /** What bytes are. Why they are no object is not told: the parser's messages quote what was sent. */
    public sealed interface Reading {

        record Whole(ObjectNode object) implements Reading {}

        /**
         * Not one JSON object.
         *
         * @param blamed the names on the way to the member that is there twice or breaks a bound; empty where no member is to blame
         */
        record Refused(List<String> blamed) implements Reading {}
    }

    public static Reading read(byte[] utf8) {
        return read(utf8, FACTORY);
    }

    private static Reading read(byte[] utf8, JsonFactory factory) {
        try (JsonParser parser = factory.createParser(text(utf8))) {
            return read(parser);
        } catch (IOException e) {
            return new Reading.Refused(List.of());
        }
    }

    /** Jackson would replace or pass malformed UTF-8 in places; here it is refused everywhere. */
    private static String text(byte[] utf8) throws CharacterCodingException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        // Whatever is malformed becomes this character, which may also have been sent: only the slower decoder tells
        // one from the other.
        return text.indexOf(REPLACEMENT) < 0
                ? text
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(utf8))
                        .toString();
    }

    private static Reading read(JsonParser parser) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(parser);
            return node instanceof ObjectNode object ? new Reading.Whole(object) : new Reading.Refused(List.of());
        } catch (MismatchedInputException | StreamConstraintsException e) {
            return new Reading.Refused(names(parser.getParsingContext()));
        }
    }

    /** From the outermost on, and not into a list. */
    private static List<String> names(JsonStreamContext innermost) {
        Deque<String> names = new ArrayDeque<>();
        for (JsonStreamContext context = innermost; context != null; context = context.getParent()) {
            if (context.inArray()) {
                names.clear();
            } else if (context.getCurrentName() != null) {
                names.addFirst(context.getCurrentName());
            }
        }
        return List.copyOf(names);
    }

    /** One JSON object, or nothing if the bytes are anything else. */
    public static Optional<ObjectNode> object(byte[] utf8) {
        return whole(read(utf8));
    }

    /**
     * The same, with another bound.
     *
     * @param longestString in characters
     */
    public static Optional<ObjectNode> object(byte[] utf8, int longestString) {
        return whole(read(utf8, factory(longestString)));
    }

    private static Optional<ObjectNode> whole(Reading reading) {
        return switch (reading) {
            case Reading.Whole(ObjectNode object) -> Optional.of(object);
            case Reading.Refused refused -> Optional.empty();
        };
    }

    /** For text with a secret in it, which must not become a tree of strings. The caller closes it. */
    public static JsonParser parser(char[] text) throws IOException {
        return FACTORY.createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
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
