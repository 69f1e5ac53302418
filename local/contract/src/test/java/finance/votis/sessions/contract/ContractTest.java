package finance.votis.sessions.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That what breaks the document is found, and nothing else. */
class ContractTest {

    private static final Contract CONTRACT = Contract.read();
    private static final Map<String, String> OURS = Map.of("Cache-Control", "no-store", "X-Request-Id", "id");
    private static final String KEY =
            "0464fb511728122da3b7b8a449c79d7a9e3fb847f4cbf0efbc6c82f68ada0ae5ebd1f9b6a45f5e4b61852c8e293a7b79022422ffff9ea8fba7297271b589cc9ed2";
    private static final String GOOD = "{\"targetPublicKey\":\"" + KEY + "\"}";
    private static final String MADE = "{\"organizationId\":\"00000000-0000-4000-8000-00000000000a\","
            + "\"userId\":\"00000000-0000-4000-8000-0000000000a1\",\"session\":\"token\",\"expiresAt\":\"2026-11-23T22:00:00Z\"}";

    @Test
    void theDocumentIsOpenApi() {
        assertThat(Document.read().at("/openapi").textValue()).startsWith("3.1.");
    }

    @Test
    void whatIsNotOpenApiIsRefusedWithAllThatIsWrong() {
        String broken = Document.text().replaceFirst("responses:", "answers:").replaceFirst("title:", "name:");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contract.of(broken))
                .withMessageContaining("answers")
                .withMessageContaining("title");
    }

    static Stream<Arguments> examples() {
        return Document.read().operations().stream()
                .flatMap(operation -> operation.responses().stream()
                        .flatMap(response -> response.examples().stream())
                        .map(one -> Arguments.of(operation, one)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anAnswerThatStandsInTheDocumentIsOneThatItAllows(
            Document.Operation operation, Document.AnswerExample example) {
        Map<String, String> headers = new HashMap<>(OURS);
        headers.put("Content-Type", example.contentType());

        assertThat(CONTRACT.answerBreaches(exchange(
                        operation.method(),
                        operation.path().replaceAll("\\{.*}", "x"),
                        "",
                        Integer.parseInt(example.status()),
                        headers,
                        example.body().toString())))
                .isEmpty();
    }

    @Test
    void aGoodExchangeIsAllowed() {
        assertThat(readOnly("{}", 201, MADE)).isEmpty();
        assertThat(readOnly("", 201, MADE)).isEmpty();
    }

    @Test
    void anAnswerWithAMemberMoreOrLessIsFound() {
        assertThat(readOnly("{}", 201, MADE.replace("expiresAt", "endsAt")))
                .hasSize(2)
                .anySatisfy(breach -> assertThat(breach).contains("endsAt"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 418})
    void aStatusThatIsNotInTheDocumentIsFound(int status) {
        assertThat(readOnly("{}", status, MADE)).isNotEmpty();
    }

    @Test
    void anAnswerWithoutAHeaderOfOursIsFound() {
        assertThat(CONTRACT.breaches(exchange(
                        "POST", "/v1/sessions/read-only", "{}", 201, Map.of("Content-Type", "application/json"), MADE)))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "400, malformed-body, contact-support",
        "400, session-ended, new-key",
        "409, malformed-body, fix-request",
        "502, activity-failed, new-key"
    })
    void aProblemWithAnotherActionOrAtAnotherPlaceIsFound(int status, String type, String action) {
        assertThat(readOnly("{", status, problem(type, status, action, ""))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"targetPublicKey\":\"04ab\"}", "{}", "[]", "", "{\"more\":1,"})
    void whatTheDocumentForbidsMustNotSucceed(String body) {
        assertThat(readWrite(body, 500, problem("internal-error", 500, "contact-support", "")))
                .singleElement()
                .asString()
                .contains("does not allow this request");
        assertThat(readWrite(body, 400, problem("malformed-body", 400, "fix-request", "")))
                .isEmpty();
    }

    @Test
    void whatTheDocumentAllowsMustNotBeRefusedForItsForm() {
        for (String type : List.of("malformed-body", "unknown-field", "invalid-field")) {
            assertThat(readWrite(GOOD, 400, problem(type, 400, "fix-request", "/apiKeyName")))
                    .singleElement()
                    .asString()
                    .contains("allows this request");
        }
        assertThat(readWrite(GOOD, 400, problem("invalid-field", 400, "fix-request", "/targetPublicKey")))
                .as("no schema knows the curve")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?keep=1", "?keep=00000000-0000-4000-8000-0000000000e1&more=1", ""})
    void parametersAreLookedAtToo(String query) {
        Map<String, List<String>> parameters = new HashMap<>();
        for (String one : query.replaceFirst("\\?", "").split("&", -1)) {
            if (!one.isEmpty()) {
                parameters.put(one.split("=", 2)[0], List.of(one.split("=", 2)[1]));
            }
        }
        var request = new Exchange.Request("DELETE", "/v1/sessions", parameters, headers(""), Optional.empty());

        assertThat(CONTRACT.breaches(new Exchange(request, new Exchange.Answer(204, OURS, Optional.empty()))))
                .singleElement()
                .asString()
                .contains("does not allow this request");
    }

    @Test
    void whereThereIsNoRouteThereIsNoSuccess() {
        assertThat(CONTRACT.breaches(exchange("GET", "/v1/nowhere", "", 200, OURS, "")))
                .hasSize(1);
        assertThat(CONTRACT.breaches(exchange("GET", "/v1/nowhere", "", 404, OURS, "")))
                .isEmpty();
    }

    private static List<String> readOnly(String body, int status, String answer) {
        return exchanged("/v1/sessions/read-only", body, status, answer);
    }

    private static List<String> readWrite(String body, int status, String answer) {
        return exchanged("/v1/sessions/read-write", body, status, answer);
    }

    private static List<String> exchanged(String path, String body, int status, String answer) {
        Map<String, String> headers = new HashMap<>(OURS);
        headers.put("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        return CONTRACT.breaches(exchange("POST", path, body, status, headers, answer));
    }

    private static Exchange exchange(
            String method, String path, String body, int status, Map<String, String> headers, String answer) {
        return new Exchange(
                new Exchange.Request(method, path, Map.of(), headers(body), bytes(body)),
                new Exchange.Answer(status, headers, bytes(answer)));
    }

    private static Map<String, List<String>> headers(String body) {
        return body.isEmpty()
                ? Map.of("Authorization", List.of("Bearer token"))
                : Map.of("Authorization", List.of("Bearer token"), "Content-Type", List.of("application/json"));
    }

    private static Optional<byte[]> bytes(String text) {
        return Optional.of(text).filter(body -> !body.isEmpty()).map(body -> body.getBytes(StandardCharsets.UTF_8));
    }

    private static String problem(String type, int status, String action, String pointer) {
        return "{\"type\":\"urn:votis:sessions:problem:" + type + "\",\"title\":\"t\",\"status\":" + status
                + ",\"detail\":\"d\",\"instance\":\"id\",\"action\":\"" + action + "\""
                + (pointer.isEmpty() ? "" : ",\"pointer\":\"" + pointer + "\"") + "}";
    }
}
