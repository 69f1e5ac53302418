package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not come in: by the route with the most fields. Nothing of it reaches Turnkey, and no answer repeats a value that was sent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorTest {

    private static final String KEY;

    static {
        try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom())) {
            KEY = key.publicKey().uncompressedHex();
        }
    }

    private final Scene scene = new Scene();
    private final ClientSessionFunction function = new ClientSessionFunction(scene.environment(), scene.platform());

    @AfterEach
    void nothingReachedTurnkey() {
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    static Stream<Arguments> fields() {
        String offCurve = KEY.substring(0, 129) + (KEY.endsWith("0") ? "1" : "0");
        return Stream.of(
                Arguments.of("targetPublicKey", quoted(KEY.substring(1)), KEY.substring(1)),
                Arguments.of("targetPublicKey", quoted(KEY + "00"), KEY),
                Arguments.of("targetPublicKey", quoted(offCurve), offCurve),
                Arguments.of("targetPublicKey", quoted("06" + KEY.substring(2)), KEY.substring(2)),
                Arguments.of("targetPublicKey", quoted("02" + KEY.substring(2, 66)), KEY.substring(2, 66)),
                Arguments.of("targetPublicKey", quoted("0x" + KEY.substring(0, 128)), KEY.substring(0, 128)),
                Arguments.of("targetPublicKey", quoted(KEY.substring(0, 129) + "g"), KEY.substring(0, 129)),
                Arguments.of("targetPublicKey", quoted(" " + KEY.substring(0, 129)), KEY.substring(0, 129)),
                Arguments.of("targetPublicKey", "\"\"", "nothing to repeat"),
                Arguments.of("targetPublicKey", "null", "null"),
                Arguments.of("targetPublicKey", "{\"hex\":\"4711\"}", "4711"),
                Arguments.of("expirationSeconds", "\"3605\"", "3605"),
                Arguments.of("expirationSeconds", "3605.0", "3605"),
                Arguments.of("expirationSeconds", "3605.5", "3605"),
                Arguments.of("expirationSeconds", "36e2", "36e2"),
                Arguments.of("expirationSeconds", "59", "59"),
                Arguments.of("expirationSeconds", "86401", "86401"),
                Arguments.of("expirationSeconds", "0", "nothing to repeat"),
                Arguments.of("expirationSeconds", "-3605", "3605"),
                Arguments.of("expirationSeconds", "18446744073709552516", "18446744073709552516"),
                Arguments.of("expirationSeconds", "true", "true"),
                Arguments.of("expirationSeconds", "null", "null"),
                Arguments.of("expirationSeconds", "[3605]", "3605"),
                Arguments.of("apiKeyName", "\"\"", "nothing to repeat"),
                Arguments.of("apiKeyName", quoted("n".repeat(256)), "nnn"),
                Arguments.of("apiKeyName", quoted("phone\\u0000"), "phone"),
                Arguments.of("apiKeyName", quoted("phone\\n"), "phone"),
                Arguments.of("apiKeyName", quoted("phone\\u007f"), "phone"),
                Arguments.of("apiKeyName", quoted("phone\\u202e"), "phone"),
                Arguments.of("apiKeyName", quoted("phone\\u2028"), "phone"),
                Arguments.of("apiKeyName", quoted("phone\\ud800"), "phone"),
                Arguments.of("apiKeyName", quoted("\\udc00phone"), "phone"),
                Arguments.of("apiKeyName", "4711", "4711"),
                Arguments.of("apiKeyName", "null", "null"),
                Arguments.of("invalidateExisting", "\"true\"", "true\""),
                Arguments.of("invalidateExisting", "1", "nothing to repeat"),
                Arguments.of("invalidateExisting", "null", "null"),
                Arguments.of("organizationId", "4711", "4711"),
                Arguments.of("userId", "[\"4711\"]", "4711"));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldThatBreaksItsRuleIsNamedAndNotRepeated(String field, String value, String sent) {
        String body = field.equals("targetPublicKey")
                ? "{\"targetPublicKey\":" + value + "}"
                : "{\"targetPublicKey\":\"" + KEY + "\",\"" + field + "\":" + value + "}";

        ObjectNode problem = problem(body, 400, "invalid-field");

        assertThat(problem.get("pointer").textValue()).isEqualTo("/" + field);
        assertThat(problem.get("detail").textValue()).startsWith(field + ": must be ");
        // Only the detail could repeat it: the rule for a flag says "true", so that one is looked for with its quote.
        assertThat(problem.get("detail").textValue().replace("true or false", ""))
                .doesNotContain(sent);
    }

    @Test
    void aMissingTargetKeyIsNamed() {
        assertThat(problem("{}", 400, "invalid-field").get("pointer").textValue())
                .isEqualTo("/targetPublicKey");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "[]",
                "\"text\"",
                "4711",
                "{",
                "{}{}",
                "{}x",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"apiKeyName\":\"\\x\"}",
                "\uFEFF{}",
                "{\"apiKeyName\":NaN}",
                "{\"\\ud800\":1}",
                "{/**/}",
                "{\"apiKeyName\":\"\n\"}"
            })
    void whatIsNotOneJsonObjectIsAMalformedBody(String body) {
        ObjectNode problem = problem(body, 400, "malformed-body");

        assertThat(problem.has("pointer")).isFalse();
    }

    static Stream<Arguments> unreadableMembers() {
        return Stream.of(
                Arguments.of("{\"targetPublicKey\":\"4711\",\"targetPublicKey\":\"4711\"}", "/targetPublicKey"),
                Arguments.of("{\"userId\":\"4711\",\"apiKeyName\":1,\"userId\":{\"a\":1}}", "/userId"),
                Arguments.of("{\"parameters\":{\"userId\":\"4711\",\"userId\":[]}}", "/parameters/userId"),
                Arguments.of("{\"apiKeyName\":" + "[".repeat(4000) + "]".repeat(4000) + "}", "/apiKeyName"),
                Arguments.of("{\"apiKeyName\":[{\"a\":1,\"a\":2}]}", "/apiKeyName"),
                Arguments.of("{\"a\":".repeat(1000) + "1" + "}".repeat(1000), "/a/a"),
                // In bounded time.
                Arguments.of("{\"expirationSeconds\":" + "9".repeat(7000) + "}", "/expirationSeconds"));
    }

    @ParameterizedTest
    @MethodSource("unreadableMembers")
    void aMemberThatIsThereTwiceOrBeyondTheBoundsIsNamed(String body, String pointer) {
        ObjectNode problem = problem(body, 400, "malformed-body");

        assertThat(problem.get("pointer").textValue()).isEqualTo(pointer);
        assertThat(problem.get("detail").textValue())
                .startsWith(pointer.substring(1) + ": must be there once")
                .doesNotContain("4711", "999");
    }

    @Test
    void aMemberThatIsThereTwiceUnderAnUnusualNameIsNotRepeated() {
        ObjectNode problem = problem("{\"<script>\":1,\"<script>\":2}", 400, "malformed-body");

        assertThat(problem.has("pointer")).isFalse();
        assertThat(problem.toString()).doesNotContain("script");
    }

    @Test
    void theBodyMayHave8KibAtMost() {
        String padding = " ".repeat(8 * 1024);

        problem("{" + padding + "}", 413, "body-too-large");
        problem("{" + padding.substring(2) + "}", 400, "invalid-field");
        // Bytes, not characters.
        problem("{\"apiKeyName\":\"" + "é".repeat(4096) + "\"}", 413, "body-too-large");
    }

    @Test
    void aBodyInBase64IsDecodedFirst() {
        APIGatewayV2HTTPEvent event = event(base64("{\"expiresIn\":900}"));
        event.setIsBase64Encoded(true);
        problem(event, 400, "unknown-field");

        APIGatewayV2HTTPEvent large = event(base64("{" + " ".repeat(8 * 1024) + "}"));
        large.setIsBase64Encoded(true);
        problem(large, 413, "body-too-large");

        APIGatewayV2HTTPEvent not = event("{}!");
        not.setIsBase64Encoded(true);
        problem(not, 400, "malformed-body");
    }

    @Test
    void malformedUtf8IsAMalformedBody() {
        byte[] latin1 = "{\"apiKeyName\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        APIGatewayV2HTTPEvent event = event(Base64.getEncoder().encodeToString(latin1));
        event.setIsBase64Encoded(true);

        problem(event, 400, "malformed-body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/plain",
                "application/problem+json",
                "application/jsonp",
                "application/json; charset=utf-16",
                "application/json, text/plain",
                "multipart/form-data"
            })
    void aBodyOfAnotherContentTypeIsRefused(String contentType) {
        APIGatewayV2HTTPEvent event = event("{\"targetPublicKey\":\"" + KEY + "\"}");
        Map<String, String> headers = new HashMap<>(event.getHeaders());
        headers.put("content-type", contentType);
        event.setHeaders(headers);

        problem(event, 415, "unsupported-content-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "Application/JSON",
                "application/json;charset=\"UTF-8\"",
                " application/json "
            })
    void jsonMayBeSaidInSeveralWays(String contentType) {
        APIGatewayV2HTTPEvent event = event("{}");
        event.setHeaders(Map.of("Content-Type", contentType));

        problem(event, 400, "invalid-field");
    }

    @Test
    void anUnknownFieldIsRefusedByItsName() {
        ObjectNode problem = problem("{\"targetPublicKey\":\"" + KEY + "\",\"expiresIn\":4711}", 400, "unknown-field");

        assertThat(problem.get("pointer").textValue()).isEqualTo("/expiresIn");
        assertThat(problem.toString()).doesNotContain("4711");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>", "a b", "a~b/c", "é", "\\u0000"})
    void anUnusualNameIsNotRepeated(String name) {
        ObjectNode problem = problem("{\"" + name + "\":1}", 400, "unknown-field");

        assertThat(problem.has("pointer")).isFalse();
        assertThat(problem.toString()).doesNotContain(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"organizationId", "userId"})
    void anothersIdIsNotYours(String field) {
        String other = scene.world().second().userId();

        ObjectNode problem =
                problem("{\"targetPublicKey\":\"" + KEY + "\",\"" + field + "\":\"" + other + "\"}", 403, "not-yours");

        assertThat(problem.get("pointer").textValue()).isEqualTo("/" + field);
        assertThat(problem.toString()).doesNotContain(other);
    }

    static Stream<Map<String, String>> claims() {
        String uuid = "00000000-0000-4000-8000-00000000000a";
        return Stream.of(
                Map.of(),
                Map.of("turnkey_organization_id", uuid),
                Map.of("turnkey_user_id", uuid),
                Map.of("turnkey_organization_id", "", "turnkey_user_id", uuid),
                Map.of("turnkey_organization_id", uuid, "turnkey_user_id", "[" + uuid + "]"),
                Map.of("organizationId", uuid, "userId", uuid));
    }

    @ParameterizedTest
    @MethodSource("claims")
    void aTokenWithoutBothClaimsDoesNotSayWhoCalls(Map<String, String> claims) {
        APIGatewayV2HTTPResponse response = Gateway.serve(
                function, Scene.call(claims, Optional.of("{\"targetPublicKey\":\"" + KEY + "\"}")), Scene.context());

        assertThat(response.getStatusCode()).isEqualTo(403);
        ObjectNode problem = Scene.json(response.getBody());
        assertThat(problem.get("type").textValue()).isEqualTo("urn:votis:sessions:problem:missing-claim");
        assertThat(problem.get("action").textValue()).isEqualTo("sign-in");
    }

    @Test
    void aQueryIsRefused() {
        APIGatewayV2HTTPEvent event = event("{\"targetPublicKey\":\"" + KEY + "\"}");
        event.setQueryStringParameters(Map.of("expirationSeconds", "60"));

        assertThat(problem(event, 400, "invalid-parameter").get("detail").textValue())
                .isEqualTo("this request has no query");
    }

    @Test
    void aCallThatNoAuthorizerSawIsRefused() {
        APIGatewayV2HTTPEvent event = event("{\"targetPublicKey\":\"" + KEY + "\"}");
        event.getRequestContext().setAuthorizer(null);
        assertThat(Gateway.serve(function, event, Scene.context()).getStatusCode())
                .isEqualTo(403);

        event.setRequestContext(null);
        assertThat(Gateway.serve(function, event, Scene.context()).getStatusCode())
                .isEqualTo(403);
        assertThat(Gateway.serve(function, new APIGatewayV2HTTPEvent(), Scene.context())
                        .getStatusCode())
                .isEqualTo(403);
    }

    @Test
    void everyRefusalHasTheMembersOfItsContract() {
        APIGatewayV2HTTPResponse response = Gateway.serve(function, event("{\"expiresIn\":900}"), Scene.context());

        assertThat(Scene.json(response.getBody()))
                .isEqualTo(Json.newObject()
                        .put("type", "urn:votis:sessions:problem:unknown-field")
                        .put("title", "The API has no such field")
                        .put("status", 400)
                        .put("detail", "expiresIn: is not a field of this request")
                        .put("instance", Scene.REQUEST_ID)
                        .put("action", "fix-request")
                        .put("pointer", "/expiresIn"));
        assertThat(response.getHeaders())
                .isEqualTo(Map.of(
                        "Content-Type",
                        "application/problem+json",
                        "Cache-Control",
                        "no-store",
                        "X-Request-Id",
                        Scene.REQUEST_ID));
        assertThat(response.getIsBase64Encoded()).isFalse();
    }

    private ObjectNode problem(String body, int status, String slug) {
        return problem(event(body), status, slug);
    }

    private ObjectNode problem(APIGatewayV2HTTPEvent event, int status, String slug) {
        APIGatewayV2HTTPResponse response = Gateway.serve(function, event, Scene.context());
        ObjectNode problem = Scene.json(response.getBody());
        assertThat(problem.get("type").textValue()).isEqualTo("urn:votis:sessions:problem:" + slug);
        assertThat(response.getStatusCode()).isEqualTo(status);
        assertThat(problem.get("action").textValue()).isEqualTo("fix-request");
        return problem;
    }

    private APIGatewayV2HTTPEvent event(String body) {
        return scene.call(scene.world().first(), body);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
