package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.TestContext;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.aws.RecordedRequest;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.turnkey.Answer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

class ServerSessionFunctionTest {

    private static final String RESULT = "/activity/result/createReadWriteSessionResultV2/";

    private final Nightly nightly = new Nightly();
    private final Scene scene = nightly.scene();

    @AfterEach
    void close() {
        nightly.close();
    }

    @Test
    void anAdminJobWithBothPermissionsUsesTheSession() throws Exception {
        Map<String, String> answer = nightly.run();

        assertThat(answer)
                .containsOnlyKeys(
                        "status",
                        "secretArn",
                        "versionId",
                        "apiKeyId",
                        "publicKey",
                        "organizationId",
                        "userId",
                        "expiresAt")
                .containsEntry("status", "created")
                .containsEntry("secretArn", scene.sessionSecret())
                .containsEntry("organizationId", scene.world().parentId())
                .containsEntry("userId", scene.world().adminUserId())
                .containsEntry("expiresAt", "2026-11-24T00:00:00Z");
        assertThat(nightly.at("AWSCURRENT").versionId()).isEqualTo(answer.get("versionId"));
        ObjectNode version = Scene.json(nightly.at("AWSCURRENT").secretString());
        assertThat(version.fieldNames()).toIterable().containsExactly("state", "publicKey", "wrapped");
        assertThat(version.get("state").textValue()).isEqualTo("credential");
        assertThat(version.get("publicKey").textValue()).isEqualTo(answer.get("publicKey"));

        byte[] opened = nightly.unwrap(version, "credential");
        try (LocalStamper stamper =
                new LocalStamper(P256PrivateKey.fromScalar(SecretBytes.takeOver(Arrays.copyOf(opened, 32))))) {
            assertThat(stamper.publicKey().compressedHex()).isEqualTo(answer.get("publicKey"));
            assertThat(nightly.whoami(stamper)).isEqualTo(new Answer.Completed<>(nightly.admin()));
        }
        ObjectNode rest = Scene.json(new String(opened, 32, opened.length - 32, StandardCharsets.UTF_8));
        assertThat(rest.get("apiKeyId").textValue()).isEqualTo(answer.get("apiKeyId"));
        assertThat(rest.get("expiresAt").textValue()).isEqualTo(answer.get("expiresAt"));
    }

    @Test
    void theAttemptIsStoredBeforeTurnkeyIsAskedAndHoldsWhatGoingOnNeeds() throws Exception {
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no"));

        nightly.fails("REQUEST_NOT_AUTHORIZED");

        GetSecretValueResponse pending = nightly.at("AWSPENDING");
        assertThat(pending.versionStages()).containsExactly("AWSPENDING");
        ObjectNode version = Scene.json(pending.secretString());
        assertThat(version.get("state").textValue()).isEqualTo("attempt");
        byte[] opened = nightly.unwrap(version, "attempt");
        byte[] request = Arrays.copyOfRange(opened, 32, opened.length);
        assertThat(request)
                .isEqualTo(scene.turnkey()
                        .requests(Endpoint.CREATE_READ_WRITE_SESSION)
                        .getLast()
                        .body());
        try (P256PrivateKey target = P256PrivateKey.fromScalar(SecretBytes.takeOver(Arrays.copyOf(opened, 32)))) {
            assertThat(target.publicKey().compressedHex())
                    .isEqualTo(version.get("publicKey").textValue());
            assertThat(new String(request, StandardCharsets.UTF_8))
                    .contains("\"targetPublicKey\":\"" + target.publicKey().uncompressedHex() + "\"")
                    .contains("\"timestampMs\":\"" + Scene.START.toEpochMilli() + "\"")
                    .doesNotContain("userId");
        }
        assertThat(Scene.json(nightly.at("AWSCURRENT").secretString())
                        .get("state")
                        .textValue())
                .isEqualTo("none");
    }

