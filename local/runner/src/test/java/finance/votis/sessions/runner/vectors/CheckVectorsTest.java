package finance.votis.sessions.runner.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class CheckVectorsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path VECTORS = Path.of("../../shared-crypto/src/test/resources/vectors");

    /** What says nothing about the cryptography: names, prose, what official code does. */
    private static final Set<String> PROSE =
            Set.of("id", "comment", "madeBy", "flaw", "official", "strict", "stage", "plaintext");

    @TempDir
    private Path folder;

    @Test
    void allKnownAnswersAreAsExpected() {
        Ran ran = check(VECTORS);

        assertThat(ran).isEqualTo(new Ran(0, """
                                bundles: 82 of 82 as expected
                                hpke: 31 of 31 as expected
                                keys: 64 of 64 as expected
                                stamps: 86 of 86 as expected
                                """, ""));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noVerdictCanChangeUnnoticed(Kind kind) throws Exception {
        for (JsonNode original : casesOf(kind)) {
            boolean recommended = original.at("/strict/certainty").asText().equals("should");
            ObjectNode changed = original.deepCopy();
            changed.put("valid", !original.path("valid").booleanValue());
            if (changed.path("strict") instanceof ObjectNode strict) {
                strict.put("verdict", original.path("valid").booleanValue() ? "reject" : "accept");
            }

            VectorCase checked = new VectorCase(changed);
            kind.check(checked);

            assertThat(recommended ? checked.differencesFromRecommendation() : checked.differences())
                    .as(original.path("id").textValue())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noValueOfAValidCaseCanChangeUnnoticed(Kind kind) throws Exception {
        int changes = 0;
        for (JsonNode original : casesOf(kind)) {
            // Another public key alone is as good as the first.
            if (original.path("valid").booleanValue()
                    && !original.path("kind").asText().equals("publicKey")) {
                for (JsonPointer value : values(original)) {
                    if (original.at(value.head()).path("L").asInt(1) == 0) {
                        continue; // no bytes are the same bytes in every context
                    }
                    ObjectNode changed = original.deepCopy();
                    change(changed, value);
                    VectorCase checked = new VectorCase(changed);
                    kind.check(checked);
                    assertThat(checked.differences())
                            .as(original.path("id").textValue() + " " + value)
                            .isNotEmpty();
                    changes++;
                }
            }
        }
        assertThat(changes).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCaseWithoutOneOfItsInputsIsADifference(Kind kind) throws Exception {
        for (JsonNode original : casesOf(kind)) {
            ObjectNode changed = original.deepCopy();
            changed.remove(Set.of(
                    "privateKey",
                    "publicKey",
                    "stamp",
                    "stampRepeat",
                    "bundle",
                    "bundleRepeat",
                    "enc",
                    "ikmR",
                    "info"));

            VectorCase checked = new VectorCase(changed);
            kind.check(checked);

            assertThat(checked.differences())
                    .as(original.path("id").textValue())
                    .isNotEmpty();
        }
    }

    @Test
    void namesTheCaseThatDiffersAndFails() throws Exception {
        ObjectNode file = read("stamps");
        changeCase(file, "body-whoami", each -> each.put("bodySha256", "00"));
        write("stamps", file);

        Ran ran = check(folder);

        assertThat(ran).isEqualTo(new Ran(1, "stamps: 85 of 86 as expected\n  differs: body-whoami: bodySha256\n", ""));
    }

    @Test
    void namesAWrongVerdict() throws Exception {
        ObjectNode file = read("bundles");
        changeCase(file, "flip-80", each -> each.put("valid", true));
        write("bundles", file);

        Ran ran = check(folder);

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .startsWith("bundles: 81 of 82 as expected\n")
                .contains("\n  differs: flip-80: refused, but it is to be accepted\n")
                .contains("\n  note: counts says 54 invalid cases, there are 53\n");
    }

    @Test
    void tellsADifferenceFromARecommendationApartAndDoesNotFail() throws Exception {
        ObjectNode file = read("stamps");
        changeCase(file, "key-upper", each -> each.put("valid", true));
        write("stamps", file);

        Ran ran = check(folder);

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .startsWith("stamps: 85 of 86 as expected\n")
                .contains("\n  differs from a recommendation: key-upper: refused, but it is to be accepted\n")
                .doesNotContain("  differs: ");
    }

    @Test
    void aBundleThatOpensAlthoughARecommendationSaysOtherwiseIsToldApart() throws Exception {
        ObjectNode file = JSON.createObjectNode();
        for (JsonNode original : casesOf(Kind.BUNDLES)) {
            if (original.path("valid").booleanValue() && file.isEmpty()) {
                ObjectNode changed = original.deepCopy();
                changed.put("id", "opens").put("valid", false);
                changed.putObject("strict").put("verdict", "reject").put("certainty", "should");
                changed.remove(Set.of("privateKey", "publicKey", "enc", "ciphertext"));
                file.putArray("cases").add(changed);
            }
        }
        write("bundles", file);

        Ran ran = check(folder);

        assertThat(ran).isEqualTo(new Ran(0, """
                                bundles: 0 of 1 as expected
                                  differs from a recommendation: opens: accepted, but it is to be refused
                                """, ""));
    }

    @Test
    void namesAKindThatItDoesNotKnowAndIgnoresOtherFiles() throws Exception {
        write("keys", read("keys"));
        write("session-jwt", read("keys"));
        write("package", JSON.createObjectNode().put("name", "something else"));
        Files.writeString(folder.resolve("tsconfig.json"), "{ // no JSON");
        write("empty", JSON.createObjectNode().set("cases", JSON.createArrayNode()));
        write("cases", JSON.readTree("{\"cases\":[{\"id\":\"a\"}]}"));
        write("bare", JSON.readTree("{\"cases\":[{\"id\":\"a\",\"valid\":true}],\"source\":[]}"));
        Files.createDirectory(folder.resolve("stamps.json"));
        Files.writeString(folder.resolve("README.md"), "text");
        Files.writeString(folder.resolve("stamps.json.orig"), "{");

        Ran ran = check(folder);

        assertThat(ran).isEqualTo(new Ran(0, """
                        bare: not run, a kind that is not known here
                        keys: 64 of 64 as expected
                        session-jwt: not run, a kind that is not known here
                        """, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{ | not JSON",
                "\"\" | not JSON",
                "{} {} | not JSON",
                "{'cases':[],'cases':[]} | not JSON",
                "[] | it has no cases",
                "{} | it has no cases",
                "{'cases':[]} | it has no cases",
                "{'cases':[{}]} | case 1 has no id",
                "{'cases':[{'id':'a'},{'id':'a'}]} | two cases have the id a",
            })
    void tellsABrokenFileInOneLineAndGoesOn(String content, String problem) throws Exception {
        Files.writeString(folder.resolve("bundles.json"), content.replace('\'', '"'));
        write("keys", read("keys"));

        Ran ran = check(folder);

        assertThat(ran)
                .isEqualTo(
                        new Ran(1, "keys: 64 of 64 as expected\n", "check-vectors: bundles.json: " + problem + "\n"));
    }

    @Test
    void tellsAFolderThatHoldsNothingToRun() throws Exception {
        assertThat(check(folder))
                .isEqualTo(new Ran(1, "", "check-vectors: the folder holds no file of known answers\n"));
        assertThat(check(folder.resolve("none")))
                .isEqualTo(new Ran(1, "", "check-vectors: there is no such folder, or it cannot be read\n"));
        assertThat(check(Files.writeString(folder.resolve("file"), "text")).exitCode())
                .isEqualTo(1);
    }

    private record Ran(int exitCode, String out, String err) {}

    private static Ran check(Path vectors) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new CheckVectors())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(vectors.toString());
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static JsonNode casesOf(Kind kind) throws IOException {
        JsonNode cases = read(kind.name().toLowerCase(Locale.ROOT)).path("cases");
        assertThat(cases).isNotEmpty();
        return cases;
    }

    private static ObjectNode read(String name) throws IOException {
        return (ObjectNode) JSON.readTree(VECTORS.resolve(name + ".json").toFile());
    }

    private void write(String name, JsonNode content) throws IOException {
        JSON.writeValue(folder.resolve(name + ".json").toFile(), content);
    }

    private interface Change {
        void apply(ObjectNode each);
    }

    private static void changeCase(ObjectNode file, String id, Change change) {
        for (JsonNode each : file.path("cases")) {
            if (each.path("id").textValue().equals(id)) {
                change.apply((ObjectNode) each);
                return;
            }
        }
        throw new AssertionError("no case " + id);
    }

    /** Where each value of a case stands that is not prose. */
    private static List<JsonPointer> values(JsonNode original) {
        List<JsonPointer> found = new ArrayList<>();
        original.properties().forEach(member -> {
            if (!PROSE.contains(member.getKey())) {
                collect(member.getValue(), JsonPointer.empty().appendProperty(member.getKey()), found);
            }
        });
        return found;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> found) {
        if (node.isObject()) {
            node.properties().forEach(member -> collect(member.getValue(), at.appendProperty(member.getKey()), found));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), at.appendIndex(i), found);
            }
        } else {
            found.add(at);
        }
    }

    private static void change(JsonNode root, JsonPointer at) {
        JsonNode value = root.at(at);
        JsonNodeFactory make = JsonNodeFactory.instance;
        JsonNode changed;
        if (value.isBoolean()) {
            changed = make.booleanNode(!value.booleanValue());
        } else if (value.isInt()) {
            changed = make.numberNode(value.intValue() + 1);
        } else {
            String text = value.textValue();
            String last = text.isEmpty() ? "" : text.substring(text.length() - 1);
            changed = make.textNode(
                    text.isEmpty() ? "00" : text.substring(0, text.length() - 1) + (last.equals("2") ? "3" : "2"));
        }
        JsonNode parent = root.at(at.head());
        if (parent instanceof ArrayNode array) {
            array.set(at.last().getMatchingIndex(), changed);
        } else {
            ((ObjectNode) parent).set(at.last().getMatchingProperty(), changed);
        }
    }
}
