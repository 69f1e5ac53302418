package finance.votis.sessions.readonly;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Examples;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.TestContext;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadOnlySessionFunctionTest {

    private static final String RESULT = "/activity/result/createReadOnlySessionResult/";

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.world().first();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void theTokenReadsTheCallersOrganisationAndWritesNothing() throws Exception {
        ObjectNode answer = created(Gateway.serve(function(), scene.call(ada), Scene.context()));

        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly("organizationId", "userId", "session", "expiresAt");
        assertThat(answer.get("organizationId").textValue()).isEqualTo(ada.organizationId());
        assertThat(answer.get("userId").textValue()).isEqualTo(ada.delegateUserId());
        assertThat(answer.get("expiresAt").textValue()).isEqualTo("2026-11-23T22:00:00Z");
        String token = answer.get("session").textValue();
        assertThat(query(token, ada)).isEqualTo(200);
        assertThat(query(token, scene.world().second())).isEqualTo(401);
        assertThat(post(token, Endpoint.CREATE_READ_ONLY_SESSION, "{}")).isEqualTo(401);
    }

    @Test
    void theCallersOwnIdsAreWelcome() {
        created(Gateway.serve(
                function(),
                scene.call(
                        ada,
                        Json.text(Json.newObject()
                                .put("organizationId", ada.organizationId())
                                .put("userId", ada.userId()))),
                Scene.context()));
    }

    @Test
    void aQueryIsRefused() {
        APIGatewayV2HTTPEvent event = scene.call(ada);
        event.setQueryStringParameters(Map.of("userId", ada.userId()));

        problem(Gateway.serve(function(), event, Scene.context()), 400, "invalid-parameter");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void anothersIdIsNotTheCallers() {
        String grace = scene.world().second().userId();

        ObjectNode problem = problem(
                Gateway.serve(
                        function(), scene.call(ada, Json.text(Json.newObject().put("userId", grace))), Scene.context()),
                403,
                "not-yours");

        assertThat(problem.get("pointer").textValue()).isEqualTo("/userId");
        assertThat(problem.toString()).doesNotContain(grace);
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void aTokenOfAnotherOrganisationDoesNotLeaveAndRaisesAnAlarm() {
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.CREATE_READ_ONLY_SESSION,
                        Fault.with(RESULT + "organizationId", scene.world().parentId()));

        APIGatewayV2HTTPResponse response = Gateway.serve(function(), scene.call(ada), Scene.context());

        ObjectNode problem = problem(response, 502, "turnkey-unreadable");
        assertThat(problem.has("session")).isFalse();
        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("foreign-organisation");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
    }

    @Test
    void aParentsKeyInPlaceOfTheDelegatesMakesNothingAndRaisesTheSameAlarm() {
        scene.putSecret(scene.delegateSecret(), Scene.credential(scene.world().rootKey()));

        problem(Gateway.serve(function(), scene.call(ada), Scene.context()), 500, "internal-error");

        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("foreign-organisation");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("ORGANIZATION_MISMATCH");
    }

    @Test
    void aTokenOfTheCallersOwnUserDoesNotLeave() {
        KeyPair key = KeyPair.generate(new SecureRandom());
        scene.turnkey().world().addApiKey(ada.userId(), "of the end user", key.publicKey());
        scene.putSecret(scene.delegateSecret(), Scene.credential(key));

        ObjectNode problem =
                problem(Gateway.serve(function(), scene.call(ada), Scene.context()), 502, "turnkey-unreadable");

        assertThat(problem.has("session")).isFalse();
        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("foreign-organisation");
        assertThat(scene.lastLine().get("reason").textValue()).isEqualTo("WRONG_USER");
    }

    @Test
    void aFailedActivityOfAnotherOrganisationRaisesTheAlarmToo() {
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.CREATE_READ_ONLY_SESSION,
                        Fault.failed("ORGANIZATION_MISMATCH", "organization mismatch"));

        problem(Gateway.serve(function(), scene.call(ada), Scene.context()), 500, "internal-error");

        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("foreign-organisation");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "request not authorized"), 502, "turnkey-refused"),
                Arguments.of(Fault.failed("REQUEST_NOT_AUTHORIZED", "no"), 502, "turnkey-refused"),
                Arguments.of(Fault.emptyObject(), 502, "turnkey-refused"),
                Arguments.of(Fault.answer(200, "application/json", "{\"activity\""), 502, "turnkey-unreadable"),
                Arguments.of(Fault.without(RESULT + "session"), 502, "turnkey-unreadable"),
                Arguments.of(Fault.with(RESULT + "session", ""), 502, "turnkey-unreadable"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void turnkeysFailuresAreProblems(Fault fault, int status, String slug) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_ONLY_SESSION, fault);

        problem(Gateway.serve(function(), scene.call(ada), Scene.context()), status, slug);

        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("invocation");
    }

    @Test
    void turnkeyOutOfReachIsTold() {
        scene.turnkey().close();

        problem(Gateway.serve(function(), scene.call(ada), Scene.context()), 502, "turnkey-unreachable");
    }

    @Test
    void aSlowTurnkeyIsTold() {
        ReadOnlySessionFunction function = function();
        created(Gateway.serve(function, scene.call(ada), Scene.context()));
        scene.turnkey().faults().next(Endpoint.CREATE_READ_ONLY_SESSION, Fault.silence());

        problem(Gateway.serve(function, scene.call(ada), new TestContext(Duration.ofSeconds(1))), 504, "turnkey-slow");
    }

    @Test
    void theTokenIsInNoLine() {
        String token = created(Gateway.serve(function(), scene.call(ada), Scene.context()))
                .get("session")
                .textValue();

        assertThat(scene.log()).noneMatch(line -> line.contains(token));
    }

    @Test
    void theExamplesOfTheContractAreAnsweredAsTheySay() {
        Examples.send(
                "POST /v1/sessions/read-only", own -> new ReadOnlySessionFunction(own.environment(), own.platform()));
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        scene.addCustomerOfEvents();
        ReadOnlySessionFunction function = function();

        assertThat(Events.answers("read-only-session"))
                .isNotEmpty()
                .allSatisfy((name, expected) -> assertThat(Scene.summary(Events.callWith(name, function)))
                        .as(name)
                        .isEqualTo(expected));
    }

    private ReadOnlySessionFunction function() {
        return new ReadOnlySessionFunction(scene.environment(), scene.platform());
    }

    private int query(String token, DemoWorld.Customer of) throws Exception {
        return post(
                token,
                Endpoint.GET_USER,
                Json.text(Json.newObject()
                        .put("organizationId", of.organizationId())
                        .put("userId", of.userId())));
    }

    private int post(String token, Endpoint endpoint, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(scene.turnkey().url().resolve(endpoint.path()))
                                    .header("X-Session", token)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static ObjectNode created(APIGatewayV2HTTPResponse response) {
        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(201);
        assertThat(response.getHeaders()).containsEntry("Cache-Control", "no-store");
        return Scene.json(response.getBody());
    }

    private static ObjectNode problem(APIGatewayV2HTTPResponse response, int status, String slug) {
        ObjectNode problem = Scene.json(response.getBody());
        assertThat(problem.get("type").textValue()).isEqualTo("urn:votis:sessions:problem:" + slug);
        assertThat(response.getStatusCode()).isEqualTo(status);
        return problem;
    }
}
