package finance.votis.sessions.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.readonly.ReadOnlySessionFunction;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.server.ServerSessionFunction;
import finance.votis.sessions.server.SessionCanaryFunction;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * What the functions rely on at KMS and Secrets Manager, by AWS's documentation. Whoever plays AWS is held to it by a class of its own, which
 * says where it is; then the functions themselves run there, beside a stand-in for Turnkey. The name of each test is a row of {@code AWS.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AwsContract {

    private static final Map<String, String> CONTEXT = Map.of("app", "votis-sessions", "purpose", "attempt");
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("a private half");
    private static final byte[] MESSAGE = "a request".getBytes(UTF_8);
    private static final String NONE = "{\"state\":\"none\"}";
    private static final String CURRENT = "AWSCURRENT";
    private static final String PENDING = "AWSPENDING";
    private static final String PREVIOUS = "AWSPREVIOUS";

    private final SecureRandom random = new SecureRandom();
    private @Nullable Setting setting;

    /** One key of each kind for all tests: in an account each one costs. */
    private record Setting(
            Account account,
            KmsClient kms,
            SecretsManagerClient secrets,
            Made made,
            TurnkeyStandIn turnkey,
            String key,
            String signingKey) {}

    /** Starts the player, or skips the class with a sentence where it is not at hand. */
    abstract Account open() throws Exception;

    abstract void shut();

    @BeforeAll
    void begin() throws Exception {
        Account account = open();
        KmsClient kms = account.kms();
        SecretsManagerClient secrets = account.secrets();
        Made made = new Made(kms, secrets);
        String key = made.key();
        String signingKey = made.signingKey();
        setting = new Setting(
                account, kms, secrets, made, TurnkeyStandIn.builder().start(), key, signingKey);
    }

    @AfterAll
    void end() {
        try {
            if (setting != null) {
                setting.turnkey().close();
                setting.made().close();
            }
        } finally {
            shut();
        }
    }

    // KMS: wrapping

    @Test
    void whatIsEncryptedIsDecryptedInItsContext() {
        DecryptResponse answer = decrypt(key(), encrypt(key()), CONTEXT);

        assertThat(answer.plaintext()).isEqualTo(PLAINTEXT);
        assertThat(answer.keyId()).isEqualTo(key());
    }

    @Test
    void anotherContextIsRefused() {
        SdkBytes blob = encrypt(key());

        for (Map<String, String> other : List.<Map<String, String>>of(
                Map.of(),
                Map.of("app", "votis-sessions"),
                Map.of("app", "votis-sessions", "purpose", "credential"),
                Map.of("app", "votis-sessions", "purpose", "attempt", "session", "nightly"))) {
            assertThatThrownBy(() -> decrypt(key(), blob, other)).isInstanceOf(InvalidCiphertextException.class);
        }
    }

    @Test
    void aTamperedCiphertextIsRefused() {
        byte[] blob = encrypt(key()).asByteArray();
        blob[blob.length - 1] ^= 1;

        assertThatThrownBy(() -> decrypt(key(), SdkBytes.fromByteArray(blob), CONTEXT))
                .isInstanceOf(InvalidCiphertextException.class);
    }

    @Test
    void aCiphertextOfAnotherKeyIsRefusedAsSuch() {
        SdkBytes blob = encrypt(key());
        String other = made().key();

        assertThatThrownBy(() -> decrypt(other, blob, CONTEXT)).isInstanceOf(IncorrectKeyException.class);
    }

    @Test
    void aPlaintextHasAtMost4096Bytes() {
        SdkBytes most = SdkBytes.fromByteArray(new byte[4096]);
        SdkBytes blob = kms().encrypt(r -> r.keyId(key()).plaintext(most)).ciphertextBlob();

        assertThat(kms().decrypt(r -> r.keyId(key()).ciphertextBlob(blob)).plaintext())
                .isEqualTo(most);
        assertThatThrownBy(() -> kms().encrypt(r -> r.keyId(key()).plaintext(SdkBytes.fromByteArray(new byte[4097]))))
                .isInstanceOfSatisfying(
                        KmsException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
    }

    @Test
    void aKeyThatIsOffNeitherEncryptsNorDecrypts() throws Throwable {
        String off = made().key();
        SdkBytes blob = encrypt(off);
        made().switchOff(off);

        seen(() -> assertThatThrownBy(() -> decrypt(off, blob, CONTEXT)).isInstanceOf(DisabledException.class));
        seen(() -> assertThatThrownBy(() -> encrypt(off)).isInstanceOf(DisabledException.class));
    }

    @Test
    void aKeyThatIsGoingNeitherEncryptsNorDecrypts() throws Throwable {
        String going = made().key();
        SdkBytes blob = encrypt(going);
        made().letGo(going);

        seen(() ->
                assertThatThrownBy(() -> decrypt(going, blob, CONTEXT)).isInstanceOf(KmsInvalidStateException.class));
        seen(() -> assertThatThrownBy(() -> encrypt(going)).isInstanceOf(KmsInvalidStateException.class));
    }

    @Test
    void aKeyThatIsNotThereIsNotFound() {
        String nobody = key().substring(0, key().lastIndexOf('/') + 1) + "00000000-0000-4000-8000-000000000000";

        assertThatThrownBy(() -> encrypt(nobody)).isInstanceOf(NotFoundException.class);
    }

    // KMS: signing

    @Test
    void aDigestIsSignedAsItIs() throws Exception {
        Stamp stamp = Stamp.of(publicKey(signingKey()), sign(signingKey()));

        assertThat(stamp.signs(MESSAGE)).isTrue();
    }

    @Test
    void thePublicHalfSaysWhatItIsFor() throws Exception {
        GetPublicKeyResponse answer = kms().getPublicKey(r -> r.keyId(signingKey()));

        assertThat(answer.keyId()).isEqualTo(signingKey());
        assertThat(answer.keySpec()).isEqualTo(KeySpec.ECC_NIST_P256);
        assertThat(answer.keyUsage()).isEqualTo(KeyUsageType.SIGN_VERIFY);
        assertThat(publicKey(signingKey())).isNotEqualTo(publicKey(made().signingKey()));
    }

    @Test
    void aSymmetricKeyHasNoPublicHalf() {
        assertThatThrownBy(() -> kms().getPublicKey(r -> r.keyId(key())))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anAliasLeadsToItsKey() throws Throwable {
        String alias = made().alias(signingKey());

        seen(() -> assertThat(kms().getPublicKey(r -> r.keyId(alias)).keyId()).isEqualTo(signingKey()));
    }

    @Test
    void aKeyThatIsOffDoesNotSign() throws Throwable {
        String off = made().signingKey();
        made().switchOff(off);

        seen(() -> assertThatThrownBy(() -> sign(off)).isInstanceOf(DisabledException.class));
    }

    // Secrets Manager

    @Test
    void aSecretGivesItsCurrentVersion() {
        String secret = made().secret("one");

        GetSecretValueResponse answer = at(secret, CURRENT);

        assertThat(answer.arn()).isEqualTo(secret);
        assertThat(answer.secretString()).isEqualTo("one");
        assertThat(answer.secretBinary()).isNull();
        assertThat(answer.versionStages()).containsExactly(CURRENT);
        assertThat(answer.createdDate()).isNotNull();
        assertThat(secrets().getSecretValue(r -> r.secretId(secret)).versionId())
                .isEqualTo(answer.versionId());
    }

    @Test
    void aBinarySecretStaysBinary() {
        String secret = made().emptySecret();
        SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 65});

        secrets().putSecretValue(r -> r.secretId(secret).secretBinary(bytes));

        assertThat(at(secret, CURRENT).secretBinary()).isEqualTo(bytes);
        assertThat(at(secret, CURRENT).secretString()).isNull();
    }

    @Test
    void theFirstVersionIsCurrentWhateverStageIsAskedFor() {
        String secret = made().emptySecret();

        put(secret, token(), "attempt", PENDING);

        assertThat(at(secret, CURRENT).secretString()).isEqualTo("attempt");
    }

    @Test
    void aVersionAtPendingLeavesTheCurrentOneAlone() {
        String secret = made().secret("none");
        String token = token();

        put(secret, token, "attempt", PENDING);

        assertThat(at(secret, CURRENT).secretString()).isEqualTo("none");
        assertThat(at(secret, PENDING).secretString()).isEqualTo("attempt");
        assertThat(at(secret, PENDING).versionId()).isEqualTo(token);
        assertThat(at(secret, PENDING).versionStages()).containsExactly(PENDING);
    }

    @Test
    void aPutMovesPendingWithoutComparing() {
        String secret = made().secret("none");

        put(secret, token(), "attempt 1", PENDING);
        put(secret, token(), "attempt 2", PENDING);

        assertThat(at(secret, PENDING).secretString()).isEqualTo("attempt 2");
    }

    @Test
    void aStageThatNobodyHasIsNotFound() {
        String secret = made().secret("none");

        assertThatThrownBy(() -> at(secret, PENDING)).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void theSamePutAgainChangesNothing() {
        String secret = made().secret("none");
        String token = token();
        put(secret, token, "attempt", PENDING);
        put(secret, token(), "later", PENDING);

        put(secret, token, "attempt", PENDING);

        assertThat(at(secret, PENDING).secretString()).isEqualTo("later");
    }

    @Test
    void anotherValueUnderATokenThatIsTakenIsRefused() {
        String secret = made().secret("none");
        String token = token();
        put(secret, token, "attempt", PENDING);

        assertThatThrownBy(() -> put(secret, token, "another", PENDING)).isInstanceOf(ResourceExistsException.class);
        assertThat(at(secret, PENDING).secretString()).isEqualTo("attempt");
    }

    @Test
    void ofPutsAtOnceUnderOneTokenOneWins() throws Exception {
        String secret = made().secret("none");
        String token = token();
        int runs = 4;
        CyclicBarrier together = new CyclicBarrier(runs);
        try (ExecutorService threads = Executors.newFixedThreadPool(runs)) {
            List<Future<Boolean>> won = threads.invokeAll(IntStream.range(0, runs)
                    .<Callable<Boolean>>mapToObj(run -> () -> {
                        together.await();
                        try {
                            put(secret, token, "attempt of " + run, PENDING);
                            return true;
                        } catch (ResourceExistsException e) {
                            return false;
                        }
                    })
                    .toList());

            int winner = -1;
            for (int run = 0; run < runs; run++) {
                if (won.get(run).get()) {
                    assertThat(winner).as("the one that won before").isEqualTo(-1);
                    winner = run;
                }
            }
            assertThat(at(secret, PENDING).secretString()).isEqualTo("attempt of " + winner);
        }
    }

    @Test
    void currentMovesAndPreviousFollows() {
        String secret = made().secret("old");
        String old = at(secret, CURRENT).versionId();
        String token = token();
        put(secret, token, "new", PENDING);

        move(secret, CURRENT, old, token);

        assertThat(at(secret, CURRENT).versionId()).isEqualTo(token);
        assertThat(at(secret, CURRENT).secretString()).isEqualTo("new");
        assertThat(at(secret, CURRENT).versionStages()).containsExactlyInAnyOrder(CURRENT, PENDING);
        assertThat(at(secret, PREVIOUS).secretString()).isEqualTo("old");
    }

    @Test
    void aReadWithoutAStageFollowsTheCurrentOne() {
        String secret = made().secret("old");
        String old = at(secret, CURRENT).versionId();
        String token = token();
        put(secret, token, "new", PENDING);
        move(secret, CURRENT, old, token);

        assertThat(secrets().getSecretValue(r -> r.secretId(secret)).secretString())
                .isEqualTo("new");
    }

    @Test
    void aPutWithoutAStageIsTheCurrentOne() {
        String secret = made().secret("old key");

        secrets().putSecretValue(r -> r.secretId(secret).secretString("new key"));

        assertThat(secrets().getSecretValue(r -> r.secretId(secret)).secretString())
                .isEqualTo("new key");
        assertThat(at(secret, PREVIOUS).secretString()).isEqualTo("old key");
    }

    @Test
    void currentDoesNotMoveFromWhereItIsNot() {
        String secret = made().secret("none");
        String none = at(secret, CURRENT).versionId();
        String first = token();
        put(secret, first, "first", PENDING);
        String second = token();
        put(secret, second, "second", PENDING);
        move(secret, CURRENT, none, first);

        assertThatThrownBy(() -> move(secret, CURRENT, none, second))
                .isInstanceOfAny(InvalidParameterException.class, InvalidRequestException.class);
        assertThat(at(secret, CURRENT).versionId()).isEqualTo(first);
    }

    @Test
    void pendingIsTakenOff() {
        String secret = made().secret("none");
        String token = token();
        put(secret, token, "attempt", PENDING);

        move(secret, PENDING, token, null);

        assertThatThrownBy(() -> at(secret, PENDING)).isInstanceOf(ResourceNotFoundException.class);
        assertThat(at(secret, CURRENT).secretString()).isEqualTo("none");
    }

    @Test
    void aMoveOfAStageCountsAsAChange() throws Exception {
        String secret = made().secret("none");
        String none = at(secret, CURRENT).versionId();
        String token = token();
        put(secret, token, "new", PENDING);
        Instant before = changedAt(secret);
        untilTheNextSecond();

        move(secret, CURRENT, none, token);

        assertThat(changedAt(secret)).isAfter(before);
    }

    // The functions

    @Test
    void aServerSessionIsKeptAndUsed() {
        String secret = made().secret(NONE);
        Functions functions = functions(secret).with("ADMIN_CREDENTIAL", "secret:" + made().secret(adminCredential()));

        Map<String, String> first = functions.run(ServerSessionFunction.class, "nightly");
        assertThat(first).containsEntry("status", "created").containsEntry("secretArn", secret);
        assertThat(functions.run(ServerSessionFunction.class, "nightly"))
                .containsEntry("status", "reused")
                .containsEntry("versionId", first.get("versionId"));
        assertThat(functions.<Object>run(SessionCanaryFunction.class, "nightly"))
                .containsEntry("status", "usable")
                .containsEntry("apiKeyId", first.get("apiKeyId"));

        turnkey().world().removeApiKey(String.valueOf(first.get("apiKeyId")));
        Map<String, String> second = functions.run(ServerSessionFunction.class, "nightly");
        assertThat(second).containsEntry("status", "created");
        assertThat(at(secret, CURRENT).versionId()).isEqualTo(second.get("versionId"));
        assertThat(at(secret, PREVIOUS).versionId()).isEqualTo(first.get("versionId"));
        assertThat(functions.<Object>run(SessionCanaryFunction.class, "nightly"))
                .containsEntry("apiKeyId", second.get("apiKeyId"));
    }

    @Test
    void aServerSessionIsStampedByAKeyInKms() throws Exception {
        turnkey().world().addApiKey(turnkey().demo().adminUserId(), "in KMS", publicKey(signingKey()));
        Functions functions = functions(made().secret(NONE)).with("ADMIN_CREDENTIAL", "kms:" + signingKey());

        assertThat(functions.run(ServerSessionFunction.class, "nightly")).containsEntry("status", "created");
    }

    @Test
    void aReadOnlySessionIsStampedByAKeyInASecret() {
        KeyPair delegate = turnkey().demo().delegateKey();
        Functions functions = new Functions(account(), turnkey().url())
                .with(
                        "DELEGATE_CREDENTIAL",
                        "secret:"
                                + made().secret(Functions.credential(
                                        delegate.publicKey().compressedHex(), delegate.dangerouslyPrivateKeyHex())));
        var ada = turnkey().demo().first();

        assertThat(functions
                        .call(
                                ReadOnlySessionFunction.class,
                                "POST /v1/sessions/read-only",
                                new Functions.Caller(ada.organizationId(), ada.userId()),
                                Map.of(),
                                Map.of(),
                                Optional.empty())
                        .getStatusCode())
                .isEqualTo(201);
    }

    private Functions functions(String sessionSecret) {
        // What tests before left would be swept as orphans; each begins with none.
        turnkey().world().apiKeys(turnkey().demo().adminUserId()).stream()
                .filter(key -> key.lifetime().isPresent())
                .map(ApiKey::id)
                .forEach(turnkey().world()::removeApiKey);
        return new Functions(account(), turnkey().url())
                .with("SERVER_SESSION", "nightly")
                .with("SERVER_SESSION_ORGANIZATION_ID", turnkey().demo().parentId())
                .with("SERVER_SESSION_SECRET", sessionSecret)
                .with("WRAPPING_KEY", key());
    }

    private String adminCredential() {
        KeyPair admin = turnkey().demo().adminKey();
        return Functions.credential(admin.publicKey().compressedHex(), admin.dangerouslyPrivateKeyHex());
    }

    private SdkBytes encrypt(String keyArn) {
        return kms().encrypt(r -> r.keyId(keyArn).plaintext(PLAINTEXT).encryptionContext(CONTEXT))
                .ciphertextBlob();
    }

    private DecryptResponse decrypt(String keyArn, SdkBytes blob, Map<String, String> context) {
        return kms().decrypt(r -> r.keyId(keyArn).ciphertextBlob(blob).encryptionContext(context));
    }

    private byte[] sign(String keyArn) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        return kms().sign(r -> r.keyId(keyArn)
                        .messageType(MessageType.DIGEST)
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)
                        .message(SdkBytes.fromByteArray(digest)))
                .signature()
                .asByteArray();
    }

    private P256PublicKey publicKey(String keyArn) throws CryptoException.MalformedKey {
        return P256PublicKey.fromSubjectPublicKeyInfo(
                kms().getPublicKey(r -> r.keyId(keyArn)).publicKey().asByteArray());
    }

    private GetSecretValueResponse at(String secret, String stage) {
        return secrets().getSecretValue(r -> r.secretId(secret).versionStage(stage));
    }

    private void put(String secret, String token, String text, String stage) {
        secrets()
                .putSecretValue(r -> r.secretId(secret)
                        .clientRequestToken(token)
                        .secretString(text)
                        .versionStages(stage));
    }

    private void move(String secret, String stage, String from, @Nullable String to) {
        secrets()
                .updateSecretVersionStage(r -> r.secretId(secret)
                        .versionStage(stage)
                        .removeFromVersionId(from)
                        .moveToVersionId(to));
    }

    private Instant changedAt(String secret) {
        return secrets().describeSecret(r -> r.secretId(secret)).lastChangedDate();
    }

    /** The clock is the player's own, and some tell whole seconds only: two changes within one could not be told apart. */
    private static void untilTheNextSecond() throws InterruptedException {
        Waiting.asleep().pause(Duration.ofMillis(1_001 - System.currentTimeMillis() % 1_000));
    }

    /** 64 hex digits, as our writes have. */
    private String token() {
        byte[] token = new byte[32];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    private void seen(ThrowingCallable expectation) throws Throwable {
        account().seen(expectation);
    }

    private Setting setting() {
        if (setting == null) {
            throw new IllegalStateException("the player was not started");
        }
        return setting;
    }

    Account account() {
        return setting().account();
    }

    private KmsClient kms() {
        return setting().kms();
    }

    private SecretsManagerClient secrets() {
        return setting().secrets();
    }

    private Made made() {
        return setting().made();
    }

    private TurnkeyStandIn turnkey() {
        return setting().turnkey();
    }

    private String key() {
        return setting().key();
    }

    private String signingKey() {
        return setting().signingKey();
    }
}
