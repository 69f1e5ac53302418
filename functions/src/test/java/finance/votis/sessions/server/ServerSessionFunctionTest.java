package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.Deadline;
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
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

class ServerSessionFunctionTest {

    private static final Map<String, Object> INPUT = Map.of("session", "nightly");
    private static final String RESULT = "/activity/result/createReadWriteSessionResultV2/";

    private final Scene scene = new Scene();
    private final SecretsManagerClient secrets = scene.secretsManager();
    private final KmsClient kms = scene.kms();

    @AfterEach
    void close() {
        secrets.close();
        kms.close();
        scene.close();
    }

    @Test
    void anAdminJobWithBothPermissionsUsesTheSession() throws Exception {
        Map<String, String> answer = run();

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
        assertThat(at("AWSCURRENT").versionId()).isEqualTo(answer.get("versionId"));
        ObjectNode version = Scene.json(at("AWSCURRENT").secretString());
        assertThat(version.fieldNames()).toIterable().containsExactly("state", "publicKey", "wrapped");
        assertThat(version.get("state").textValue()).isEqualTo("credential");
        assertThat(version.get("publicKey").textValue()).isEqualTo(answer.get("publicKey"));

        byte[] opened = unwrap(version, "credential");
        try (LocalStamper stamper =
                new LocalStamper(P256PrivateKey.fromScalar(SecretBytes.takeOver(Arrays.copyOf(opened, 32))))) {
            assertThat(stamper.publicKey().compressedHex()).isEqualTo(answer.get("publicKey"));
            assertThat(whoami(stamper)).isEqualTo(new Answer.Completed<>(admin()));
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

        fails("REQUEST_NOT_AUTHORIZED");

        GetSecretValueResponse pending = at("AWSPENDING");
        assertThat(pending.versionStages()).containsExactly("AWSPENDING");
        ObjectNode version = Scene.json(pending.secretString());
        assertThat(version.get("state").textValue()).isEqualTo("attempt");
        byte[] opened = unwrap(version, "attempt");
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
        assertThat(Scene.json(at("AWSCURRENT").secretString()).get("state").textValue())
                .isEqualTo("none");
    }

    @Test
    void neitherStateUnwrapsInTheOthersContext() throws Exception {
        run();
        ObjectNode version = Scene.json(at("AWSCURRENT").secretString());

        assertThatExceptionOfType(KmsException.class).isThrownBy(() -> unwrap(version, "attempt"));
    }

    @Test
    void versionIdsAreMadeOfWhatTheRunSawAndActsOn() throws Exception {
        String none = at("AWSCURRENT").versionId();
        String attempt = sha256("nightly\n" + none + "\n-");

        Map<String, String> answer = run();

        assertThat(answer.get("versionId")).isEqualTo(sha256("nightly\n" + none + "\n" + attempt));
        assertThat(puts()).containsExactly(attempt, answer.get("versionId"));
    }

    @Test
    void stepsComeInTheirOrder() {
        run();

        assertThat(scene.turnkey().requests().stream().map(request -> request.path()))
                .containsExactly(
                        Endpoint.WHOAMI.path(),
                        Endpoint.CREATE_READ_WRITE_SESSION.path(),
                        Endpoint.GET_API_KEYS.path(),
                        Endpoint.WHOAMI.path());
        assertThat(scene.aws().requests().stream().map(RecordedRequest::operation))
                .containsExactly(
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.GET_SECRET_VALUE,
                        Operation.ENCRYPT,
                        Operation.PUT_SECRET_VALUE,
                        Operation.ENCRYPT,
                        Operation.PUT_SECRET_VALUE,
                        Operation.UPDATE_SECRET_VERSION_STAGE);
        assertThat(scene.turnkey().requests(Endpoint.WHOAMI).getLast().stampedBy())
                .isPresent()
                .isNotEqualTo(
                        scene.turnkey().requests(Endpoint.WHOAMI).getFirst().stampedBy());
    }

    @Test
    void aFreshSessionIsReused() throws Exception {
        Map<String, String> created = run();
        scene.clock().advance(Duration.ofMinutes(64));

        Map<String, String> reused = run();

        Map<String, String> expected = new HashMap<>(created);
        expected.put("status", "reused");
        assertThat(reused).isEqualTo(expected);
        assertThat(sessionKeys()).hasSize(1);
        assertThat(at("AWSCURRENT").versionStages()).containsExactly("AWSCURRENT");
    }

    @Test
    void aSessionWithTwoPeriodsAndTheMarginLeftIsRenewedAndTheOldOneStaysUsable() throws Exception {
        Map<String, String> old = run();
        scene.clock().advance(Duration.ofMinutes(65));

        Map<String, String> renewed = run();

        assertThat(renewed).containsEntry("status", "created");
        assertThat(renewed.get("apiKeyId")).isNotEqualTo(old.get("apiKeyId"));
        assertThat(at("AWSPREVIOUS").versionId()).isEqualTo(old.get("versionId"));
        assertThat(sessionKeys().map(ApiKey::id)).contains(old.get("apiKeyId"), renewed.get("apiKeyId"));
    }

    @Test
    void aSessionWhoseKeyTurnkeyNoLongerListsIsRenewed() {
        Map<String, String> old = run();
        scene.turnkey().world().removeApiKey(Objects.requireNonNull(old.get("apiKeyId")));

        assertThat(run()).containsEntry("status", "created").doesNotContainEntry("apiKeyId", old.get("apiKeyId"));
    }

    @Test
    void ifTurnkeyCannotBeAskedAFreshSessionIsReusedWithAWarning() {
        run();
        scene.turnkey().close();

        assertThat(run()).containsEntry("status", "reused");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("WARN");
        assertThat(scene.lastLine().get("warning").textValue()).contains("did not say");
        assertThat(scene.lastLine().get("problem").textValue()).isEqualTo("turnkey-unreachable");
    }

    @Test
    void anAdminKeyThatTurnkeyRefusesShowsWhileTheSessionIsStillReused() {
        run();
        scene.putSecret(scene.adminSecret(), Scene.credential(KeyPair.generate(new SecureRandom())));

        assertThat(run()).containsEntry("status", "reused");

        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        assertThat(scene.lastLine().get("reason").textValue()).isEqualTo("KEY_UNKNOWN");
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("PUBLIC_KEY_NOT_FOUND");
    }

    @Test
    void aStoredSessionThatWasNotMadeCurrentIsProvedAndMadeCurrent() {
        String stored = sessionThatIsNotMadeCurrent();

        Map<String, String> recovered = run();

        assertThat(recovered).containsEntry("status", "recovered").containsEntry("versionId", stored);
        assertThat(at("AWSCURRENT").versionId()).isEqualTo(stored);
        assertThat(sessionKeys().map(ApiKey::id)).containsExactly(recovered.get("apiKeyId"));
        assertThat(run()).containsEntry("status", "reused").containsEntry("versionId", stored);
    }

    @Test
    void aStoredSessionThatIsNearlyOverIsReplaced() {
        String stored = sessionThatIsNotMadeCurrent();
        scene.clock().advance(Duration.ofMinutes(65));

        assertThat(run()).containsEntry("status", "created").doesNotContainEntry("versionId", stored);
    }

    @Test
    void aStoredSessionThatTurnkeyNoLongerKnowsIsReplaced() {
        String stored = sessionThatIsNotMadeCurrent();
        sessionKeys().toList().forEach(key -> scene.turnkey().world().removeApiKey(key.id()));

        assertThat(run()).containsEntry("status", "created").doesNotContainEntry("versionId", stored);
    }

    @Test
    void aStoredSessionThatTurnkeyCannotBeAskedAboutIsKept() {
        String stored = sessionThatIsNotMadeCurrent();
        scene.turnkey().faults().next(Endpoint.WHOAMI, Fault.refusal(403, "API_OPERATIONS_DISABLED", "no"));

        fails("whoami of the new session: turnkey-unavailable");

        assertThat(at("AWSPENDING").versionId()).isEqualTo(stored);
        assertThat(run()).containsEntry("status", "recovered");
    }

    @Test
    void aStoredSessionThatDoesNotOpenIsReplaced() {
        sessionThatIsNotMadeCurrent();
        ObjectNode broken = Scene.json(at("AWSPENDING").secretString()).put("wrapped", "AAAA");
        secrets.putSecretValue(request -> request.secretId(scene.sessionSecret())
                .clientRequestToken("e".repeat(64))
                .secretString(broken.toString())
                .versionStages("AWSPENDING"));

        assertThat(run()).containsEntry("status", "created");
        assertThat(scene.lastLine().get("warning").textValue()).contains("is given up");
    }

    @Test
    void whatIsPendingIsReadBeforeWhatIsCurrent() {
        run();

        assertThat(scene.aws().requests().stream()
                        .flatMap(request -> request.versionStage().stream())
                        .limit(2))
                .containsExactly("AWSPENDING", "AWSCURRENT");
    }

    @Test
    void aLifetimeThatTurnkeyDoesNotTakeIsTheSettings() {
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(400, "invalid api key expiration"));

        fails("internal-error");

        assertThat(scene.lastLine().get("reason").textValue())
                .isEqualTo("BAD_EXPIRATION of SERVER_SESSION_LIFETIME_MINUTES");
    }

