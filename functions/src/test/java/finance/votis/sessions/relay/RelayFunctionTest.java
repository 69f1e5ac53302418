package finance.votis.sessions.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Examples;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Mistakes;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.TestContext;
import finance.votis.sessions.standins.passkey.SoftwarePasskey;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayFunctionTest {

    private static final String READ_WRITE = "create_read_write_session";
    private static final String READ_ONLY = "create_read_only_session";
    private static final String DELETE = "delete_api_keys";
    private static final String TYPE = "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2";
    private static final String PHONE = "00000000-0000-4000-8000-0000000000c1";
    private static final String WEBAUTHN = "x-stamp-webauthn";
    private static final String RESULT = "/activity/result/createReadWriteSessionResultV2";

    /** What the device stamps with. */
    enum Device {
        SESSION,
        PASSKEY
    }

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.world().first();
    private final DemoWorld.Customer grace = scene.world().second();
    private final KeyPair session = KeyPair.generate(new SecureRandom());
    private final TargetKeyPair target = TargetKeyPair.generate(new SecureRandom());
    private final RelayFunction function = new RelayFunction(scene.environment(), scene.platform());

    @BeforeEach
    void aSessionThatThePhoneStillHas() {
        scene.turnkey()
                .world()
                .addSessionKey(
                        ada.userId(), PHONE, "Client session phone", session.publicKey(), Duration.ofMinutes(15));
    }

    @AfterEach
    void close() {
        scene.close();
        target.close();
    }

    // ---- What goes through

    @ParameterizedTest
    @EnumSource
    void theVeryBytesAndTheVeryStampGoOnAndTurnkeysAnswerComesBackUnchanged(Device device) throws Exception {
        // Spaces, another order and a null: only who stamps decides how it is written.
        String body = "{ \"organizationId\":\"" + ada.organizationId() + "\", \"timestampMs\":\"" + now()
                + "\",\"type\":\"" + TYPE + "\", \"parameters\": {\"userId\":null,\"targetPublicKey\":\""
                + target.publicKey().uncompressedHex() + "\"} }";
        Map<String, String> stamp = stamped(device, body);

        APIGatewayV2HTTPResponse response = call(READ_WRITE, body, stamp);

        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
        assertThat(response.getHeaders())
                .isEqualTo(Map.of(
                        "Content-Type", "application/json",
                        "Cache-Control", "no-store",
                        "X-Request-Id", Scene.REQUEST_ID));
        var request = scene.turnkey().requests().getLast();
        assertThat(request.bodyText()).isEqualTo(body);
        assertThat(request.headerNames()).containsAll(stamp.keySet());
        assertThat(response.getBody()).isEqualTo(askTurnkeyItself(body, stamp));
    }

    private String askTurnkeyItself(String body, Map<String, String> stamp) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(scene.turnkey().url() + "/public/v1/submit/create_read_write_session"));
        stamp.forEach(request::header);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            request.POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePhoneOpensWhatCameAndTheLogTellsWhoseItIs(Device device) throws Exception {
        String body = body();
        JsonNode result = made(body, stamped(device, body));

        String bundle = result.get("credentialBundle").textValue();
        assertThat(target.open(CredentialBundle.parse(bundle)).publicKey())
                .isEqualTo(keyOf(ada, result.get("apiKeyId").textValue()).publicKey());
        ObjectNode line = scene.lastLine();
        assertThat(line.get("function").textValue()).isEqualTo("RelayFunction");
        assertThat(line.get("outcome").textValue()).isEqualTo("relayed");
        assertThat(line.get("kind").textValue()).isEqualTo("read-write");
        assertThat(line.get("turnkeyStatus").textValue()).isEqualTo("200");
        assertThat(line.get("activityId").textValue()).isNotEmpty();
        assertThat(line.get("organizationId").textValue()).isEqualTo(ada.organizationId());
        assertThat(line.get("userId").textValue()).isEqualTo(ada.userId());
        assertThat(line.get("apiKeyId")).isEqualTo(result.get("apiKeyId"));
    }

    private ApiKey keyOf(DemoWorld.Customer customer, String id) {
        return scene.turnkey().world().apiKeys(customer.userId()).stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aReadOnlySessionIsTheDevicesOwn(Device device) {
        String body = body("ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION", Json.newObject());

        APIGatewayV2HTTPResponse response = call(READ_ONLY, body, stamped(device, body));

        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
        assertThat(Scene.json(response.getBody())
                        .at("/activity/result/createReadOnlySessionResult/userId")
                        .textValue())
                .isEqualTo(ada.userId());
        assertThat(scene.lastLine().get("kind").textValue()).isEqualTo("read-only");
    }

    @Test
    void aDeletionOfOwnKeysGoesThroughWhereTheSettingHasIt() {
        var deleting = new RelayFunction(
                scene.environmentWith(Map.of("RELAY_ACTIVITIES", "create_read_write_session, delete_api_keys")),
                scene.platform());
        String body = deletion(ada.userId());

        assertThat(Gateway.serve(deleting, event(ada, DELETE, body, Map.of("x-stamp", stamp(session, body))), context())
                        .getStatusCode())
                .isEqualTo(200);

        assertThat(scene.turnkey().world().apiKeys(ada.userId()))
                .extracting(ApiKey::id)
                .doesNotContain(PHONE);
        assertThat(scene.lastLine().get("kind").textValue()).isEqualTo("any");
        String anothers = deletion(grace.userId());
        assertThat(Scene.summary(Gateway.serve(
                        deleting,
                        event(ada, DELETE, anothers, Map.of("x-stamp", stamp(session, anothers))),
                        context())))
                .isEqualTo("403 not-yours /parameters/userId");
    }

    private String deletion(String userId) {
        ObjectNode parameters = Json.newObject().put("userId", userId);
        parameters.putArray("apiKeyIds").add(PHONE);
        return body("ACTIVITY_TYPE_DELETE_API_KEYS", parameters);
    }

    @ParameterizedTest
    @EnumSource
    void aReplayGivesTheSameSessionToTheSamePhoneAndNothingNew(Device device) {
        String body = body();
        Map<String, String> stamp = stamped(device, body);
        APIGatewayV2HTTPResponse first = call(READ_WRITE, body, stamp);
        int keys = scene.turnkey().world().apiKeys(ada.userId()).size();
        scene.clock().advance(Duration.ofMinutes(10));

        APIGatewayV2HTTPResponse again = call(READ_WRITE, body, stamp);

        assertThat(again.getStatusCode()).isEqualTo(200);
        assertThat(again.getBody()).isEqualTo(first.getBody());
        assertThat(activities()).isEqualTo(1);
        assertThat(scene.turnkey().world().apiKeys(ada.userId())).hasSize(keys);
    }

    /** Turnkey's own rule for such a passkey is not known: the strict one is shown. */
    @Test
    void aPasskeyThatCountsStampsTheSameBytesAnewAndGetsTheSession() {
        SoftwarePasskey securityKey = SoftwarePasskey.create(ada.passkey().rpId(), new SecureRandom());
        scene.turnkey()
                .world()
                .addAuthenticator(
                        ada.userId(),
                        "security key",
                        securityKey.credentialId(),
                        securityKey.publicKey(),
                        securityKey.rpId());
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetAfterEffect());
        String body = body();

        APIGatewayV2HTTPResponse sentTwice = call(READ_WRITE, body, Map.of(WEBAUTHN, counted(securityKey, body, 1)));
        APIGatewayV2HTTPResponse anew = call(READ_WRITE, body, Map.of(WEBAUTHN, counted(securityKey, body, 2)));

        assertThat(sentTwice.getStatusCode()).isEqualTo(401);
        assertThat(sentTwice.getBody()).contains("could not verify WebAuthN signature");
        assertThat(anew.getStatusCode()).as(anew.getBody()).isEqualTo(200);
        assertThat(activities()).isEqualTo(1);
    }

    private static String counted(SoftwarePasskey passkey, String body, int counter) {
        return passkey.assertion(
                clientData("webauthn.get", SoftwarePasskey.challenge(utf8(body))),
                SoftwarePasskey.USER_PRESENT,
                counter);
    }

    // ---- What was tampered with, and whose it is not

    @ParameterizedTest
    @EnumSource
    void eachFlippedByteOfTheBodyIsRefused(Device device) {
        String body = body();
        Map<String, String> stamp = stamped(device, body);
        for (int at = 0; at < body.length(); at++) {
            assertThat(call(READ_WRITE, flipped(body, at), stamp).getStatusCode())
                    .as("byte " + at)
                    .isIn(400, 403);
        }
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void eachFlippedByteOfTheStampIsRefused() {
        String body = body();
        String stamp = stamp(session, body);
        for (int at = 0; at < stamp.length(); at++) {
            assertThat(Scene.summary(call(READ_WRITE, body, flipped(stamp, at))))
                    .as("byte " + at)
                    .isEqualTo("400 malformed-stamp");
        }
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    /** What of it the relay cannot know is refused by Turnkey: another credential, host, presence or signature. */
    @Test
    void eachFlippedByteOfAPasskeysStampIsRefusedHereOrThereAndMakesNothing() {
        String body = body();
        String stamp = ada.passkey().stamp(utf8(body), DemoWorld.ORIGIN);
        List<ApiKey> keys = scene.turnkey().world().apiKeys(ada.userId());
        List<Integer> statuses = new ArrayList<>();
        for (int at = 0; at < stamp.length(); at++) {
            APIGatewayV2HTTPResponse response = call(READ_WRITE, body, Map.of(WEBAUTHN, flipped(stamp, at)));
            assertThat(response.getStatusCode()).as("byte " + at).isIn(400, 401);
            statuses.add(response.getStatusCode());
        }
        assertThat(statuses).contains(400, 401);
        assertThat(activities()).isZero();
        assertThat(scene.turnkey().world().apiKeys(ada.userId())).isEqualTo(keys);
    }

    private static String flipped(String text, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        bytes[at] ^= 1;
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void anotherCallersStampedBodyIsRefusedAndNothingIsSent(Device device) {
        String body = body();

        APIGatewayV2HTTPResponse response =
                Gateway.serve(function, event(grace, READ_WRITE, body, stamped(device, body)), context());

        assertThat(Scene.summary(response)).isEqualTo("403 not-yours /organizationId");
        assertThat(scene.turnkey().requests()).isEmpty();
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("refused");
    }

    /** Where the body names no user, the session is that of whoever stamped; it is theirs and not the caller's. */
    @Test
    void aSessionOfAnotherUserOfTheOrganisationNeverLeaves() {
        KeyPair delegate = scene.world().delegateKey();
        String body = body("ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION", Json.newObject());

        APIGatewayV2HTTPResponse response = call(READ_ONLY, body, stamp(delegate, body));

        assertThat(Scene.summary(response)).isEqualTo("502 turnkey-unreadable");
        assertThat(response.getBody()).doesNotContain(ada.delegateUserId());
        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("foreign-organisation");
        // Any caller can do this, so it must not stop a deployment.
        assertThat(scene.lastLine().has("Faults")).isFalse();
    }

    static Stream<String> placesOfOwners() {
        return Stream.of("/activity/organizationId", RESULT + "/organizationId", RESULT + "/userId");
    }

    @ParameterizedTest
    @MethodSource("placesOfOwners")
    void anAnswerAboutSomebodyElseNeverLeavesAndIsAnAlarm(String pointer) {
        for (Fault fault : List.of(Fault.with(pointer, grace.userId()), Fault.with(pointer, "nobody"))) {
            scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);
            String body = body();

            APIGatewayV2HTTPResponse response = call(READ_WRITE, body, stamp(session, body));

            assertThat(Scene.summary(response)).isEqualTo("502 turnkey-unreadable");
            assertThat(response.getBody()).doesNotContain("credentialBundle", grace.userId());
        }
        assertThat(scene.log())
                .extracting(line -> Scene.json(line).get("event").textValue())
                .contains("foreign-organisation");
    }

    @ParameterizedTest
    @ValueSource(strings = {RESULT, RESULT + "/userId", RESULT + "/organizationId", "/activity/organizationId"})
    void anAnswerThatDoesNotSayWhoseItIsNeverLeaves(String pointer) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.without(pointer));
        String body = body();

        assertThat(Scene.summary(call(READ_WRITE, body, stamp(session, body)))).isEqualTo("502 turnkey-unreadable");
    }

    // ---- What Turnkey says

    static Stream<Fault.Answered> refusals() {
        return Stream.of(
                new Fault.Answered(
                        401, "application/json; charset=utf-8", "{\"code\" : 16,\n\"message\":\"é\"}", Map.of()),
                new Fault.Answered(403, "application/json", "{\"message\":\"request not authorized\"}", Map.of()),
                new Fault.Answered(400, "application/json", "{}", Map.of()),
                new Fault.Answered(429, "application/json", "{\"message\":\"wait\"}", Map.of("retry-after", "7")),
                new Fault.Answered(500, "application/json", "{\"message\":\"internal server error\"}", Map.of()));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatTurnkeyRefusesPassesByteForByte(Fault.Answered refusal) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, refusal);
        String body = body();

        APIGatewayV2HTTPResponse response = call(READ_WRITE, body, stamp(session, body));

        assertThat(response.getStatusCode()).isEqualTo(refusal.status());
        assertThat(response.getBody()).isEqualTo(refusal.body());
        assertThat(Optional.ofNullable(response.getHeaders().get("Retry-After")))
                .isEqualTo(Optional.ofNullable(refusal.headers().get("retry-after")));
        assertThat(scene.turnkey().requests()).hasSize(1);
        assertThat(scene.lastLine().get("turnkeyStatus").textValue()).isEqualTo("" + refusal.status());
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("relayed-refusal");
    }

    @Test
    void anActivityThatWaitsOrFailedPassesToo() {
        for (Fault fault : List.of(Fault.consensusNeeded(), Fault.failed("REQUEST_NOT_AUTHORIZED", "no"))) {
            scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);
            scene.clock().advance(Duration.ofSeconds(1));
            String body = body();

            APIGatewayV2HTTPResponse response = call(READ_WRITE, body, stamp(session, body));

            assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
        }
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("REQUEST_NOT_AUTHORIZED");
    }

    static Stream<Fault> noAnswersOfTurnkeys() {
        return Stream.of(
                Fault.answer(404, "text/html", "<html>"),
                Fault.answer(302, "application/json", "{}"),
                Fault.answer(200, "application/json", "{}"),
                Fault.answer(200, "application/json", "[]"),
                Fault.answer(400, "application/json", "{\"a\":1,\"a\":2}"),
                Fault.answer(400, "application/json", "{\"a\":\"" + "x".repeat(300 * 1024) + "\"}"));
    }

    @ParameterizedTest
    @MethodSource("noAnswersOfTurnkeys")
    void whatIsNotTurnkeysJsonNeverLeaves(Fault fault) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);
        String body = body();

        assertThat(Scene.summary(call(READ_WRITE, body, stamp(session, body)))).isEqualTo("502 turnkey-unreadable");
    }

    @Test
    void whatAMachineBeforeTurnkeysSaysIsToldAsElsewhereAndNotInItsWords() {
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.badGateway(),
                        new Fault.Answered(503, "text/plain", "", Map.of("retry-after", "9")),
                        new Fault.Answered(429, "text/html", "<html>", Map.of("retry-after", "7")),
                        Fault.answer(429, "text/html", "<html>"));
        String body = body();
        String stamp = stamp(session, body);

        assertThat(Scene.summary(call(READ_WRITE, body, stamp))).isEqualTo("502 turnkey-unreachable");
        assertThat(scene.lastLine().get("turnkeyStatus").textValue()).isEqualTo("502");
        assertThat(Scene.summary(call(READ_WRITE, body, stamp))).isEqualTo("502 turnkey-unreachable");
        APIGatewayV2HTTPResponse limited = call(READ_WRITE, body, stamp);
        assertThat(Scene.summary(limited)).isEqualTo("429 too-many-requests");
        assertThat(limited.getHeaders()).containsEntry("Retry-After", "7");
        assertThat(call(READ_WRITE, body, stamp).getHeaders()).containsKey("Retry-After");
        assertThat(scene.turnkey().requests()).hasSize(4);
    }

    static Stream<Fault> spentQuotas() {
        return Stream.of(
                Fault.refusal(429, "SIGNING_QUOTA_EXCEEDED", "over its allotted quota"),
                Fault.failed("SIGNING_QUOTA_EXCEEDED", "over its allotted quota"));
    }

    /** Where no route stamps by itself, the relay alone sees it. */
    @ParameterizedTest
    @MethodSource("spentQuotas")
    void aSpentQuotaIsAnAlarmAndTurnkeysAnswerPasses(Fault fault) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);
        String body = body();

        assertThat(call(READ_WRITE, body, stamp(session, body)).getBody()).contains("SIGNING_QUOTA_EXCEEDED");

        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("quota");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("relayed-refusal");
    }

    @Test
    void afterALostAnswerTheSameBytesGoAgainAndMakeNothingNew() {
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetAfterEffect(), Fault.resetBeforeEffect());

        made(body());

        assertThat(activities()).isEqualTo(1);
        assertThat(scene.turnkey().requests()).hasSize(3);
    }

    @Test
    void aTurnkeyThatIsAwayOrSlowIsToldAsElsewhere() {
        Fault reset = Fault.resetBeforeEffect();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, reset, reset, reset, reset, Fault.silence());
        String body = body();

        assertThat(Scene.summary(call(READ_WRITE, body, stamp(session, body)))).isEqualTo("502 turnkey-unreachable");
        assertThat(Scene.summary(Gateway.serve(
                        function,
                        event(ada, READ_WRITE, body, Map.of("x-stamp", stamp(session, body))),
                        new TestContext(Duration.ofSeconds(1)))))
                .isEqualTo("504 turnkey-slow");
    }

    // ---- The stamp

    @Test
    void oneStampIsNeededAndNoMore() {
        String body = body();
        String stamp = stamp(session, body);
        String passkeys = ada.passkey().stamp(utf8(body), DemoWorld.ORIGIN);
        for (Map<String, String> headers : List.of(
                Map.<String, String>of(),
                Map.of("x-stamp", stamp, WEBAUTHN, passkeys),
                Map.of("x-stamp", stamp + "," + stamp),
                Map.of("x-stamp", ""),
                Map.of("x-stamp", passkeys),
                Map.of(WEBAUTHN, stamp),
                Map.of("x-stamp-attested", stamp))) {
            APIGatewayV2HTTPResponse response =
                    Gateway.serve(function, event(ada, READ_WRITE, body, headers), context());
            assertThat(Scene.summary(response)).isEqualTo("400 malformed-stamp");
            assertThat(Scene.json(response.getBody()).get("header").textValue()).startsWith("X-Stamp");
        }
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    /** Turnkey knows the public key, we do not: what is in its form and of these bytes goes on, to be verified there. */
    @Test
    void aPasskeyThatTurnkeyDoesNotKnowIsRefusedThere() {
        String body = body();
        SoftwarePasskey stranger = SoftwarePasskey.create(ada.passkey().rpId(), new SecureRandom());

        APIGatewayV2HTTPResponse response =
                call(READ_WRITE, body, Map.of(WEBAUTHN, stranger.stamp(utf8(body), DemoWorld.ORIGIN)));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(activities()).isZero();
    }

    @Test
    void aPasskeysStampOfOtherBytesOrInAnotherFormIsRefused() {
        String body = body();
        byte[] challenge = SoftwarePasskey.challenge(utf8(body));
        String stamp = ada.passkey().stamp(utf8(body), DemoWorld.ORIGIN);
        String id = base64(ada.passkey().credentialId());
        int present = SoftwarePasskey.USER_PRESENT;
        List<String> wrong = List.of(
                ada.passkey().stamp(utf8(body + " "), DemoWorld.ORIGIN),
                ada.passkey().assertion(clientData("webauthn.create", challenge), present, 0),
                ada.passkey().assertion(clientData("webauthn.get", challenge), SoftwarePasskey.USER_VERIFIED, 0),
                ada.passkey().assertion("no JSON", present, 0),
                stamp.replace(id, ""),
                stamp.replace(id, "===="),
                stamp.replace("\"" + id + "\"", "1234"),
                stamp.replaceFirst("(authenticatorData\":\")[^\"]+", "$1AAAA"),
                stamp.replace("}", ",\"more\":\"AAAA\"}"),
                stamp.replace(id, "A".repeat(5000)),
                stamp + "," + stamp,
                stamp + "\n",
                "{}");
        for (String one : wrong) {
            assertThat(Scene.summary(call(READ_WRITE, body, Map.of(WEBAUTHN, one))))
                    .as(one)
                    .isEqualTo("400 malformed-stamp");
        }
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    private static String clientData(String type, byte[] challenge) {
        return SoftwarePasskey.clientData(type, challenge, DemoWorld.ORIGIN);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- The body

    private record Rule(String expected, Consumer<ObjectNode> change) {
        static Rule envelope(String expected, String member, String json) {
            return new Rule(expected, body -> body.set(member, json(json)));
        }

        static Rule parameter(String expected, String member, String json) {
            return new Rule(expected, body -> ((ObjectNode) body.get("parameters")).set(member, json(json)));
        }

        private static JsonNode json(String text) {
            return Scene.json("{\"v\":" + text + "}").get("v");
        }

        @Override
        public String toString() {
            return expected;
        }
    }

    private Stream<Rule> rules() {
        String other = "\"00000000-0000-4000-8000-0000000000ff\"";
        long now = Scene.START.toEpochMilli();
        return Stream.of(
                Rule.envelope("400 invalid-field /type", "type", "\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\""),
                Rule.envelope("400 invalid-field /type", "type", "\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V3\""),
                // The first version has no user but an e-mail address.
                Rule.envelope("400 invalid-field /type", "type", "\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION\""),
                Rule.envelope("400 invalid-field /type", "type", "null"),
                Rule.envelope("400 invalid-field /type", "type", "1"),
                Rule.envelope("403 not-yours /organizationId", "organizationId", other),
                Rule.envelope("400 invalid-field /organizationId", "organizationId", "null"),
                Rule.envelope("400 invalid-field /timestampMs", "timestampMs", Long.toString(now)),
                Rule.envelope("400 invalid-field /timestampMs", "timestampMs", "\"2026-11-23T21:00:00Z\""),
                Rule.envelope("400 invalid-field /timestampMs", "timestampMs", "null"),
                Rule.envelope("400 stale-timestamp /timestampMs", "timestampMs", "\"" + (now - 3_000_001) + "\""),
                Rule.envelope("400 stale-timestamp /timestampMs", "timestampMs", "\"" + (now + 300_001) + "\""),
                Rule.envelope("400 unknown-field /more", "more", "1"),
                Rule.envelope("400 invalid-field /generateAppProofs", "generateAppProofs", "\"true\""),
                Rule.envelope("400 invalid-field /parameters", "parameters", "[]"),
                Rule.envelope("400 invalid-field /parameters", "parameters", "null"),
                Rule.parameter("403 not-yours /parameters/userId", "userId", other),
                Rule.parameter("400 unknown-field /parameters/email", "email", "\"ada@example.com\""),
                Rule.parameter("400 unknown-field /parameters/more", "more", "1"),
                Rule.parameter("400 invalid-field /parameters/targetPublicKey", "targetPublicKey", "null"),
                Rule.parameter(
                        "400 invalid-field /parameters/targetPublicKey",
                        "targetPublicKey",
                        "\"04" + "00".repeat(64) + "\""),
                Rule.parameter(
                        "400 invalid-field /parameters/targetPublicKey",
                        "targetPublicKey",
                        "\"" + session.publicKey().compressedHex() + "\""),
                Rule.parameter("400 invalid-field /parameters/expirationSeconds", "expirationSeconds", "900"),
                Rule.parameter("400 invalid-field /parameters/expirationSeconds", "expirationSeconds", "\"59\""),
                Rule.parameter("400 invalid-field /parameters/expirationSeconds", "expirationSeconds", "\"86401\""),
                Rule.parameter("400 invalid-field /parameters/expirationSeconds", "expirationSeconds", "\"+900\""),
                Rule.parameter("400 invalid-field /parameters/apiKeyName", "apiKeyName", "\"\""),
                Rule.parameter("400 invalid-field /parameters/apiKeyName", "apiKeyName", "\"a\\u0007\""),
                Rule.parameter("400 invalid-field /parameters/apiKeyName", "apiKeyName", "\"a\\u202eb\""),
                Rule.parameter("400 invalid-field /parameters/apiKeyName", "apiKeyName", "\"" + "a".repeat(256) + "\""),
                Rule.parameter("400 invalid-field /parameters/invalidateExisting", "invalidateExisting", "\"no\""));
    }

    @Test
    void everyRuleRefusesByNameAndNothingIsSent() {
        assertThat(rules()).allSatisfy(rule -> {
            ObjectNode json = Scene.json(body());
            rule.change().accept(json);
            String body = Json.text(json);
            assertThat(Scene.summary(call(READ_WRITE, body, stamp(session, body))))
                    .isEqualTo(rule.expected());
        });
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void theEdgesOfEachRuleAreTaken() {
        long now = Scene.START.toEpochMilli();
        List<Rule> edges = List.of(
                Rule.envelope("", "timestampMs", "\"" + (now - 3_000_000) + "\""),
                Rule.envelope("", "timestampMs", "\"" + (now + 300_000) + "\""),
                Rule.envelope("", "generateAppProofs", "true"),
                Rule.parameter("", "expirationSeconds", "\"60\""),
                Rule.parameter("", "expirationSeconds", "\"86400\""),
                Rule.parameter("", "expirationSeconds", "null"),
                Rule.parameter("", "apiKeyName", "\"" + "é".repeat(255) + "\""),
                Rule.parameter("", "apiKeyName", "null"),
                Rule.parameter("", "invalidateExisting", "false"));
        assertThat(edges).allSatisfy(edge -> {
            ObjectNode json = Scene.json(body());
            edge.change().accept(json);
            String body = Json.text(json);
            APIGatewayV2HTTPResponse response = call(READ_WRITE, body, stamp(session, body));
            assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
        });
    }

    /** Turnkey would give it 900 seconds. */
    @Test
    void aBodyWithoutALifetimeIsHeldToTheSettingsToo() {
        var strict =
                new RelayFunction(scene.environmentWith(Map.of("EXPIRATION_SECONDS_MAX", "899")), scene.platform());
        String body = body(
                TYPE, Json.newObject().put("targetPublicKey", target.publicKey().uncompressedHex()));

        assertThat(Scene.summary(Gateway.serve(
                        strict, event(ada, READ_WRITE, body, Map.of("x-stamp", stamp(session, body))), context())))
                .isEqualTo("400 invalid-field /parameters/expirationSeconds");
    }

    @Test
    void theDoorIsThatOfTheOtherRoutes() {
        String body = body();
        String stamp = stamp(session, body);
        APIGatewayV2HTTPEvent text =
                event(ada, READ_WRITE, body, Map.of("content-type", "text/plain", "x-stamp", stamp));
        assertThat(Scene.summary(Gateway.serve(function, text, context()))).isEqualTo("415 unsupported-content-type");
        String twice = body.replace("\"type\"", "\"type\":\"\",\"type\"");
        assertThat(Scene.summary(call(READ_WRITE, twice, stamp(session, twice))))
                .isEqualTo("400 malformed-body /type");
        String long_ = body + " ".repeat(8192);
        assertThat(Scene.summary(call(READ_WRITE, long_, stamp(session, long_))))
                .isEqualTo("413 body-too-large");
        assertThat(Scene.summary(call(READ_WRITE, "", stamp))).isEqualTo("400 malformed-body");
        APIGatewayV2HTTPEvent nobody = event(ada, READ_WRITE, body, Map.of("x-stamp", stamp));
        nobody.getRequestContext().getAuthorizer().getJwt().setClaims(Map.of());
        assertThat(Scene.summary(Gateway.serve(function, nobody, context()))).isEqualTo("403 missing-claim");
        APIGatewayV2HTTPEvent query = event(ada, READ_WRITE, body, Map.of("x-stamp", stamp));
        query.setQueryStringParameters(Map.of("a", "b"));
        assertThat(Scene.summary(Gateway.serve(function, query, context()))).isEqualTo("400 invalid-parameter");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void abase64BodyIsTheSame() {
        String body = body();
        APIGatewayV2HTTPEvent event = event(ada, READ_WRITE, body, Map.of("x-stamp", stamp(session, body)));
        event.setBody(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
        event.setIsBase64Encoded(true);

        assertThat(Gateway.serve(function, event, context()).getStatusCode()).isEqualTo(200);
        assertThat(scene.turnkey().requests().getLast().bodyText()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {DELETE, "create_api_keys", "CREATE_READ_WRITE_SESSION", "../query/whoami", ""})
    void anActivityThatIsNotAllowedIsRefusedBeforeAnythingElse(String activity) {
        APIGatewayV2HTTPResponse response = call(activity, "not looked at", "nor this");

        assertThat(Scene.summary(response)).isEqualTo("403 activity-not-allowed");
        assertThat(Scene.json(response.getBody()).get("detail").textValue())
                .isEqualTo("activity: must be one of create_read_write_session, create_read_only_session");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    // ---- Secrecy, settings, events

    @Test
    void neitherStampNorBodyNorBundleIsLoggedOrPrinted() {
        var printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        String body = body();
        String stamp = stamp(session, body);
        String bundle;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            bundle = made(body).get("credentialBundle").textValue();
            call(READ_WRITE, flipped(body, 9), stamp);
            scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.badGateway());
            call(READ_WRITE, body, stamp);
        } finally {
            System.setOut(out);
        }
        String all = String.join("\n", scene.log()) + printed.toString(StandardCharsets.UTF_8);
        assertThat(all)
                .contains("relayed")
                .doesNotContain(
                        stamp,
                        bundle,
                        target.publicKey().uncompressedHex(),
                        session.publicKey().compressedHex(),
                        "Phone");
    }

    static Stream<Arguments> badSettings() {
        return Stream.of(
                Arguments.of("RELAY_ACTIVITIES", ""),
                Arguments.of("RELAY_ACTIVITIES", "create_api_keys"),
                Arguments.of("RELAY_ACTIVITIES", "create_read_write_session,"),
                Arguments.of("EXPIRATION_SECONDS_MIN", "0"),
                Arguments.of("EXPIRATION_SECONDS_MIN", "86401"),
                Arguments.of("EXPIRATION_SECONDS_MAX", "31536001"),
                Arguments.of("ORGANIZATION_CLAIM", ""),
                Arguments.of("TURNKEY_BASE_URL", "http://api.turnkey.com"));
    }

    @ParameterizedTest
    @MethodSource("badSettings")
    void aBadSettingIsToldByNameAtStart(String name, String value) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> new RelayFunction(scene.environmentWith(Map.of(name, value)), scene.platform()))
                .satisfies(thrown -> assertThat(Mistakes.of(thrown))
                        .singleElement()
                        .asString()
                        .startsWith(name));
    }

    @Test
    void aFunctionWithoutItsSettingsDoesNotStart() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(RelayFunction::new)
                .withMessageContaining("RELAY_ACTIVITIES is missing");
    }

    @Test
    void theExamplesOfTheContractAreAnsweredAsTheySay() {
        Examples.send("POST /v1/relay/submit/{activity}", own -> new RelayFunction(own.environment(), own.platform()));
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        assertThat(Events.answers("relay")).isNotEmpty().allSatisfy((name, expected) -> {
            try (Scene own = new Scene()) {
                own.addCustomerOfEvents();
                RelayFunction one = new RelayFunction(own.environment(), own.platform());
                assertThat(Scene.summary(Events.callWith(name, one))).as(name).isEqualTo(expected);
            }
        });
    }

    // ---- A phone

    private String body() {
        return body(
                TYPE,
                Json.newObject()
                        .put("targetPublicKey", target.publicKey().uncompressedHex())
                        .put("userId", ada.userId())
                        .put("apiKeyName", "Phone")
                        .put("expirationSeconds", "900")
                        .put("invalidateExisting", false));
    }

    private String body(String type, ObjectNode parameters) {
        ObjectNode body = Json.newObject()
                .put("type", type)
                .put("timestampMs", now())
                .put("organizationId", ada.organizationId());
        body.set("parameters", parameters);
        return Json.text(body);
    }

    private String now() {
        return Long.toString(scene.clock().instant().toEpochMilli());
    }

    private static String stamp(KeyPair key, String body) {
        return key.stamper().stamp(body.getBytes(StandardCharsets.UTF_8)).headerValue();
    }

    private Map<String, String> stamped(Device device, String body) {
        return switch (device) {
            case SESSION -> Map.of("x-stamp", stamp(session, body));
            case PASSKEY -> Map.of(WEBAUTHN, ada.passkey().stamp(utf8(body), DemoWorld.ORIGIN));
        };
    }

    private JsonNode made(String body) {
        return made(body, stamped(Device.SESSION, body));
    }

    private JsonNode made(String body, Map<String, String> stamp) {
        APIGatewayV2HTTPResponse response = call(READ_WRITE, body, stamp);
        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(200);
        return Scene.json(response.getBody()).at(RESULT);
    }

    private long activities() {
        return scene.turnkey().world().activities(ada.organizationId(), TYPE);
    }

    private APIGatewayV2HTTPResponse call(String activity, String body, String stamp) {
        return call(activity, body, Map.of("x-stamp", stamp));
    }

    private APIGatewayV2HTTPResponse call(String activity, String body, Map<String, String> stamp) {
        return Gateway.serve(function, event(ada, activity, body, stamp), context());
    }

    private APIGatewayV2HTTPEvent event(
            DemoWorld.Customer caller, String activity, String body, Map<String, String> headers) {
        APIGatewayV2HTTPEvent event = scene.call(caller, body);
        event.setRouteKey("POST /v1/relay/submit/{activity}");
        event.setPathParameters(Map.of("activity", activity));
        event.getHeaders().putAll(headers);
        return event;
    }

    private static TestContext context() {
        return new TestContext(Scene.AMPLE);
    }
}
