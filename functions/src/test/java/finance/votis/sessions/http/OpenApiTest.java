package finance.votis.sessions.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.contract.Document;
import finance.votis.sessions.scene.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract and the code tell of the same problems. */
class OpenApiTest {

    private static final Document DOCUMENT = Examples.DOCUMENT;

    /** Of the gateway alone. */
    private static final List<String> GATEWAYS = List.of("401", "431");

    private static final List<String> SUCCESSES = List.of("200", "201", "204");

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void eachProblemStandsInTheDocumentAsItIs(ProblemType type) {
        JsonNode schema = DOCUMENT.at("/components/schemas/" + type.slug() + "/properties");
        assertThat(schema.at("/type/const").textValue()).isEqualTo(type.uri());
        assertThat(schema.at("/status/const").intValue()).isEqualTo(type.status());
        assertThat(schema.at("/action/const").textValue())
                .isEqualTo(type.action().text());
        JsonNode example = DOCUMENT.at("/components/examples/" + type.slug() + "/value");
        assertThat(example.get("type").textValue()).isEqualTo(type.uri());
        assertThat(example.get("title").textValue()).isEqualTo(type.title());
        assertThat(example.get("status").intValue()).isEqualTo(type.status());
        assertThat(example.get("action").textValue()).isEqualTo(type.action().text());
    }

    @Test
    void theDocumentHasNoOtherProblemAndNoOtherAction() {
        assertThat(DOCUMENT.at("/components/schemas").findValuesAsText("const").stream()
                        .filter(text -> text.startsWith("urn:")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .map(ProblemType::uri)
                        .toList());
        assertThat(DOCUMENT.at("/components/schemas/Problem/properties/action/enum")
                        .valueStream()
                        .map(JsonNode::textValue))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Action.values()).map(Action::text).toList());
    }

    @Test
    void eachProblemIsPromisedSomewhereAndOnlyAtItsStatus() {
        Set<String> promised = responses()
                .flatMap(response -> response.problems().stream().map(problem -> problem + " " + response.status()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(promised)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .map(type -> type.slug() + " " + type.status())
                        .toList());
    }

    @Test
    void theDocumentHasTheStatusesThatThereAre() {
        Set<String> statuses = new TreeSet<>(GATEWAYS);
        statuses.addAll(SUCCESSES);
        for (ProblemType type : ProblemType.values()) {
            statuses.add(Integer.toString(type.status()));
        }

        assertThat(responses()
                        .map(Document.Response::status)
                        .filter(status -> !status.equals("default"))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(statuses);
    }

    /** A refusal is shown by an example, of the problem's own name. */
    @Test
    void eachPromisedProblemHasAnExample() {
        assertThat(responses())
                .allSatisfy(response -> assertThat(response.examples().stream()
                                .filter(example -> example.contentType().equals("application/problem+json"))
                                .map(Document.AnswerExample::name))
                        .containsExactlyInAnyOrderElementsOf(response.problems()));
    }

    private static Stream<Document.Response> responses() {
        return DOCUMENT.operations().stream().flatMap(operation -> operation.responses().stream());
    }
}