    @Test
    void whatADeadRunLeftIsReplaced() throws Exception {
        scene.turnkey().faults().next(Endpoint.GET_API_KEYS, Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no"));
        fails("get API keys");
        String left = at("AWSPENDING").versionId();
        String none = at("AWSCURRENT").versionId();

        Map<String, String> answer = run();

        assertThat(answer).containsEntry("status", "created");
        assertThat(puts().get(1)).isEqualTo(sha256("nightly\n" + none + "\n" + left));
    }

    @Test
    void aRunThatComesSecondWritesNothing() {
        String none = at("AWSCURRENT").versionId();
        put(sha256("nightly\n" + none + "\n-"), "ELSEWHERE");

        fails("attempt in progress");

        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).isEmpty();
    }

    @Test
    void aRunWhoseAttemptWasTakenOverStoresNoCredential() {
        String none = at("AWSCURRENT").versionId();
        String credential = sha256("nightly\n" + none + "\n" + sha256("nightly\n" + none + "\n-"));
        ServerSessionFunction function = functionThatIsOvertaken(() -> put(credential, "ELSEWHERE"));

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(INPUT, Scene.context()))
                .withMessageContaining("attempt in progress");
        assertThat(at("AWSCURRENT").versionId()).isEqualTo(none);
    }

    @Test
    void aRunDoesNotMoveWhatAnotherRunMadeCurrent() {
        String other = "f".repeat(64);
        ServerSessionFunction function = functionThatIsOvertaken(() -> put(other, "AWSCURRENT"));

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(INPUT, Scene.context()))
                .withMessageContaining("attempt in progress");
        assertThat(at("AWSCURRENT").versionId()).isEqualTo(other);
    }

    @Test
    void runsAtOnceMakeOneCurrentSession() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> runs = Collections.nCopies(4, () -> {
                try {
                    return Objects.requireNonNull(run().get("status"));
                } catch (ExplainedException refused) {
                    return String.valueOf(refused.getMessage());
                }
            });
            List<String> ends = new ArrayList<>();
            for (Future<String> end : threads.invokeAll(runs)) {
                ends.add(end.get());
            }
            assertThat(ends)
                    .containsOnlyOnce("created")
                    .allMatch(end -> Set.of("created", "reused", "recovered").contains(end)
                            || end.startsWith("attempt in progress"));
        }
        assertThat(run()).containsEntry("status", "reused");
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
                        Fault.with(RESULT + "credentialBundle", bundleOfAnother()),
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
        String before = at("AWSCURRENT").versionId();
        scene.turnkey().faults().next(endpoint, fault);

        fails(message);

        assertThat(at("AWSCURRENT").versionId()).isEqualTo(before);
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

        fails("whoami of the new session: the answer names another organisation or user");

        assertThat(Scene.json(at("AWSCURRENT").secretString()).get("state").textValue())
                .isEqualTo("none");
        assertThat(Scene.json(at("AWSPENDING").secretString()).get("state").textValue())
                .isEqualTo("credential");
    }

    @Test
    void turnkeyOutOfReachIsTold() {
        scene.turnkey().close();

        fails("turnkey-unreachable");
    }

    @Test
    void aSlowTurnkeyIsTold() {
        ServerSessionFunction function = function();
        function.handleRequest(INPUT, Scene.context());
        scene.clock().advance(Duration.ofHours(2));
        scene.turnkey().faults().next(Endpoint.WHOAMI, Fault.silence());

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(INPUT, new TestContext(Duration.ofMillis(1_500))))
                .withMessageContaining("turnkey-slow");
    }

    @Test
    void aRunWithTooLittleTimeToKeepASessionMakesNone() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function().handleRequest(INPUT, new TestContext(ServerSessions.AFTER_CREATE)))
                .withMessageContaining("nothing was made");

        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).isEmpty();
    }

    @Test
    void aVersionThatIsNoneOfOursIsRefusedByNameAndNothingIsTouched() {
        secrets.putSecretValue(
                request -> request.secretId(scene.sessionSecret()).secretString("{\"password\":\"hunter2\"}"));

        String message = fails("is none of ours");

        assertThat(message).contains(at("AWSCURRENT").versionId()).doesNotContain("hunter2");
        assertThat(puts()).hasSize(0);
    }

    @Test
    void aCredentialThatKmsDoesNotUnwrapIsRefusedByName() {
        run();
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
                .isThrownBy(() -> function.handleRequest(INPUT, Scene.context()))
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
                .isThrownBy(() -> function().handleRequest(input, Scene.context()))
                .withMessageStartingWith("input: ")
                .withMessageContaining(message)
                .withMessageNotContaining("payroll")
                .withMessageNotContaining("0000000000a1");
        assertThat(scene.aws().requests()).isEmpty();
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsNameSays() {
        Map<String, String> refusals = Map.of(
                "server-session-empty", "input: session must be",
                "server-session-unknown-field", "userId is not a field",
                "server-session-unknown-session", "input: session must be");

        assertThat(Events.named("server-session"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(refusals.keySet().stream(), Stream.of("server-session"))
                                .toList());
        assertThat(refusals)
                .allSatisfy((name, message) -> assertThatExceptionOfType(ExplainedException.class)
                        .isThrownBy(() -> function().handleRequest(Events.input(name), Scene.context()))
                        .withMessageContaining(message));
        assertThat(function().handleRequest(Events.input("server-session"), Scene.context()))
                .containsEntry("status", "created");
    }

    @Test
    void noInputIsRefusedLikeAnEmptyOne() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function().handleRequest(null, Scene.context()))
                .withMessageContaining("session must be");
    }

    @Test
    void aForeignExceptionIsNamedByItsClassAlone() {
        ServerSessionFunction function = functionThatIsOvertaken(() -> {
            throw new IllegalStateException("the private key is 42");
        });

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(INPUT, Scene.context()))
                .withMessage("internal error: java.lang.IllegalStateException")
                .withNoCause();
        assertThat(scene.lastLine().get("exception").textValue())
                .startsWith("java.lang.IllegalStateException at ")
                .doesNotContain("42");
    }

    @Test
    void noSecretIsInTheLogOrTheAnswer() throws Exception {
        Map<String, String> answer = run();

        String key = HexFormat.of()
                .formatHex(Arrays.copyOf(unwrap(Scene.json(at("AWSCURRENT").secretString()), "credential"), 32));
        assertThat(String.join("\n", scene.log()) + answer)
                .doesNotContain(key)
                .doesNotContain(scene.world().adminKey().dangerouslyPrivateKeyHex());
    }

    /** Something else happens when the run, which has looked at the secret by then, makes its target key. */
    private ServerSessionFunction functionThatIsOvertaken(Runnable meanwhile) {
        Platform platform = scene.platform();
        return new ServerSessionFunction(
                scene.environment(),
                new Platform(
                        platform.clock(),
                        platform.nanoTime(),
                        platform.waiting(),
                        () -> {
                            meanwhile.run();
                            return new SecureRandom();
                        },
                        platform.log()));
    }

    /** What a run leaves that dies before its last write. */
    private String sessionThatIsNotMadeCurrent() {
        scene.aws()
                .faults()
                .next(
                        Operation.UPDATE_SECRET_VERSION_STAGE,
                        new finance.votis.sessions.standins.aws.Fault.AccessDenied());
        fails("UpdateSecretVersionStage");
        return at("AWSPENDING").versionId();
    }

    private void put(String id, String stage) {
        secrets.putSecretValue(request -> request.secretId(scene.sessionSecret())
                .clientRequestToken(id)
                .secretString("{\"state\":\"none\"}")
                .versionStages(stage));
    }

    private ServerSessionFunction function() {
        return new ServerSessionFunction(scene.environment(), scene.platform());
    }

    private Map<String, String> run() {
        return function().handleRequest(INPUT, Scene.context());
    }

    private String fails(String message) {
        ExplainedException thrown = catchThrowableOfType(ExplainedException.class, this::run);
        assertThat(thrown)
                .as("a run that fails")
                .isNotNull()
                .hasMessageContaining(message)
                .hasNoCause();
        return String.valueOf(thrown.getMessage());
    }

    private GetSecretValueResponse at(String stage) {
        return secrets.getSecretValue(
                request -> request.secretId(scene.sessionSecret()).versionStage(stage));
    }

    private byte[] unwrap(ObjectNode version, String purpose) {
        return kms.decrypt(request -> request.keyId(scene.wrappingKey())
                        .ciphertextBlob(SdkBytes.fromByteArray(Base64.getDecoder()
                                .decode(version.get("wrapped").textValue())))
                        .encryptionContext(Map.of(
                                "app",
                                "votis-sessions",
                                "purpose",
                                purpose,
                                "organization",
                                scene.world().parentId(),
                                "session",
                                "nightly",
                                "publicKey",
                                version.get("publicKey").textValue())))
                .plaintext()
                .asByteArray();
    }

    private Answer<Identity> whoami(LocalStamper stamper) {
        return TurnkeyClient.over(
                        scene.turnkey().url(),
                        scene.clock(),
                        scene.platform().waiting(),
                        scene.platform().random())
                .whoami(new OrganizationId(scene.world().parentId()), stamper, Deadline.after(Scene.AMPLE));
    }

    private Identity admin() {
        return new Identity(
                new OrganizationId(scene.world().parentId()),
                new UserId(scene.world().adminUserId()));
    }

    private Stream<ApiKey> sessionKeys() {
        return scene.turnkey().world().apiKeys(scene.world().adminUserId()).stream()
                .filter(key -> key.lifetime().isPresent());
    }

    /** Ids of the versions that functions wrote. */
    private List<String> puts() {
        return scene.aws().requests().stream()
                .filter(request -> request.operation() == Operation.PUT_SECRET_VALUE)
                .map(request -> request.versionId().orElseThrow())
                .filter(id -> id.length() == 64)
                .toList();
    }

    private static String bundleOfAnother() {
        SecureRandom random = new SecureRandom();
        return CredentialBundle.seal(
                        P256PrivateKey.generate(random),
                        KeyPair.generate(random).publicKey(),
                        random)
                .text();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
