package finance.votis.sessions.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.client.ClientSessionRoute;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.readonly.ReadOnlySessionRoute;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.TestContext;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MintWatchFunctionTest {

    private static final Duration DELAY = Duration.ofMinutes(6);
    private static final Duration PERIOD = Duration.ofMinutes(15);

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.world().first();
    private final DemoWorld.Customer grace = scene.world().second();
    private final SecureRandom random = new SecureRandom();
    private final RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> readWrite =
            ClientSessionRoute.loggingTo(Scene.LOG_GROUPS.getFirst(), scene);
    private final RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> readOnly =
            ReadOnlySessionRoute.loggingTo(Scene.LOG_GROUPS.getLast(), scene);

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void whatTheRoutesMadeIsClear() {
        makeReadWrite(ada);
        makeReadOnly(grace);
        scene.clock().advance(DELAY);

        assertThat(look())
                .containsEntry("status", "clear")
                .containsEntry("organizations", 3)
                .containsEntry("sessions", 2)
                .containsEntry("unasked", 0)
                .containsEntry("to", "2026-11-23T21:01:00Z")
                .containsEntry("from", "2026-11-23T20:01:00Z");
        assertThat(unaskedLines()).isEmpty();
        assertThat(scene.lastLine().get("status").textValue()).isEqualTo("clear");
    }

    @Test
    void aSessionThatIsStampedByHandWithTheDelegatesKeyRaisesTheAlarm() {
        makeReadWrite(ada);
        String activity = byHand(Endpoint.CREATE_READ_WRITE_SESSION, grace, delegate());
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("status", "unasked").containsEntry("unasked", 1);

        assertThat(unaskedLines()).singleElement().satisfies(line -> {
            assertThat(line.get("level").textValue()).isEqualTo("ERROR");
            assertThat(line.get("activityId").textValue()).isEqualTo(activity);
            assertThat(line.get("activityType").textValue()).isEqualTo("ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2");
            assertThat(line.get("organizationId").textValue()).isEqualTo(grace.organizationId());
            assertThat(line.get("createdAt").textValue()).isEqualTo("2026-11-23T21:00:00Z");
            assertThat(line.get("publicKey").textValue())
                    .isEqualTo(scene.world().delegateKey().publicKey().compressedHex());
            assertThat(line.get("Alarms").intValue()).isEqualTo(1);
        });
    }

    @Test
    void aReadOnlyTokenByHandRaisesItToo() {
        byHand(Endpoint.CREATE_READ_ONLY_SESSION, ada, delegate());
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("unasked", 1);
    }

    /** Whoever has the delegate's key can make a session of the delegate itself, and stamp with that. */
    @Test
    void whatAStolenSessionOfTheDelegateMakesIsToldAsWell() throws Exception {
        TargetKeyPair thiefs = TargetKeyPair.generate(random);
        JsonNode first = submit(
                Endpoint.CREATE_READ_WRITE_SESSION,
                "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",
                ada,
                Json.newObject()
                        .put("targetPublicKey", thiefs.publicKey().uncompressedHex())
                        .put("userId", ada.delegateUserId()),
                delegate());
        String bundle = first.at("/result/createReadWriteSessionResultV2/credentialBundle")
                .textValue();
        String second;
        try (LocalStamper session = new LocalStamper(thiefs.open(CredentialBundle.parse(bundle)))) {
            second = byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, session);
        }
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("unasked", 2);

        assertThat(unaskedLines())
                .extracting(line -> line.get("activityId").textValue())
                .contains(second);
    }

    @Test
    void whatOthersStampIsNoneOfItsBusiness() {
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, ada.userKey().stamper());
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("status", "clear").containsEntry("sessions", 0);
    }

    @Test
    void aSessionWhoseAnswerNeverCameIsKnownByTheBytesThatAskedForIt() {
        makeReadWrite(ada);
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.delay(Duration.ofSeconds(20)));
        APIGatewayV2HTTPResponse late =
                Gateway.serve(readWrite, scene.call(ada, body()), new TestContext(Duration.ofSeconds(2)));
        assertThat(late.getStatusCode()).isEqualTo(504);
        assertThat(scene.lastLine().has("activityId")).isFalse();
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("status", "clear").containsEntry("sessions", 2);
    }

    @Test
    void aSessionIsLookedAtOnceItsLineMustHaveCome() {
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, delegate());
        scene.clock().advance(Duration.ofMinutes(5));
        assertThat(look()).containsEntry("unasked", 0);

        scene.clock().advance(Duration.ofSeconds(1));
        assertThat(look()).containsEntry("unasked", 1);
    }

    @Test
    void runsThatWereMissedLoseNothing() {
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, delegate());
        scene.clock().advance(DELAY.plus(PERIOD.multipliedBy(3)));
        assertThat(look()).containsEntry("unasked", 1);

        scene.clock().advance(PERIOD);
        assertThat(look()).containsEntry("unasked", 0);
    }

    @Test
    void allCustomersAreLookedAtPageByPageAndAllTheirSessions() {
        for (int i = 0; i < 120; i++) {
            scene.turnkey()
                    .world()
                    .addSubOrganization(
                            scene.world().parentId(), scene.turnkey().world().newId(), "customer " + i);
        }
        for (int i = 0; i < 105; i++) {
            scene.clock().advance(Duration.ofMillis(1));
            makeReadOnly(ada);
        }
        byHand(Endpoint.CREATE_READ_ONLY_SESSION, grace, delegate());
        scene.clock().advance(DELAY);

        assertThat(look())
                .containsEntry("organizations", 123)
                .containsEntry("sessions", 106)
                .containsEntry("unasked", 1);
        assertThat(scene.calls(Operation.FILTER_LOG_EVENTS)).isGreaterThan(4);
    }

    @Test
    void inTurnsEachRunLooksAtAPartAndFurtherBack() {
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, delegate());
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, grace, delegate());
        MintWatchFunction inThreeTurns = function(Map.of("MINT_WATCH_TURNS", "3"));
        List<Map<String, Object>> answers = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            scene.clock().advance(PERIOD);
            answers.add(inThreeTurns.handleRequest(Map.of(), Scene.context()));
        }

        assertThat(sum(answers, "organizations")).isEqualTo(3);
        assertThat(sum(answers, "unasked")).isEqualTo(2);
    }

    @Test
    void inTurnsWhatTheRoutesMadeIsClearAndNoRunTakesTheParentForAnother() {
        makeReadWrite(ada);
        MintWatchFunction inTwelveTurns = function(Map.of("MINT_WATCH_TURNS", "12"));
        List<Map<String, Object>> answers = new ArrayList<>();
        for (int run = 0; run < 12; run++) {
            scene.clock().advance(PERIOD);
            answers.add(inTwelveTurns.handleRequest(Map.of(), Scene.context()));
        }

        assertThat(sum(answers, "organizations")).isEqualTo(3);
        assertThat(sum(answers, "sessions")).isEqualTo(1);
        assertThat(sum(answers, "unasked")).isZero();
    }

    @Test
    void aLineOfAWholeMegabyteHidesNoOther() {
        makeReadWrite(ada);
        scene.aws()
                .putLogLine(
                        Scene.LOG_GROUPS.getFirst(),
                        "other",
                        Json.text(Json.newObject().put("activityId", "none").put("message", "\"".repeat(512 * 1024))));
        makeReadWrite(grace);
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("status", "clear").containsEntry("sessions", 2);
    }

    /** Lambda writes two for each call, and who sends a bad body makes one too. */
    @Test
    void linesThatNameNoSessionAreNotFetched() {
        makeReadWrite(ada);
        for (int i = 0; i < 200; i++) {
            scene.aws()
                    .putLogLine(
                            Scene.LOG_GROUPS.getFirst(),
                            "one",
                            Json.text(Json.newObject()
                                    .put("time", scene.clock().instant().toString())
                                    .put("type", "platform.start")
                                    .set("record", Json.newObject().put("requestId", "00000000"))));
        }
        assertThat(Gateway.serve(readWrite, scene.call(ada, "{}"), Scene.context())
                        .getStatusCode())
                .isEqualTo(400);
        scene.clock().advance(DELAY);

        assertThat(look()).containsEntry("status", "clear").containsEntry("sessions", 1);
        assertThat(scene.calls(Operation.FILTER_LOG_EVENTS)).isEqualTo(Scene.LOG_GROUPS.size());
    }

    @Test
    void linesOfSessionsThatAreTooYoungAreNotFetched() {
        for (int i = 0; i < 60; i++) {
            makeReadOnly(ada);
        }
        scene.clock().advance(Duration.ofMinutes(30));

        assertThat(function(Map.of("MINT_WATCH_DELAY_MINUTES", "60")).handleRequest(Map.of(), Scene.context()))
                .containsEntry("sessions", 0);
        assertThat(scene.calls(Operation.FILTER_LOG_EVENTS)).isEqualTo(Scene.LOG_GROUPS.size());
    }

    @Test
    void aLineMayComeUpToFiveMinutesAfterItsSession() {
        String activity = byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, delegate());
        scene.clock().advance(Duration.ofMinutes(5));
        scene.aws()
                .putLogLine(
                        Scene.LOG_GROUPS.getFirst(),
                        "one",
                        Json.text(Json.newObject().put("activityId", activity)));
        scene.clock().advance(Duration.ofSeconds(1));

        assertThat(look()).containsEntry("status", "clear").containsEntry("sessions", 1);
    }

    @Test
    void aWatchForAnotherKeyThanTheOneThatStampsFails() {
        makeReadWrite(ada);
        scene.clock().advance(DELAY);

        assertThatThrownBy(() -> function(Map.of(
                                "MINT_WATCH_DELEGATE_KEYS",
                                KeyPair.generate(random).publicKey().compressedHex()))
                        .handleRequest(Map.of(), Scene.context()))
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("MINT_WATCH_DELEGATE_KEYS lacks the key that stamps now");
    }

    @Test
    void aWatchOfAnotherParentFails() {
        makeReadWrite(ada);
        String other = scene.turnkey().world().newId();
        String user = scene.turnkey().world().newId();
        KeyPair key = KeyPair.generate(random);
        scene.turnkey().world().addOrganization(other, "Another company");
        scene.turnkey().world().addUser(other, user, "Watch");
        scene.turnkey().world().addApiKey(user, "watch", key.publicKey());
        String secret = scene.aws().createSecret("other-watch", Optional.of(Scene.credential(key)));
        scene.clock().advance(DELAY);

        assertThatThrownBy(() -> function(Map.of(
                                "MINT_WATCH_ORGANIZATION_ID", other, "MINT_WATCH_CREDENTIAL", "secret:" + secret))
                        .handleRequest(Map.of(), Scene.context()))
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("MINT_WATCH_ORGANIZATION_ID: it names another parent");
    }

    /** A thief who deletes the only customer with sessions must not have the others go unseen. */
    @Test
    void whereAllThatSessionsWereMadeInIsGoneTheOthersAreLookedAtAllTheSame() {
        scene.aws()
                .putLogLine(
                        Scene.LOG_GROUPS.getFirst(),
                        "one",
                        Json.text(Json.newObject()
                                .put("timestamp", scene.clock().instant().toString())
                                .put("outcome", "created")
                                .put("activityId", scene.turnkey().world().newId())
                                .put("organizationId", scene.turnkey().world().newId())));
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, grace, delegate());
        scene.clock().advance(DELAY);

        assertThatThrownBy(this::look)
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("or all of them were deleted");
        assertThat(unaskedLines()).hasSize(1);
    }

    /** Nothing of them is taken for no session. */
    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"LIST_SUBORGS", "LIST_ACTIVITIES"})
    void aRunThatCannotReadTurnkeyFailsAndSaysWhat(Endpoint endpoint) {
        scene.turnkey()
                .faults()
                .next(endpoint, Fault.refusal(401, "PUBLIC_KEY_NOT_FOUND", "could not find public key"));

        assertThatThrownBy(this::look)
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("organisation")
                .hasMessageContaining("PUBLIC_KEY_NOT_FOUND");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
    }

    @Test
    void anOrganisationThatCannotBeReadKeepsNoOtherFromBeingLookedAt() {
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, grace, delegate());
        scene.clock().advance(DELAY);
        scene.turnkey().faults().next(Endpoint.LIST_ACTIVITIES, Fault.emptyObject());

        assertThatThrownBy(this::look)
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("1 of 3 organisations not seen");
        assertThat(unaskedLines()).hasSize(1);
        assertThat(scene.lastLine().get("organizationId").textValue()).isEqualTo(ada.organizationId());
    }

    /** Who makes so many that not all can be read in time is told of by the first ones. */
    @Test
    void whatIsOnAPageIsToldAlsoWhereTheNextPageCannotBeRead() {
        for (int i = 0; i < 101; i++) {
            scene.clock().advance(Duration.ofMillis(1));
            byHand(Endpoint.CREATE_READ_ONLY_SESSION, ada, delegate());
        }
        scene.clock().advance(DELAY);
        scene.turnkey().faults().next(Endpoint.LIST_ACTIVITIES, Fault.delay(Duration.ZERO), Fault.emptyObject());

        assertThatThrownBy(this::look).hasMessageContaining("1 of 3 organisations not seen");
        assertThat(unaskedLines()).hasSize(100);
    }

    @Test
    void aRunWhoseTimeIsOverSaysHowManyOrganisationsAreLeft() {
        scene.turnkey().faults().next(Endpoint.LIST_ACTIVITIES, Fault.delay(Duration.ofSeconds(20)));

        assertThatThrownBy(() -> function(Map.of()).handleRequest(Map.of(), new TestContext(Duration.ofSeconds(2))))
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("3 of 3 organisations not seen: turnkey-slow");
    }

    @Test
    void aWatchThatWasGivenTheDelegatesKeyAsksNothingWithIt() {
        assertThatThrownBy(() -> function(Map.of("MINT_WATCH_CREDENTIAL", "secret:" + scene.delegateSecret()))
                        .handleRequest(Map.of(), Scene.context()))
                .isInstanceOf(ExplainedException.class)
                .hasMessage("MINT_WATCH_CREDENTIAL is a key of the delegate's: the watch has its own");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void anActivityThatDoesNotSayWhoStampedItFailsTheRun() {
        byHand(Endpoint.CREATE_READ_WRITE_SESSION, ada, delegate());
        scene.clock().advance(DELAY);
        scene.turnkey().faults().next(Endpoint.LIST_ACTIVITIES, Fault.without("/activities/0/votes"));

        assertThatThrownBy(this::look)
                .isInstanceOf(ExplainedException.class)
                .hasMessageContaining("turnkey-unreadable");
    }

    @Test
    void anOrganisationThatIsGoneSinceItWasListedIsLeftOut() {
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.LIST_ACTIVITIES,
                        Fault.refusal(404, "ORGANIZATION_NOT_FOUND", "no organization found with the given ID"));

        assertThat(look()).containsEntry("status", "clear");
    }

    @Test
    void aRunThatMayNotReadTheLinesFails() {
        scene.aws()
                .faults()
                .next(Operation.FILTER_LOG_EVENTS, new finance.votis.sessions.standins.aws.Fault.AccessDenied());

        assertThatThrownBy(this::look)
                .isInstanceOf(ExplainedException.class)
                .hasMessage("FilterLogEvents of client-session did not work: AccessDeniedException");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void linesThatCannotBeReadAtOnceAreAskedForAgain() {
        scene.aws()
                .faults()
                .next(
                        Operation.FILTER_LOG_EVENTS,
                        new finance.votis.sessions.standins.aws.Fault.Throttled(),
                        new finance.votis.sessions.standins.aws.Fault.Broken(),
                        new finance.votis.sessions.standins.aws.Fault.ResetBefore());

        assertThat(look()).containsEntry("status", "clear");
        assertThat(scene.pauses()).contains(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void itsKeyMakesNothingInACustomersOrganisation() {
        assertThat(post(
                                Endpoint.CREATE_READ_ONLY_SESSION,
                                "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION",
                                ada,
                                Json.newObject(),
                                scene.world().watchKey().stamper())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        assertThat(Events.answers("mint-watch"))
                .isNotEmpty()
                .allSatisfy((name, expected) -> assertThat(Events.runWith(name, function(Map.of())))
                        .as(name)
                        .isEqualTo(expected));
    }

    private Map<String, Object> look() {
        return function(Map.of()).handleRequest(Map.of(), Scene.context());
    }

    private MintWatchFunction function(Map<String, String> other) {
        return new MintWatchFunction(scene.environmentWith(other), scene.platform());
    }

    private static int sum(List<Map<String, Object>> answers, String member) {
        return answers.stream().mapToInt(answer -> (Integer) answer.get(member)).sum();
    }

    private List<ObjectNode> unaskedLines() {
        return scene.log().stream()
                .map(Scene::json)
                .filter(line -> line.get("event").textValue().equals("unasked-session"))
                .toList();
    }

    private Stamper delegate() {
        return scene.world().delegateKey().stamper();
    }

    private void makeReadWrite(DemoWorld.Customer caller) {
        assertThat(Gateway.serve(readWrite, scene.call(caller, body()), Scene.context())
                        .getStatusCode())
                .isEqualTo(201);
    }

    private void makeReadOnly(DemoWorld.Customer caller) {
        assertThat(Gateway.serve(readOnly, scene.call(caller), Scene.context()).getStatusCode())
                .isEqualTo(201);
    }

    private String body() {
        return Json.text(Json.newObject().put("targetPublicKey", targetKey()));
    }

    private String targetKey() {
        return TargetKeyPair.generate(random).publicKey().uncompressedHex();
    }

    /** As a thief would, past our functions. */
    private String byHand(Endpoint endpoint, DemoWorld.Customer customer, Stamper stamper) {
        JsonNode activity = endpoint == Endpoint.CREATE_READ_ONLY_SESSION
                ? submit(endpoint, "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION", customer, Json.newObject(), stamper)
                : submit(
                        endpoint,
                        "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",
                        customer,
                        Json.newObject().put("targetPublicKey", targetKey()).put("userId", customer.userId()),
                        stamper);
        return activity.get("id").textValue();
    }

    private JsonNode submit(
            Endpoint endpoint, String type, DemoWorld.Customer customer, ObjectNode parameters, Stamper stamper) {
        HttpResponse<String> answer = post(endpoint, type, customer, parameters, stamper);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Scene.json(answer.body()).get("activity");
    }

    private HttpResponse<String> post(
            Endpoint endpoint, String type, DemoWorld.Customer customer, ObjectNode parameters, Stamper stamper) {
        ObjectNode envelope = Json.newObject()
                .put("type", type)
                .put("timestampMs", Long.toString(scene.clock().instant().toEpochMilli()))
                .put("organizationId", customer.organizationId());
        byte[] body = Json.text(envelope.set("parameters", parameters)).getBytes(UTF_8);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(scene.turnkey().url().resolve(endpoint.path()))
                            .header("X-Stamp", stamper.stamp(body).headerValue())
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
