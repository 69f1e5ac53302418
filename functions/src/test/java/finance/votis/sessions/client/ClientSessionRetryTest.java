package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A phone asks again, and is told of the session that it has; or it asks for one in place of another. */
class ClientSessionRetryTest {

    private static final String CREATE = "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2";
    private static final Instant NOW = Scene.START;

    private final Scene scene = new Scene();
    private final TargetKeyPair phone = TargetKeyPair.generate(new SecureRandom());
    private final DemoWorld.Customer ada = scene.world().first();
    /** Two instances, which share nothing. */
    private final ClientSessionFunction one = new ClientSessionFunction(scene.environment(), scene.platform());

    private final ClientSessionFunction other = new ClientSessionFunction(scene.environment(), scene.platform());

    @AfterEach
    void close() {
        scene.close();
        phone.close();
    }

    @Test
    void anAnswerThatIsLostAfterTurnkeyTookEffectIsGivenAgainByAnotherInstance() throws Exception {
        // Each of the four sendings of the first request is cut off, the first one after its effect.
        Fault lost = Fault.resetAfterEffect();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, lost, lost, lost, lost);
        assertThat(summary(ask(one, requestedAt(NOW)))).isEqualTo("502 turnkey-unreachable");
        String made = liveKeys().getFirst();

        scene.clock().advance(Duration.ofMinutes(14));
        ObjectNode again = created(ask(other, requestedAt(NOW)));

