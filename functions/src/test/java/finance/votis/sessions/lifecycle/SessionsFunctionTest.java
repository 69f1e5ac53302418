package finance.votis.sessions.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Examples;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.RecordedRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsFunctionTest {

    private static final String LIST = "GET /v1/sessions";
    private static final String REVOKE = "DELETE /v1/sessions/{apiKeyId}";
    private static final String REVOKE_OTHERS = "DELETE /v1/sessions";

    private static final String PHONE = "00000000-0000-4000-8000-0000000000c1";
    private static final String TABLET = "00000000-0000-4000-8000-0000000000c2";
    private static final String WATCH = "00000000-0000-4000-8000-0000000000c3";
    private static final String NEVER_THERE = "00000000-0000-4000-8000-0000000000c9";

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.world().first();
    private final DemoWorld.Customer grace = scene.world().second();
    private final SessionsFunction function = new SessionsFunction(scene.environment(), scene.platform());

    @AfterEach
    void close() {
        scene.close();
    }

    /** Ada has three sessions, Grace one. Ada's laptop has a key that lives for ever, and one that ends and is no session. */
    private void sessions() {
        scene.addSession(ada.userId(), PHONE, "Client session phone", Duration.ofMinutes(15));
        scene.clock().advance(Duration.ofSeconds(90));
        scene.addSession(ada.userId(), TABLET, "Client session tablet", Duration.ofHours(24));
        scene.clock().advance(Duration.ofSeconds(1));
        scene.addSession(ada.userId(), WATCH, "Read Write Session - today", Duration.ofMinutes(1));
        scene.addSession(grace.userId(), "00000000-0000-4000-8000-0000000000d1", "Client session", Duration.ofHours(1));
        scene.turnkey()
                .world()
                .addExpiringApiKey(
                        ada.userId(),
                        "ends, and is no session",
                        KeyPair.generate(new SecureRandom()).publicKey(),
                        Duration.ofHours(1));
    }

    @Test
    void theCallersLiveSessionsAreListedNewestFirst() {
        sessions();

        assertThat(list(Map.of())).isEqualTo(Scene.json("""
                        {"sessions": [
                          {"apiKeyId": "00000000-0000-4000-8000-0000000000c3", "apiKeyName": "Read Write Session - today", "kind": "read-write",
                           "createdAt": "2026-11-23T21:01:31Z", "expiresAt": "2026-11-23T21:02:31Z"},
                          {"apiKeyId": "00000000-0000-4000-8000-0000000000c2", "apiKeyName": "Client session tablet", "kind": "read-write",
                           "createdAt": "2026-11-23T21:01:30Z", "expiresAt": "2026-11-24T21:01:30Z"},
                          {"apiKeyId": "00000000-0000-4000-8000-0000000000c1", "apiKeyName": "Client session phone", "kind": "read-write",
                           "createdAt": "2026-11-23T21:00:00Z", "expiresAt": "2026-11-23T21:15:00Z"}]}
                        """));
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("listed");
        assertThat(scene.lastLine().get("Sessions").longValue()).isEqualTo(3);
        assertThat(scene.lastLine().get("ExpiredUnrevoked").longValue()).isZero();
    }

    @Test
    void whoHasNoneIsToldSo() {
        assertThat(list(Map.of())).isEqualTo(Scene.json("{\"sessions\": []}"));
    }

    @Test
    void theSessionThatTheCallerNamesIsMarked() {
        sessions();

        assertThat(list(Map.of("current", TABLET)).get("sessions"))
                .extracting(
                        session -> session.get("apiKeyId").textValue(),
                        session ->
                                session.has("current") && session.get("current").booleanValue())
                .containsExactly(tuple(WATCH, false), tuple(TABLET, true), tuple(PHONE, false));
        assertThat(list(Map.of("current", NEVER_THERE)).get("sessions")).noneMatch(session -> session.has("current"));
    }

    @Test
    void whatIsOverIsNotListedAndCounted() {
        sessions();
        scene.clock().advance(Duration.ofMinutes(1));

        assertThat(ids(list(Map.of()))).containsExactly(TABLET, PHONE);
        assertThat(scene.lastLine().get("ExpiredUnrevoked").longValue()).isEqualTo(1);
    }

    @Test
    void keysOfTurnkeysLoginsAreSessionsToo() {
        scene.turnkey().faults().next(Endpoint.GET_API_KEYS, Fault.answer(200, "application/json", keys()));

        assertThat(list(Map.of()).get("sessions"))
                .extracting(session -> session.get("kind").textValue())
                .containsExactly("read-write", "login", "oauth", "otp", "email");
    }

    private static String keys() {
        List<String> types = List.of(
                "READ_WRITE_SESSION_KEY_P256",
                "LOGIN",
                "OAUTH_KEY_P256",
                "OTP_AUTH_KEY_P256",
                "EMAIL_AUTH_KEY_P256",
                "API_KEY_P256");
        return Stream.iterate(0, i -> i + 1)
                .limit(types.size())
                .map(i -> """
                        {"credential": {"publicKey": "02", "type": "CREDENTIAL_TYPE_%s"}, "expirationSeconds": "900",
                         "apiKeyId": "00000000-0000-4000-8000-00000000000%d", "apiKeyName": "n", "createdAt": {"seconds": "%d", "nanos": "0"}}""".formatted(types.get(i), i, Scene.START.getEpochSecond() - i))
                .collect(Collectors.joining(",", "{\"apiKeys\": [", "]}"));
    }

    @Test
    void aSessionIsEndedAndNoOther() {
        sessions();

        done(call(REVOKE, Map.of("apiKeyId", TABLET), Map.of()));

        assertThat(ids(list(Map.of()))).containsExactly(WATCH, PHONE);
        ObjectNode line = Scene.json(scene.log().getFirst());
        assertThat(line.get("outcome").textValue()).isEqualTo("revoked");
        assertThat(line.get("kind").textValue()).isEqualTo("read-write");
        assertThat(line.get("deletedApiKeyIds").textValue()).isEqualTo(TABLET);
        assertThat(line.get("userId").textValue()).isEqualTo(ada.userId());
    }

    @Test
    void anIdInCapitalsIsTheSame() {
        sessions();

        done(call(REVOKE, Map.of("apiKeyId", TABLET.toUpperCase(Locale.ROOT)), Map.of()));
    }

    @Test
    void allOthersAreEndedAtOnceAndNothingElse() {
        sessions();

        done(call(REVOKE_OTHERS, Map.of(), Map.of("keep", PHONE)));

        assertThat(ids(list(Map.of()))).containsExactly(PHONE);
        assertThat(scene.turnkey().world().apiKeys(ada.userId()))
                .extracting(ApiKey::name)
                .contains("laptop", "ends, and is no session");
        assertThat(scene.turnkey().world().apiKeys(grace.userId())).hasSize(2);
        assertThat(scene.turnkey().requests(Endpoint.DELETE_API_KEYS)).hasSize(1);
        assertThat(Scene.json(scene.log().getFirst()).get("Sessions").longValue())
                .isEqualTo(2);
    }

    @Test
    void whereThereIsNoOtherNothingIsAskedOfTurnkey() {
        scene.addSession(ada.userId(), PHONE, "Client session phone", Duration.ofMinutes(15));

        done(call(REVOKE_OTHERS, Map.of(), Map.of("keep", PHONE)));

        assertThat(scene.turnkey().requests(Endpoint.DELETE_API_KEYS)).isEmpty();
    }

    /** Each is told as not there, whatever it is. */
    private Stream<String> noLiveSessionsOfAdas() {
        var world = scene.turnkey().world();
        return Stream.of(
                NEVER_THERE,
                "00000000-0000-4000-8000-0000000000d1", // Grace's
                world.apiKeys(ada.userId()).getFirst().id(), // lives for ever
                world.apiKeys(ada.userId()).getLast().id(), // ends, and is no session
                world.apiKeys(ada.delegateUserId()).getFirst().id(),
                WATCH); // over
    }

    @Test
    void whatIsNoLiveSessionOfTheCallerIsNotThereWhicheverItIs() {
        sessions();
        scene.clock().advance(Duration.ofMinutes(1));
        long keys = scene.turnkey().world().apiKeys(ada.userId()).size();

        assertThat(noLiveSessionsOfAdas()).hasSize(6).allSatisfy(id -> {
            APIGatewayV2HTTPResponse one = call(REVOKE, Map.of("apiKeyId", id), Map.of());
            APIGatewayV2HTTPResponse others = call(REVOKE_OTHERS, Map.of(), Map.of("keep", id));
            assertThat(Scene.summary(one)).isEqualTo("404 no-such-session");
            assertThat(others.getBody()).isEqualTo(one.getBody());
            assertThat(one.getBody()).doesNotContain(id);
        });

        assertThat(scene.turnkey().requests(Endpoint.DELETE_API_KEYS)).isEmpty();
        assertThat(scene.turnkey().world().apiKeys(ada.userId())).hasSize((int) keys);
        assertThat(scene.turnkey().world().apiKeys(grace.userId())).hasSize(2);
    }

    @Test
    void aSecondDeletionFindsNothing() {
        sessions();
        done(call(REVOKE, Map.of("apiKeyId", TABLET), Map.of()));

        assertThat(Scene.summary(call(REVOKE, Map.of("apiKeyId", TABLET), Map.of())))
                .isEqualTo("404 no-such-session");
    }

    @Test
    void twoDeletionsAtOnceAreBothDone() throws Exception {
        sessions();
        // Both answers are made before either deletion, and another instance's clock makes other bytes.
        Fault late = Fault.delay(Duration.ofMillis(500));
        scene.turnkey().faults().next(Endpoint.GET_API_KEYS, late, late);
        Platform platform = scene.platform();
        var other = new SessionsFunction(
                scene.environment(),
                new Platform(
                        () -> scene.clock().instant().plusMillis(1),
                        platform.nanoTime(),
                        platform.waiting(),
                        platform.random(),
                        platform.log()));

        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            var answers = threads.invokeAll(Stream.of(function, other)
                    .map(one -> (Callable<APIGatewayV2HTTPResponse>) () ->
                            Gateway.serve(one, event(REVOKE, Map.of("apiKeyId", TABLET), Map.of()), Scene.context()))
                    .toList());

            done(answers.getFirst().get());
            done(answers.getLast().get());
        }
        assertThat(scene.turnkey().requests(Endpoint.DELETE_API_KEYS))
                .extracting(RecordedRequest::bodyText)
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(ids(list(Map.of()))).doesNotContain(TABLET);
    }

    @Test
    void whatAnotherDeletionTookMeanwhileDoesNotKeepTheRest() {
        sessions();
        scene.turnkey().faults().next(Endpoint.DELETE_API_KEYS, Fault.refusal(404, "api key not found"));
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.GET_API_KEYS,
                        Fault.delay(Duration.ZERO),
                        Fault.answer(200, "application/json", listOf(PHONE, WATCH)));

        done(call(REVOKE_OTHERS, Map.of(), Map.of("keep", PHONE)));

        assertThat(scene.turnkey().requests(Endpoint.DELETE_API_KEYS).getLast().bodyText())
                .contains(WATCH)
                .doesNotContain(TABLET);
    }

    private static String listOf(String... ids) {
        return Stream.of(ids)
                .map(id -> """
                        {"credential": {"publicKey": "02", "type": "CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256"}, "expirationSeconds": "900",
                         "apiKeyId": "%s", "apiKeyName": "n", "createdAt": {"seconds": "%d", "nanos": "0"}}""".formatted(id, Scene.START.getEpochSecond()))
                .collect(Collectors.joining(",", "{\"apiKeys\": [", "]}"));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "request not authorized"), "502 turnkey-refused"),
                Arguments.of(Fault.failed("REQUEST_NOT_AUTHORIZED", "no"), "502 turnkey-refused"),
                Arguments.of(Fault.consensusNeeded(), "409 needs-approval"),
                Arguments.of(Fault.refusal(429, "SIGNING_QUOTA_EXCEEDED", "spent"), "503 turnkey-quota-exceeded"),
                Arguments.of(Fault.answer(200, "text/html", "<html>"), "502 turnkey-unreadable"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aDeletionThatTurnkeyDoesNotDoIsToldAndTheSessionLives(Fault fault, String expected) {
        sessions();
        scene.turnkey().faults().next(Endpoint.DELETE_API_KEYS, fault);

        assertThat(Scene.summary(call(REVOKE, Map.of("apiKeyId", TABLET), Map.of())))
                .isEqualTo(expected);

        assertThat(ids(list(Map.of()))).contains(TABLET);
    }

    @Test
    void aListThatTurnkeyDoesNotGiveIsTold() {
        Fault down = Fault.internalError();
        scene.turnkey().faults().next(Endpoint.GET_API_KEYS, down, down, down, down);

        assertThat(Scene.summary(call(LIST, Map.of(), Map.of()))).isEqualTo("502 turnkey-unreachable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "all", "00000000-0000-4000-8000-0000000000c1,00000000-0000-4000-8000-0000000000c2"})
    void whatIsNoIdIsRefusedByName(String id) {
        for (APIGatewayV2HTTPResponse response : List.of(
                call(REVOKE, Map.of("apiKeyId", id), Map.of()),
                call(REVOKE_OTHERS, Map.of(), Map.of("keep", id)),
                call(LIST, Map.of(), Map.of("current", id)))) {
            assertThat(Scene.summary(response)).isEqualTo("400 invalid-parameter");
            assertThat(Scene.json(response.getBody()).get("parameter").textValue())
                    .isIn("apiKeyId", "keep", "current");
        }
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void whichOneToKeepMustBeSaid() {
        APIGatewayV2HTTPResponse response = call(REVOKE_OTHERS, Map.of(), Map.of());

        assertThat(Scene.summary(response)).isEqualTo("400 invalid-parameter");
        assertThat(Scene.json(response.getBody()).get("parameter").textValue()).isEqualTo("keep");
    }

    @Test
    void aQueryThatIsNotKnownIsRefused() {
        assertThat(Scene.summary(call(LIST, Map.of(), Map.of("page", "2")))).isEqualTo("400 invalid-parameter");
        assertThat(Scene.summary(call(REVOKE, Map.of("apiKeyId", PHONE), Map.of("keep", PHONE))))
                .isEqualTo("400 invalid-parameter");
    }

    @Test
    void aRouteThatIsNotThisFunctionsIsOurMistake() {
        assertThat(Scene.summary(call("GET /v1/sessions/{apiKeyId}", Map.of("apiKeyId", PHONE), Map.of())))
                .isEqualTo("500 internal-error");
    }

    @Test
    void whoHasNoClaimIsNobody() {
        var event = Scene.call(Map.of(), Optional.empty());
        event.setRouteKey(LIST);

        assertThat(Scene.summary(Gateway.serve(function, event, Scene.context())))
                .isEqualTo("403 missing-claim");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void aKeyInKmsServesAsWell() {
        scene.addSession(ada.userId(), PHONE, "Client session phone", Duration.ofMinutes(15));
        var inKms = new SessionsFunction(scene.environmentWithKeysInKms(), scene.platform());

        done(Gateway.serve(inKms, event(REVOKE, Map.of("apiKeyId", PHONE), Map.of()), Scene.context()));
    }

    @Test
    void aUserThatMayDeleteKeysAndNothingElseServesAsWell() {
        sessions();
        KeyPair keeper = KeyPair.generate(new SecureRandom());
        var world = scene.turnkey().world();
        String id = world.newId();
        world.addUser(ada.organizationId(), id, "Keeper of sessions");
        world.addApiKey(id, "backend", keeper.publicKey());
        world.addPolicyFile(
                ada.organizationId(),
                "delegate-deletes-keys-of-end-user.json",
                Map.of("DELEGATE_USER_ID", id, "END_USER_ID", ada.userId()));
        String secret = scene.aws().createSecret("keeper", Optional.of(Scene.credential(keeper)));
        var own = new SessionsFunction(
                scene.environmentWith(Map.of("SESSIONS_CREDENTIAL", "secret:" + secret)), scene.platform());

        done(Gateway.serve(own, event(REVOKE, Map.of("apiKeyId", TABLET), Map.of()), Scene.context()));

        assertThat(scene.turnkey().requests())
                .extracting(RecordedRequest::stampedBy)
                .containsOnly(Optional.of(keeper.publicKey()));
    }

    @Test
    void aFunctionWithoutItsSettingsDoesNotStart() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(SessionsFunction::new)
                .withMessageContaining("SESSIONS_CREDENTIAL is missing");
    }

    @Test
    void theExamplesOfTheContractAreAnsweredAsTheySay() {
        for (String route : List.of("GET /v1/sessions", "DELETE /v1/sessions", "DELETE /v1/sessions/{apiKeyId}")) {
            Examples.send(route, own -> new SessionsFunction(own.environment(), own.platform()));
        }
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        assertThat(Events.answers("sessions")).isNotEmpty().allSatisfy((name, expected) -> {
            try (Scene own = new Scene()) {
                own.addCustomerOfEvents();
                SessionsFunction one = new SessionsFunction(own.environment(), own.platform());
                assertThat(Scene.summary(Events.callWith(name, one))).as(name).isEqualTo(expected);
            }
        });
    }

    private ObjectNode list(Map<String, String> query) {
        APIGatewayV2HTTPResponse response = call(LIST, Map.of(), query);
        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
        assertThat(response.getHeaders())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Request-Id", Scene.REQUEST_ID);
        return Scene.json(response.getBody());
    }

    private static List<String> ids(ObjectNode list) {
        return list.get("sessions")
                .valueStream()
                .map((JsonNode session) -> session.get("apiKeyId").textValue())
                .toList();
    }

    private static void done(APIGatewayV2HTTPResponse response) {
        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(204);
        assertThat(response.getBody()).isNull();
        assertThat(response.getHeaders())
                .isEqualTo(Map.of("Cache-Control", "no-store", "X-Request-Id", Scene.REQUEST_ID));
    }

    private APIGatewayV2HTTPResponse call(String route, Map<String, String> path, Map<String, String> query) {
        return Gateway.serve(function, event(route, path, query), Scene.context());
    }

    private APIGatewayV2HTTPEvent event(String route, Map<String, String> path, Map<String, String> query) {
        APIGatewayV2HTTPEvent event = scene.call(ada);
        event.setRouteKey(route);
        event.setPathParameters(path.isEmpty() ? null : path);
        event.setQueryStringParameters(query.isEmpty() ? null : query);
        return event;
    }
}