    @Test
    void neitherStateUnwrapsInTheOthersContext() throws Exception {
        nightly.run();
        ObjectNode version = Scene.json(nightly.at("AWSCURRENT").secretString());

        assertThatExceptionOfType(KmsException.class).isThrownBy(() -> nightly.unwrap(version, "attempt"));
    }

    @Test
    void versionIdsAreMadeOfWhatTheRunSawAndActsOn() throws Exception {
        String none = nightly.at("AWSCURRENT").versionId();
        String attempt = Nightly.sha256("nightly\n" + none + "\n-");

        Map<String, String> answer = nightly.run();

        assertThat(answer.get("versionId")).isEqualTo(Nightly.sha256("nightly\n" + none + "\n" + attempt));
        assertThat(nightly.puts()).containsExactly(attempt, answer.get("versionId"));
    }

    @Test
    void stepsComeInTheirOrder() {
        nightly.run();

        assertThat(scene.turnkey().requests().stream().map(request -> request.path()))
                .containsExactly(
                        Endpoint.WHOAMI.path(),
                        Endpoint.GET_API_KEYS.path(),
                        Endpoint.CREATE_READ_WRITE_SESSION.path(),
                        Endpoint.GET_API_KEYS.path(),
                        Endpoint.WHOAMI.path(),
                        Endpoint.GET_API_KEYS.path());
        assertThat(scene.aws().requests().stream().map(RecordedRequest::operation))
                .containsExactly(
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.ENCRYPT,
                        Operation.PUT_SECRET_VALUE,
                        Operation.ENCRYPT,
                        Operation.PUT_SECRET_VALUE,
                        Operation.UPDATE_SECRET_VERSION_STAGE,
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.UPDATE_SECRET_VERSION_STAGE);
        assertThat(scene.turnkey().requests(Endpoint.WHOAMI).getLast().stampedBy())
                .isPresent()
                .isNotEqualTo(
                        scene.turnkey().requests(Endpoint.WHOAMI).getFirst().stampedBy());
    }

    @Test
    void aFreshSessionIsReused() throws Exception {
        Map<String, String> created = nightly.run();
        scene.clock().advance(Duration.ofMinutes(64));

        Map<String, String> reused = nightly.run();

        Map<String, String> expected = new HashMap<>(created);
        expected.put("status", "reused");
        assertThat(reused).isEqualTo(expected);
        assertThat(nightly.sessionKeys()).hasSize(1);
        assertThat(nightly.at("AWSCURRENT").versionStages()).containsExactly("AWSCURRENT");
    }

    @Test
    void aSessionWithTwoPeriodsAndTheMarginLeftIsRenewedAndTheOldOneStaysUsable() throws Exception {
        Map<String, String> old = nightly.run();
        scene.clock().advance(Duration.ofMinutes(65));

        Map<String, String> renewed = nightly.run();

        assertThat(renewed).containsEntry("status", "created");
        assertThat(renewed.get("apiKeyId")).isNotEqualTo(old.get("apiKeyId"));
        assertThat(nightly.at("AWSPREVIOUS").versionId()).isEqualTo(old.get("versionId"));
        assertThat(nightly.sessionKeys().map(ApiKey::id)).contains(old.get("apiKeyId"), renewed.get("apiKeyId"));
    }

    @Test
    void aSessionWhoseKeyTurnkeyNoLongerListsIsRenewed() {
        Map<String, String> old = nightly.run();
        scene.turnkey().world().removeApiKey(Objects.requireNonNull(old.get("apiKeyId")));

        assertThat(nightly.run())
                .containsEntry("status", "created")
                .doesNotContainEntry("apiKeyId", old.get("apiKeyId"));
    }

    @Test
    void ifTurnkeyCannotBeAskedAFreshSessionIsReusedWithAWarning() {
        nightly.run();
        scene.turnkey().close();

        assertThat(nightly.run()).containsEntry("status", "reused");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("WARN");
        assertThat(scene.lastLine().get("warning").textValue()).contains("did not say");
        assertThat(scene.lastLine().get("problem").textValue()).isEqualTo("turnkey-unreachable");
    }

