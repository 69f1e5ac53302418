package finance.votis.sessions.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** The cases of {@code vectors/*.json}, whose README tells what they are. */
record Vectors(List<JsonNode> cases) {

    static Vectors read(String name) {
        try (InputStream json = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + name))) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(json).get("cases").forEach(cases::add);
            return new Vectors(cases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Vectors valid(boolean valid) {
        return new Vectors(
                cases.stream().filter(c -> c.get("valid").asBoolean() == valid).toList());
    }

    Vectors kind(String kind) {
        return new Vectors(
                cases.stream().filter(c -> c.get("kind").asText().equals(kind)).toList());
    }

    Stream<DynamicTest> each(ThrowingConsumer<JsonNode> check) {
        return cases.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.get("id").asText() + ": " + c.get("comment").asText(), () -> check.accept(c)));
    }

    static String text(JsonNode c, String member) {
        return Objects.requireNonNull(c.get(member), member).asText();
    }

    static byte[] hex(JsonNode c, String member) {
        return HexFormat.of().parseHex(text(c, member));
    }

    /** A text, or a unit and how often it is repeated. */
    static String textOrRepeat(JsonNode c, String member) {
        JsonNode repeat = c.get(member + "Repeat");
        return repeat == null
                ? text(c, member)
                : text(repeat, "unit").repeat(repeat.get("count").asInt());
    }

    static P256PrivateKey privateKey(JsonNode c, String member) throws CryptoException {
        return P256PrivateKey.fromHex(text(c, member));
    }
}
