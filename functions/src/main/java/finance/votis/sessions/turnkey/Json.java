package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Turnkey's JSON: written as a stream, read as a tree, since binding to classes would cost reflection in every cold start. */
final class Json {
    /** The end of year 9999, the last time that RFC 3339 can write. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .maxNameLength(1_000)
                            .maxStringLength(TurnkeyHttp.LONGEST_BODY)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** The members of one object. */
    @FunctionalInterface
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    /** One object without white space, its members in the order in which they are written. */
    static byte[] object(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The one JSON object that the bytes are, or nothing. */
    static Optional<JsonNode> readObject(byte[] bytes) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes)).filter(JsonNode::isObject);
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A string that is there and not empty. */
    static Optional<String> text(JsonNode object, String member) {
        return Optional.ofNullable(object.path(member).textValue()).filter(text -> !text.isEmpty());
    }

    static <T> T required(JsonNode object, String member, Function<String, Optional<T>> form) throws MalformedAnswer {
        return text(object, member)
                .flatMap(form)
                .orElseThrow(() -> new MalformedAnswer(member + " is missing or has another form"));
    }

    /** Turnkey's {@code {"seconds":"…","nanos":"0"}}; the nanoseconds are left out, since they are always 0. */
    static Optional<Instant> time(JsonNode object, String member) {
        return text(object.path(member), "seconds").flatMap(Json::epochSecond);
    }

    static Optional<Instant> epochSecond(String digits) {
        return wholeNumber(digits).filter(n -> n <= LAST_SECOND).map(Instant::ofEpochSecond);
    }

    /** Turnkey writes its whole numbers as strings of digits. */
    static Optional<Long> wholeNumber(String digits) {
        return digits.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    /** In seconds, not so long that a time plus it could not be written. */
    static Optional<Long> lifetime(String digits) {
        return wholeNumber(digits).filter(n -> n <= LAST_SECOND);
    }
}