        assertThat(again.get("apiKeyId").textValue()).isEqualTo(made);
        assertThat(again.get("createdAt").textValue()).isEqualTo("2026-11-23T21:00:00Z");
        assertThat(again.get("expiresAt").textValue()).isEqualTo("2026-11-23T21:15:00Z");
        assertThat(liveKeys()).hasSize(1);
        assertThat(activities()).isEqualTo(1);
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("reused");
        assertThat(phone.open(CredentialBundle.parse(
                                again.get("credentialBundle").textValue()))
                        .publicKey()
                        .compressedHex())
                .isEqualTo(scene.turnkey().world().apiKeys(ada.userId()).stream()
                        .filter(key -> key.id().equals(made))
                        .findFirst()
                        .orElseThrow()
                        .publicKey()
                        .compressedHex());
    }

    @Test
    void twoInstancesThatAreAskedTheSameGiveTheSameAnswer() {
        ObjectNode first = created(ask(one, requestedAt(NOW)));

        assertThat(created(ask(other, requestedAt(NOW)))).isEqualTo(first);
        assertThat(activities()).isEqualTo(1);
    }

    @Test
    void withoutATimeTheClocksWindowServes() {
        ObjectNode first = created(ask(one, body()));
        scene.clock().advance(Duration.ofMinutes(9).plusSeconds(59));
        assertThat(created(ask(other, body()))).isEqualTo(first);

        scene.clock().advance(Duration.ofSeconds(1));

        assertThat(created(ask(other, body())).get("apiKeyId")).isNotEqualTo(first.get("apiKeyId"));
        assertThat(activities()).isEqualTo(2);
    }

    static Stream<ObjectNode> otherRequests() {
        return Stream.of(
                Json.newObject().put("apiKeyName", "another phone"),
                Json.newObject().put("expirationSeconds", 901),
                Json.newObject().put("invalidateExisting", true),
                Json.newObject().put("requestedAt", "2026-11-23T21:00:00.001Z"),
                Json.newObject()
                        .put(
                                "targetPublicKey",
                                TargetKeyPair.generate(new SecureRandom())
                                        .publicKey()
                                        .uncompressedHex()));
    }

    @ParameterizedTest
    @MethodSource("otherRequests")
    void whatAsksForSomethingElseGetsSomethingElse(ObjectNode different) {
        ObjectNode first = created(ask(one, requestedAt(NOW)));
        ObjectNode second = requestedAt(NOW);
        second.setAll(different);

        assertThat(created(ask(one, second)).get("apiKeyId")).isNotEqualTo(first.get("apiKeyId"));
    }

    @Test
    void anothersRequestOfTheSameFormIsAnothersSession() {
        ObjectNode first = created(ask(one, requestedAt(NOW)));

        ObjectNode graces = created(
                Gateway.serve(one, scene.call(scene.world().second(), Json.text(requestedAt(NOW))), Scene.context()));

        assertThat(graces.get("apiKeyId")).isNotEqualTo(first.get("apiKeyId"));
    }

    @Test
    void aSessionWhoseTimeIsOverIsToldAndNotGiven() {
        created(ask(one, requestedAt(NOW).put("expirationSeconds", 60)));
        scene.clock().advance(Duration.ofSeconds(60));

        APIGatewayV2HTTPResponse response = ask(other, requestedAt(NOW).put("expirationSeconds", 60));

        ended(response);
        assertThat(activities()).isEqualTo(1);
    }

    @Test
    void aSessionThatWasRevokedAtOnceIsToldAndNotGiven() {
        ObjectNode first = created(ask(one, requestedAt(NOW)));
        scene.turnkey().world().removeApiKey(first.get("apiKeyId").textValue());

        ended(ask(one, requestedAt(NOW)));

        assertThat(scene.lastLine().get("apiKeyId")).isEqualTo(first.get("apiKeyId"));
        assertThat(liveKeys()).isEmpty();
    }

    @Test
    void aKeyThatComesToTheListAMomentLaterIsWaitedFor() {
        scene.turnkey().faults().next(Endpoint.GET_API_KEYS, Fault.answer(200, "application/json", "{\"apiKeys\":[]}"));

        created(ask(one, requestedAt(NOW)));

        assertThat(scene.pauses()).containsExactly(Duration.ofMillis(300));
    }

    @Test
    void whereTheListCannotBeHadNothingIsGivenAndTheSameRequestGetsTheSession() {
        Fault down = Fault.internalError();
        scene.turnkey().faults().next(Endpoint.GET_API_KEYS, down, down, down, down);
        assertThat(summary(ask(one, requestedAt(NOW)))).isEqualTo("502 turnkey-unreachable");
        JsonNode logged = scene.lastLine().get("apiKeyId");

        ObjectNode session = created(ask(one, requestedAt(NOW)));

        assertThat(logged).isEqualTo(session.get("apiKeyId"));
        assertThat(activities()).isEqualTo(1);
    }

    @Test
    void anActivityThatFailedIsNotAskedForByTheSameBytesAgain() {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.failed("INTERNAL", "no luck"));

        APIGatewayV2HTTPResponse response = ask(one, requestedAt(NOW));

        assertThat(summary(response)).isEqualTo("502 activity-failed");
        assertThat(Scene.json(response.getBody()).get("action").textValue()).isEqualTo("new-key");
        assertThat(Scene.json(response.getBody()).get("activityId"))
                .isEqualTo(scene.lastLine().get("activityId"));
        assertThat(summary(ask(other, requestedAt(NOW)))).isEqualTo("502 activity-failed");
    }

    @Test
    void onceItIsApprovedTheSameRequestGetsTheSession() throws Exception {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.consensusNeeded());
        assertThat(summary(ask(one, requestedAt(NOW)))).isEqualTo("409 needs-approval");
        byte[] sent = scene.turnkey()
                .requests(Endpoint.CREATE_READ_WRITE_SESSION)
                .getFirst()
                .body();

        approve("sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sent)));

        created(ask(other, requestedAt(NOW)));
        assertThat(activities()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T20:30:00Z",
                "2026-11-23T21:02:00Z",
                "2026-11-23T21:00:00.123456789Z",
                "2026-11-23T20:59:59+00:00"
            })
    void aTimeInItsBoundsIsTakenToTheMillisecond(String time) {
        created(ask(one, body().put("requestedAt", time)));

        assertThat(scene.turnkey()
                        .requests(Endpoint.CREATE_READ_WRITE_SESSION)
                        .getLast()
                        .bodyText())
                .contains("\"timestampMs\":\"" + Instant.parse(time).toEpochMilli() + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T20:29:59.999Z",
                "2026-11-23T21:02:00.001Z",
                "2026-11-23T21:00:00",
                "2026-11-23T22:00:00+01:00",
                "2026-11-23 21:00:00Z",
                "2026-11-23t21:00:00z",
                "2026-11-23T21:00Z",
                "2026-11-23T24:00:00Z",
                "2026-11-23T20:59:60Z",
                "2026-02-30T21:00:00Z",
                "+2026-11-23T21:00:00Z",
                "1795467600000",
                "now",
                ""
            })
    void anyOtherTimeIsRefusedByName(String time) {
        assertThat(Scene.summary(ask(one, body().put("requestedAt", time))))
                .isEqualTo("400 invalid-field /requestedAt");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void aTimeAsANumberIsRefusedByName() {
        assertThat(Scene.summary(ask(one, body().put("requestedAt", NOW.toEpochMilli()))))
                .isEqualTo("400 invalid-field /requestedAt");
    }

    @Test
    void theNewSessionIsThereBeforeTheOldOneIsEnded() {
        String old = created(ask(one, requestedAt(NOW.minusSeconds(1))))
                .get("apiKeyId")
                .textValue();

        ObjectNode fresh = created(ask(one, requestedAt(NOW).put("replaces", old)));

        assertThat(fresh.get("replaced").textValue()).isEqualTo("revoked");
        assertThat(liveKeys()).containsExactly(fresh.get("apiKeyId").textValue());
        assertThat(scene.turnkey().requests())
                .extracting(request -> request.path().substring("/public/v1/".length()))
                .containsExactly(
                        "submit/create_read_write_session",
                        "query/get_api_keys",
                        "submit/create_read_write_session",
                        "query/get_api_keys",
                        "submit/delete_api_keys");
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("refreshed");
        assertThat(scene.lastLine().get("deletedApiKeyIds").textValue()).isEqualTo(old);
    }

    @Test
    void aRefreshThatIsRepeatedSaysThatTheOldOneIsGone() {
        String old = created(ask(one, requestedAt(NOW.minusSeconds(1))))
                .get("apiKeyId")
                .textValue();
        ObjectNode first = created(ask(one, requestedAt(NOW).put("replaces", old)));

        ObjectNode again = created(ask(other, requestedAt(NOW).put("replaces", old)));

        assertThat(again.get("apiKeyId")).isEqualTo(first.get("apiKeyId"));
        assertThat(again.get("replaced").textValue()).isEqualTo("not-found");
        assertThat(liveKeys()).hasSize(1);
    }

    @Test
    void whereTheOldOneCannotBeEndedTheNewOneIsGivenAndTheAnswerSaysSo() {
        String old = created(ask(one, requestedAt(NOW.minusSeconds(1))))
                .get("apiKeyId")
                .textValue();
        scene.turnkey()
                .faults()
                .next(Endpoint.DELETE_API_KEYS, Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "request not authorized"));

        ObjectNode fresh = created(ask(one, requestedAt(NOW).put("replaces", old)));

        assertThat(fresh.get("replaced").textValue()).isEqualTo("failed");
        assertThat(liveKeys())
                .containsExactlyInAnyOrder(old, fresh.get("apiKeyId").textValue());
        assertThat(scene.lastLine().get("warning").textValue())
                .isEqualTo("the session that is replaced was not revoked");
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("REQUEST_NOT_AUTHORIZED");
    }

    @Test
    void whereTheKeyDoesNotStampAnyMoreTheNewOneIsGivenToo() {
        var inKms = new ClientSessionFunction(scene.environmentWithKeysInKms(), scene.platform());
        String old = created(ask(inKms, requestedAt(NOW.minusSeconds(1))))
                .get("apiKeyId")
                .textValue();
        var asUsual = new finance.votis.sessions.standins.aws.Fault.Late(Duration.ZERO);
        scene.aws()
                .faults()
                .next(Operation.SIGN, asUsual, asUsual, new finance.votis.sessions.standins.aws.Fault.AccessDenied());

        ObjectNode fresh = created(ask(inKms, requestedAt(NOW).put("replaces", old)));

        assertThat(fresh.get("replaced").textValue()).isEqualTo("failed");
    }

    @Test
    void whatIsNoLiveSessionOfTheCallerIsNeverEnded() {
        var world = scene.turnkey().world();
        String longLived = world.apiKeys(ada.userId()).getFirst().id();
        DemoWorld.Customer grace = scene.world().second();
        String graces = created(Gateway.serve(one, scene.call(grace, Json.text(body())), Scene.context()))
                .get("apiKeyId")
                .textValue();
        String delegates = world.apiKeys(ada.delegateUserId()).getFirst().id();

        for (String id : List.of(longLived, graces, delegates, "00000000-0000-4000-8000-000000000009")) {
            assertThat(created(ask(one, body().put("replaces", id)))
                            .get("replaced")
                            .textValue())
                    .isEqualTo("not-found");
        }

        assertThat(scene.turnkey().requests(Endpoint.DELETE_API_KEYS)).isEmpty();
        assertThat(world.apiKeys(grace.userId())).anyMatch(key -> key.id().equals(graces));
    }

    @Test
    void aSessionDoesNotReplaceItself() {
        String made = created(ask(one, requestedAt(NOW))).get("apiKeyId").textValue();

        ObjectNode again = created(ask(one, requestedAt(NOW).put("replaces", made)));

        assertThat(again.get("apiKeyId").textValue()).isEqualTo(made);
        assertThat(again.get("replaced").textValue()).isEqualTo("not-found");
        assertThat(liveKeys()).containsExactly(made);
    }

    @Test
    void whatIsNoIdIsRefusedByName() {
        assertThat(Scene.summary(ask(one, body().put("replaces", "my old phone"))))
                .isEqualTo("400 invalid-field /replaces");
    }

    private void ended(APIGatewayV2HTTPResponse response) {
        assertThat(summary(response)).isEqualTo("409 session-ended");
        assertThat(Scene.json(response.getBody()).get("action").textValue()).isEqualTo("new-key");
        assertThat(response.getBody()).doesNotContain("credentialBundle");
    }

    private ObjectNode body() {
        return Json.newObject().put("targetPublicKey", phone.publicKey().uncompressedHex());
    }

    private ObjectNode requestedAt(Instant time) {
        return body().put("requestedAt", time.toString());
    }

    private APIGatewayV2HTTPResponse ask(ClientSessionFunction function, ObjectNode body) {
        return Gateway.serve(function, scene.call(ada, Json.text(body)), Scene.context());
    }

    private long activities() {
        return scene.turnkey().world().activities(ada.organizationId(), CREATE);
    }

    private List<String> liveKeys() {
        return scene.turnkey().world().apiKeys(ada.userId()).stream()
                .filter(key -> key.lifetime().isPresent())
                .map(key -> key.id())
                .toList();
    }

    /** Ada approves with a key of her own. */
    private void approve(String fingerprint) throws Exception {
        byte[] body = Json.bytes(Json.newObject()
                .put("type", "ACTIVITY_TYPE_APPROVE_ACTIVITY")
                .put("timestampMs", Long.toString(scene.clock().instant().toEpochMilli()))
                .put("organizationId", ada.organizationId())
                .set("parameters", Json.newObject().put("fingerprint", fingerprint)));
        try (HttpClient client = HttpClient.newHttpClient();
                LocalStamper stamper = ada.userKey().stamper()) {
            HttpRequest request = HttpRequest.newBuilder(
                            scene.turnkey().url().resolve("/public/v1/submit/approve_activity"))
                    .header("X-Stamp", stamper.stamp(body).headerValue())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static String summary(APIGatewayV2HTTPResponse response) {
        return Scene.summary(response);
    }

    private static ObjectNode created(APIGatewayV2HTTPResponse response) {
        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(201);
        return Scene.json(response.getBody());
    }
}