    @Test
    void anAdminKeyThatTurnkeyRefusesShowsWhileTheSessionIsStillReused() {
        nightly.run();
        scene.putSecret(scene.adminSecret(), Scene.credential(KeyPair.generate(new SecureRandom())));

        assertThat(nightly.run()).containsEntry("status", "reused");

        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        assertThat(scene.lastLine().get("reason").textValue()).isEqualTo("KEY_UNKNOWN");
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("PUBLIC_KEY_NOT_FOUND");
    }

    @Test
    void stagesAreReadInTheOrderInWhichAVersionMoves() {
        nightly.run();

        assertThat(scene.aws().requests().stream()
                        .flatMap(request -> request.versionStage().stream())
                        .limit(3))
                .containsExactly("AWSPENDING", "AWSCURRENT", "AWSPREVIOUS");
    }

    @Test
    void aLifetimeThatTurnkeyDoesNotTakeIsTheSettings() {
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(400, "invalid api key expiration"));

        nightly.fails("internal-error");

        assertThat(scene.lastLine().get("reason").textValue())
                .isEqualTo("BAD_EXPIRATION of SERVER_SESSION_LIFETIME_MINUTES");
    }

    @Test
    void aRunThatComesSecondReusesWhatTheFirstOneMade() {
        Map<String, String> first = new HashMap<>();
        ServerSessionFunction second = functionThatIsOvertaken(() -> first.putAll(nightly.run()));

        assertThat(second.handleRequest(Nightly.INPUT, Scene.context()))
                .containsEntry("status", "reused")
                .containsEntry("versionId", first.get("versionId"));
        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).hasSize(1);
    }

    @Test
    void aRunWhoseAttemptWasTakenOverReusesWhatCameOfIt() {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.pending(2));
        Map<String, String> other = new HashMap<>();
        ServerSessionFunction function =
                nightly.function(platform -> nightly.onceWhenWaiting(platform, () -> other.putAll(nightly.run())));

        assertThat(function.handleRequest(Nightly.INPUT, Scene.context()))
                .containsEntry("status", "reused")
                .containsEntry("versionId", other.get("versionId"));
        assertThat(other).containsEntry("status", "recovered");
        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @Test
    void aSessionThatAnotherRunMadeAfterTheKeysWereListedIsReused() {
        Map<String, String> old = nightly.run();
        scene.clock().advance(Duration.ofMinutes(65));
        int before = scene.turnkey().requests(Endpoint.GET_API_KEYS).size();
        Map<String, String> other = new HashMap<>();
        ServerSessionFunction slow = nightly.function(platform -> nightly.onceWhen(
                platform,
                () -> scene.turnkey().requests(Endpoint.GET_API_KEYS).size() > before,
                () -> other.putAll(nightly.run())));

        assertThat(slow.handleRequest(Nightly.INPUT, Scene.context()))
                .containsEntry("status", "reused")
                .containsEntry("apiKeyId", other.get("apiKeyId"));
        assertThat(nightly.sessionKeys().map(ApiKey::id))
                .containsExactlyInAnyOrder(old.get("apiKeyId"), other.get("apiKeyId"));
    }

    @Test
    void whatAnotherRunMadeCurrentMeanwhileIsSeen() {
        String other = "f".repeat(64);
        ServerSessionFunction function = functionThatIsOvertaken(() -> nightly.put(other, "AWSCURRENT"));

        assertThat(function.handleRequest(Nightly.INPUT, Scene.context())).containsEntry("status", "recovered");

        assertThat(nightly.at("AWSPREVIOUS").versionId()).isEqualTo(other);
        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @Test
    void runsAtOnceMakeOneCurrentSession() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Map<String, String>>> runs = Collections.nCopies(4, nightly::run);
            Set<String> versions = new HashSet<>();
            for (Future<Map<String, String>> end : threads.invokeAll(runs)) {
                versions.add(end.get().get("versionId"));
            }
            assertThat(versions).containsExactly(nightly.at("AWSCURRENT").versionId());
        }
        assertThat(nightly.sessionKeys()).hasSize(1);
        assertThat(nightly.run()).containsEntry("status", "reused");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(400, "bad request body"), "internal-error"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.failed("REQUEST_NOT_AUTHORIZED", "no"),
                        "turnkey-refused"),
                Arguments.of(Endpoint.CREATE_READ_WRITE_SESSION, Fault.consensusNeeded(), "needs-approval"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.answer(200, "application/json", "{"),
                        "turnkey-unreadable"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.without(RESULT + "credentialBundle"),
                        "turnkey-unreadable"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.with(RESULT + "credentialBundle", "malformed"),
                        "turnkey-unreadable"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.with(RESULT + "userId", "00000000-0000-4000-8000-000000000009"),
                        "another organisation or user"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.with(RESULT + "credentialBundle", Nightly.bundleOfAnother()),
                        "does not open"),
                Arguments.of(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.with(RESULT + "apiKeyId", "00000000-0000-4000-8000-000000000009"),
                        "does not list the key"),
                Arguments.of(Endpoint.GET_API_KEYS, Fault.emptyObject(), "get API keys"),
                Arguments.of(
                        Endpoint.WHOAMI,
                        Fault.with("/organizationId", "00000000-0000-4000-8000-000000000009"),
                        "another organisation or user"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void afterAFailureTheCurrentVersionIsUntouchedAndTheMessageIsOurs(Endpoint endpoint, Fault fault, String message) {
        String before = nightly.at("AWSCURRENT").versionId();
        scene.turnkey().faults().next(endpoint, fault);

        nightly.fails(message);

        assertThat(nightly.at("AWSCURRENT").versionId()).isEqualTo(before);
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("failed");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
    }

    @Test
    void aSessionThatDoesNotProveItselfDoesNotBecomeCurrent() throws Exception {
        // The first whoami is the admin's, the second the proof.
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.WHOAMI,
                        Fault.delay(Duration.ZERO),
                        Fault.with("/userId", scene.world().rootUserId()));

        nightly.fails("whoami of the new session: the answer names another organisation or user");

        assertThat(Scene.json(nightly.at("AWSCURRENT").secretString())
                        .get("state")
                        .textValue())
                .isEqualTo("none");
        assertThat(Scene.json(nightly.at("AWSPENDING").secretString())
                        .get("state")
                        .textValue())
                .isEqualTo("credential");
    }

    @Test
    void turnkeyOutOfReachIsTold() {
        scene.turnkey().close();

        nightly.fails("turnkey-unreachable");
    }

    @Test
    void aSlowTurnkeyIsTold() {
        ServerSessionFunction function = nightly.function();
        function.handleRequest(Nightly.INPUT, Scene.context());
        scene.clock().advance(Duration.ofHours(2));
        scene.turnkey().faults().next(Endpoint.WHOAMI, Fault.silence());

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(Nightly.INPUT, new TestContext(Duration.ofMillis(1_500))))
                .withMessageContaining("turnkey-slow");
    }

    @Test
    void aRunWithTooLittleTimeToKeepASessionMakesNone() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() ->
                        nightly.function().handleRequest(Nightly.INPUT, new TestContext(ServerSessions.AFTER_CREATE)))
                .withMessageContaining("too little time is left");
        assertThat(nightly.puts()).isEmpty();

        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).isEmpty();
    }

    @Test
    void aVersionThatIsNoneOfOursIsRefusedByNameAndNothingIsTouched() {
        nightly.secrets()
                .putSecretValue(
                        request -> request.secretId(scene.sessionSecret()).secretString("{\"password\":\"hunter2\"}"));

        String message = nightly.fails("is none of ours");

        assertThat(message).contains(nightly.at("AWSCURRENT").versionId()).doesNotContain("hunter2");
        assertThat(nightly.puts()).hasSize(0);
    }

    @Test
    void aCredentialThatKmsDoesNotUnwrapIsRefusedByName() {
        nightly.run();
        ServerSessionFunction otherName =
                new ServerSessionFunction(scene.environmentWith(Map.of("SERVER_SESSION", "weekly")), scene.platform());

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> otherName.handleRequest(Map.of("session", "weekly"), Scene.context()))
                .withMessage("kms:Decrypt of " + scene.wrappingKey() + " did not work: InvalidCiphertextException");
    }

    @Test
    void aSecretThatIsMissingIsRefusedByName() {
        ServerSessionFunction function = new ServerSessionFunction(
                scene.environmentWith(Map.of("SERVER_SESSION_SECRET", "not-there")), scene.platform());

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(Nightly.INPUT, Scene.context()))
                .withMessage("GetSecretValue of not-there did not work: ResourceNotFoundException");
    }

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of(Map.of(), "session must be"),
                Arguments.of(Map.of("session", "weekly-payroll"), "session must be \"nightly\""),
                Arguments.of(Map.of("session", 5), "session must be"),
                Arguments.of(Map.of("session", List.of("nightly")), "session must be"),
                Arguments.of(
                        Map.of("session", "nightly", "userId", "00000000-0000-4000-8000-0000000000a1"),
                        "userId is not a field"),
                Arguments.of(Map.of("session", "nightly", "a payroll's", ""), "a field with an unusual name"));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anythingButTheNameOfTheSessionIsRefusedAndNothingIsMade(Map<String, Object> input, String message) {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> nightly.function().handleRequest(input, Scene.context()))
                .withMessageStartingWith("input: ")
                .withMessageContaining(message)
                .withMessageNotContaining("payroll")
                .withMessageNotContaining("0000000000a1");
        assertThat(scene.aws().requests()).isEmpty();
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        assertThat(Events.answers("server-session"))
                .isNotEmpty()
                .allSatisfy((name, expected) -> assertThat(Events.runWith(name, nightly.function()))
                        .as(name)
                        .isEqualTo(expected));
    }

    @Test
    void noInputIsRefusedLikeAnEmptyOne() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> nightly.function().handleRequest(null, Scene.context()))
                .withMessageContaining("session must be");
    }

    @Test
    void aForeignExceptionIsNamedByItsClassAlone() {
        ServerSessionFunction function = functionThatIsOvertaken(() -> {
            throw new IllegalStateException("the private key is 42");
        });

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(Nightly.INPUT, Scene.context()))
                .withMessage("internal error: java.lang.IllegalStateException")
                .withNoCause();
        assertThat(scene.lastLine().get("exception").textValue())
                .startsWith("java.lang.IllegalStateException at ")
                .doesNotContain("42");
    }

    @Test
    void noSecretIsInTheLogOrTheAnswer() throws Exception {
        Map<String, String> answer = nightly.run();

        String key = HexFormat.of()
                .formatHex(Arrays.copyOf(
                        nightly.unwrap(Scene.json(nightly.at("AWSCURRENT").secretString()), "credential"), 32));
        assertThat(String.join("\n", scene.log()) + answer)
                .doesNotContain(key)
                .doesNotContain(scene.world().adminKey().dangerouslyPrivateKeyHex());
    }

    /** Something else happens when the run, which has looked at the secret by then, makes its target key. */
    private ServerSessionFunction functionThatIsOvertaken(Runnable meanwhile) {
        var once = new AtomicBoolean();
        return nightly.function(platform -> new Platform(
                platform.clock(),
                platform.nanoTime(),
                platform.waiting(),
                () -> {
                    if (!once.getAndSet(true)) {
                        meanwhile.run();
                    }
                    return new SecureRandom();
                },
                platform.log()));
    }
}
