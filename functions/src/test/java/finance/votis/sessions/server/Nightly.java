package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** A scene with the server session "nightly" in it: its function, and what an operator and an admin job see of it. */
final class Nightly implements AutoCloseable {

    static final Map<String, Object> INPUT = Map.of("session", "nightly");

    private final Scene scene = new Scene();
    private final SecretsManagerClient secrets = scene.secretsManager();
    private final KmsClient kms = scene.kms();

    Scene scene() {
        return scene;
    }

    SecretsManagerClient secrets() {
        return secrets;
    }

    void put(String id, String stage) {
        secrets.putSecretValue(request -> request.secretId(scene.sessionSecret())
                .clientRequestToken(id)
                .secretString("{\"state\":\"none\"}")
                .versionStages(stage));
    }

    ServerSessionFunction function() {
        return new ServerSessionFunction(scene.environment(), scene.platform());
    }

    /** On a platform that differs from the scene's. */
    ServerSessionFunction function(UnaryOperator<Platform> change) {
        return new ServerSessionFunction(scene.environment(), change.apply(scene.platform()));
    }

    /** Something else happens in the first pause. */
    Platform onceWhenWaiting(Platform platform, Runnable meanwhile) {
        var once = new AtomicBoolean();
        return new Platform(
                platform.clock(),
                platform.nanoTime(),
                pause -> {
                    if (!once.getAndSet(true)) {
                        meanwhile.run();
                    }
                },
                platform.random(),
                platform.log());
    }

    /** Something else happens when the time is looked at, which is around each call of Turnkey. */
    Platform onceWhen(Platform platform, BooleanSupplier condition, Runnable meanwhile) {
        var once = new AtomicBoolean();
        return new Platform(
                platform.clock(),
                () -> {
                    if (condition.getAsBoolean() && !once.getAndSet(true)) {
                        meanwhile.run();
                    }
                    return platform.nanoTime().getAsLong();
                },
                platform.waiting(),
                platform.random(),
                platform.log());
    }

    /** As in an account: a pause takes its time, and nothing else does. */
    static Platform whereOnlyPausesTakeTime(Platform platform) {
        var nanos = new AtomicLong();
        return new Platform(
                platform.clock(),
                nanos::get,
                pause -> nanos.addAndGet(pause.toNanos()),
                platform.random(),
                platform.log());
    }

    Map<String, String> run() {
        return function().handleRequest(INPUT, Scene.context());
    }

    String fails(String message) {
        ExplainedException thrown = catchThrowableOfType(ExplainedException.class, this::run);
        assertThat(thrown)
                .as("a run that fails")
                .isNotNull()
                .hasMessageContaining(message)
                .hasNoCause();
        return String.valueOf(thrown.getMessage());
    }

    GetSecretValueResponse at(String stage) {
        return secrets.getSecretValue(
                request -> request.secretId(scene.sessionSecret()).versionStage(stage));
    }

    byte[] unwrap(ObjectNode version, String purpose) {
        return kms.decrypt(request -> request.keyId(scene.wrappingKey())
                        .ciphertextBlob(SdkBytes.fromByteArray(Base64.getDecoder()
                                .decode(version.get("wrapped").textValue())))
                        .encryptionContext(context(version, purpose)))
                .plaintext()
                .asByteArray();
    }

    /** The version with something else wrapped in it, as only the function itself can wrap. */
    ObjectNode wrapping(byte[] plaintext, ObjectNode version, String purpose) {
        byte[] wrapped = kms.encrypt(request -> request.keyId(scene.wrappingKey())
                        .plaintext(SdkBytes.fromByteArray(plaintext))
                        .encryptionContext(context(version, purpose)))
                .ciphertextBlob()
                .asByteArray();
        return version.deepCopy().put("wrapped", Base64.getEncoder().encodeToString(wrapped));
    }

    private Map<String, String> context(ObjectNode version, String purpose) {
        return Map.of(
                "app",
                "votis-sessions",
                "purpose",
                purpose,
                "organization",
                scene.world().parentId(),
                "session",
                "nightly",
                "publicKey",
                version.get("publicKey").textValue());
    }

    Answer<Identity> whoami(LocalStamper stamper) {
        return turnkey().whoami(new OrganizationId(scene.world().parentId()), stamper, Deadline.after(Scene.AMPLE));
    }

    Identity admin() {
        return new Identity(
                new OrganizationId(scene.world().parentId()),
                new UserId(scene.world().adminUserId()));
    }

    Stream<ApiKey> sessionKeys() {
        return scene.turnkey().world().apiKeys(scene.world().adminUserId()).stream()
                .filter(key -> key.lifetime().isPresent());
    }

    /** Ids of the versions that functions wrote. */
    List<String> puts() {
        return scene.aws().requests().stream()
                .filter(request -> request.operation() == Operation.PUT_SECRET_VALUE)
                .map(request -> request.versionId().orElseThrow())
                .filter(id -> id.length() == 64)
                .toList();
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static String bundleOfAnother() {
        SecureRandom random = new SecureRandom();
        return CredentialBundle.seal(
                        P256PrivateKey.generate(random),
                        KeyPair.generate(random).publicKey(),
                        random)
                .text();
    }

    /** What a run leaves that dies before its last write. */
    String sessionThatIsNotMadeCurrent() {
        scene.aws()
                .faults()
                .next(
                        Operation.UPDATE_SECRET_VERSION_STAGE,
                        new finance.votis.sessions.standins.aws.Fault.AccessDenied());
        fails("UpdateSecretVersionStage");
        return at("AWSPENDING").versionId();
    }

    /** Another session of the admin's user, made by its key, with another life. */
    void makeSession(String name) throws CryptoException {
        KeyPair admin = scene.world().adminKey();
        TurnkeyClient turnkey = turnkey();
        try (LocalStamper stamper = new LocalStamper(P256PrivateKey.fromHex(admin.dangerouslyPrivateKeyHex()))) {
            var request = turnkey.readWriteSession(
                    admin().organizationId(),
                    new ReadWriteSession.Parameters(
                            KeyPair.generate(new SecureRandom()).publicKey(),
                            Optional.empty(),
                            name,
                            Duration.ofHours(1),
                            false));
            assertThat(turnkey.createReadWriteSession(request, stamper, Deadline.after(Scene.AMPLE)))
                    .isInstanceOf(Answer.Completed.class);
        }
    }

    /** Of the admin's user, those that do not expire too. */
    List<String> keyNames() {
        return scene.turnkey().world().apiKeys(scene.world().adminUserId()).stream()
                .map(ApiKey::name)
                .toList();
    }

    private TurnkeyClient turnkey() {
        return TurnkeyClient.over(
                scene.turnkey().url(),
                scene.clock(),
                scene.platform().waiting(),
                scene.platform().random());
    }

    @Override
    public void close() {
        secrets.close();
        kms.close();
        scene.close();
    }
}
