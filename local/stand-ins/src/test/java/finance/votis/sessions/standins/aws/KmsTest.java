package finance.votis.sessions.standins.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidAliasNameException;
import software.amazon.awssdk.services.kms.model.InvalidArnException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

class KmsTest {
    private static final Map<String, String> CONTEXT = Map.of("app", "sessions", "purpose", "attempt");
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("a private half");

    private static final TestClock CLOCK = new TestClock(Instant.parse("2026-11-23T12:00:00Z"));
    private static AwsStandIn aws;
    private static KmsClient kms;

    @BeforeAll
    static void start() {
        aws = AwsStandIn.start(BlockingHttpServer.anyPort(), CLOCK, new SecureRandom());
        kms = SdkClients.kms(aws.url());
    }

    @AfterAll
    static void close() {
        kms.close();
        aws.close();
    }

    @Test
    void whatIsEncryptedIsDecrypted() {
        String arn = kms.createKey().keyMetadata().arn();
        EncryptResponse encrypted =
                kms.encrypt(r -> r.keyId(arn).plaintext(PLAINTEXT).encryptionContext(CONTEXT));
        assertThat(encrypted.keyId()).isEqualTo(arn);
        assertThat(encrypted.encryptionAlgorithmAsString()).isEqualTo("SYMMETRIC_DEFAULT");

        DecryptResponse withKey = decrypt(encrypted.ciphertextBlob(), r -> r.keyId(arn));
        assertThat(withKey.plaintext()).isEqualTo(PLAINTEXT);
        assertThat(withKey.keyId()).isEqualTo(arn);
        assertThat(withKey.encryptionAlgorithmAsString()).isEqualTo("SYMMETRIC_DEFAULT");
        DecryptResponse without = decrypt(encrypted.ciphertextBlob(), r -> {});
        assertThat(without.plaintext()).as("the blob names its key").isEqualTo(PLAINTEXT);
    }

    @Test
    void aCiphertextDoesNotHoldThePlaintextAndIsNewEachTime() {
        String arn = kms.createKey().keyMetadata().arn();
        SdkBytes one = encrypt(arn);
        assertThat(new String(one.asByteArray(), UTF_8)).doesNotContain("private");
        assertThat(one).isNotEqualTo(encrypt(arn));
    }

    @Test
    void theContextIsTheSameInAnyOrderAndNothingElse() {
        String arn = kms.createKey().keyMetadata().arn();
        SdkBytes blob = encrypt(arn);
        assertThat(kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(new TreeMap<>(CONTEXT).descendingMap()))
                        .plaintext())
                .isEqualTo(PLAINTEXT);
        for (Map<String, String> other : List.<Map<String, String>>of(
                Map.of(),
                Map.of("app", "sessions"),
                Map.of("app", "sessions", "purpose", "Attempt"),
                Map.of("app", "sessions", "Purpose", "attempt"),
                Map.of("app", "sessions", "purpose", "attempt", "more", ""),
                Map.of("app", "sessionspurpose", "", "attempt"))) {
            assertThatThrownBy(() -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(other)))
                    .isInstanceOf(InvalidCiphertextException.class);
        }
    }

    @Test
    void everyFlippedBitIsSeen() {
        byte[] blob = encrypt(kms.createKey().keyMetadata().arn()).asByteArray();
        for (int bit = 0; bit < blob.length * 8; bit++) {
            byte[] flipped = blob.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> decrypt(SdkBytes.fromByteArray(flipped), r -> {}))
                    .isInstanceOf(InvalidCiphertextException.class);
        }
    }

    @Test
    void aCutCiphertextIsInvalid() {
        byte[] blob = encrypt(kms.createKey().keyMetadata().arn()).asByteArray();
        for (int length : new int[] {1, 17, 21, 48, blob.length - 1}) {
            assertThatThrownBy(() -> decrypt(SdkBytes.fromByteArray(Arrays.copyOf(blob, length)), r -> {}))
                    .isInstanceOf(InvalidCiphertextException.class);
        }
    }

    @Test
    void anotherKeyIsTheIncorrectOne() {
        SdkBytes blob = encrypt(kms.createKey().keyMetadata().arn());
        String other = kms.createKey().keyMetadata().arn();
        assertThatThrownBy(() -> decrypt(blob, r -> r.keyId(other))).isInstanceOf(IncorrectKeyException.class);
    }

    @Test
    void aCiphertextOfAKeyElsewhereIsDenied() {
        SdkBytes blob;
        try (AwsStandIn elsewhere = AwsStandIn.start(BlockingHttpServer.anyPort(), CLOCK, new SecureRandom());
                KmsClient there = SdkClients.kms(elsewhere.url())) {
            String arn = elsewhere.createKey("alias/there");
            blob = there.encrypt(r -> r.keyId(arn).plaintext(PLAINTEXT)).ciphertextBlob();
        }
        assertError("AccessDeniedException", () -> kms.decrypt(r -> r.ciphertextBlob(blob)));
    }

    @Test
    void aPlaintextHasOneTo4096Bytes() {
        String arn = kms.createKey().keyMetadata().arn();
        SdkBytes largest = SdkBytes.fromByteArray(new byte[4096]);
        SdkBytes blob = kms.encrypt(r -> r.keyId(arn).plaintext(largest)).ciphertextBlob();
        assertThat(kms.decrypt(r -> r.ciphertextBlob(blob)).plaintext()).isEqualTo(largest);
        for (int length : new int[] {0, 4097}) {
            assertError(
                    "ValidationException",
                    () -> kms.encrypt(r -> r.keyId(arn).plaintext(SdkBytes.fromByteArray(new byte[length]))));
        }
        assertError(
                "ValidationException",
                () -> kms.decrypt(r -> r.ciphertextBlob(SdkBytes.fromByteArray(new byte[6145]))));
    }

    @Test
    void aKeyGoesByIdArnAliasAndAliasArn() {
        KeyMetadata key = kms.createKey(r -> r.description("wraps")).keyMetadata();
        kms.createAlias(r -> r.aliasName("alias/by/name").targetKeyId(key.keyId()));
        String aliasArn = key.arn().replace("key/" + key.keyId(), "alias/by/name");
        for (String name : new String[] {key.keyId(), key.arn(), "alias/by/name", aliasArn}) {
            SdkBytes blob = encrypt(name);
            assertThat(decrypt(blob, r -> r.keyId(name)).keyId()).isEqualTo(key.arn());
            assertThat(kms.describeKey(r -> r.keyId(name)).keyMetadata()).isEqualTo(key);
        }
        assertThat(key.arn()).isEqualTo("arn:aws:kms:" + aws.region() + ":" + aws.accountId() + ":key/" + key.keyId());
        assertThat(key.description()).isEqualTo("wraps");
        assertThat(key.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(key.enabled()).isTrue();
        assertThat(key.keyUsage()).isEqualTo(KeyUsageType.ENCRYPT_DECRYPT);
        assertThat(key.keySpec()).isEqualTo(KeySpec.SYMMETRIC_DEFAULT);
        assertThat(key.creationDate()).isEqualTo(CLOCK.instant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alias/nobody",
                "no id",
                "1-1-1-1-1",
                "00000000-0000-4000-8000-000000000000",
                "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000000",
                "arn:aws:kms:us-east-1:111122223333:alias/nobody"
            })
    void aKeyThatIsNotThereIsNotFound(String id) {
        assertThatThrownBy(() -> encrypt(id)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void anArnOfSomethingElseIsInvalid() {
        assertThatThrownBy(() -> encrypt("arn:aws:s3:::bucket")).isInstanceOf(InvalidArnException.class);
    }

    @Test
    void anAliasHasOneKeyAndAName() {
        String id = kms.createKey().keyMetadata().keyId();
        kms.createAlias(r -> r.aliasName("alias/once").targetKeyId(id));
        assertThatThrownBy(() -> kms.createAlias(r -> r.aliasName("alias/once").targetKeyId(id)))
                .isInstanceOf(AlreadyExistsException.class);
        for (String name : new String[] {"once", "alias/", "alias/aws/mine", "alias/a b"}) {
            assertThatThrownBy(() -> kms.createAlias(r -> r.aliasName(name).targetKeyId(id)))
                    .isInstanceOf(InvalidAliasNameException.class);
        }
        assertThatThrownBy(() -> kms.createAlias(r -> r.aliasName("alias/chain").targetKeyId("alias/once")))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aDisabledKeyDoesNothingUntilEnabled() {
        String id = kms.createKey().keyMetadata().keyId();
        SdkBytes blob = encrypt(id);
        kms.disableKey(r -> r.keyId(id));
        assertThat(kms.describeKey(r -> r.keyId(id)).keyMetadata().keyState()).isEqualTo(KeyState.DISABLED);
        assertThatThrownBy(() -> encrypt(id)).isInstanceOf(DisabledException.class);
        assertThatThrownBy(() -> decrypt(blob, r -> {})).isInstanceOf(DisabledException.class);
        kms.enableKey(r -> r.keyId(id));
        assertThat(decrypt(blob, r -> {}).plaintext()).isEqualTo(PLAINTEXT);
    }

    @Test
    void aKeyPendingDeletionDoesNothingAndThenIsGone() {
        String id = kms.createKey().keyMetadata().keyId();
        kms.createAlias(r -> r.aliasName("alias/leaving").targetKeyId(id));
        SdkBytes blob = encrypt(id);
        assertThat(kms.scheduleKeyDeletion(r -> r.keyId(id).pendingWindowInDays(7))
                        .deletionDate())
                .isEqualTo(CLOCK.instant().plus(Duration.ofDays(7)));
        assertThatThrownBy(() -> encrypt(id)).isInstanceOf(KmsInvalidStateException.class);
        assertThatThrownBy(() -> decrypt(blob, r -> {})).isInstanceOf(KmsInvalidStateException.class);
        assertThatThrownBy(() -> kms.enableKey(r -> r.keyId(id))).isInstanceOf(KmsInvalidStateException.class);
        assertThatThrownBy(() -> kms.scheduleKeyDeletion(r -> r.keyId(id)))
                .isInstanceOf(KmsInvalidStateException.class);

        kms.cancelKeyDeletion(r -> r.keyId(id));
        assertThatThrownBy(() -> encrypt(id)).isInstanceOf(DisabledException.class);
        assertThatThrownBy(() -> kms.cancelKeyDeletion(r -> r.keyId(id))).isInstanceOf(KmsInvalidStateException.class);

        kms.scheduleKeyDeletion(r -> r.keyId(id).pendingWindowInDays(7));
        CLOCK.advance(Duration.ofDays(7));
        assertThatThrownBy(() -> kms.describeKey(r -> r.keyId(id))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> encrypt("alias/leaving")).isInstanceOf(NotFoundException.class);
        assertError("AccessDeniedException", () -> decrypt(blob, r -> {}));
        String next = kms.createKey().keyMetadata().keyId();
        kms.createAlias(r -> r.aliasName("alias/leaving").targetKeyId(next));
    }

    @Test
    void aDryRunDoesNothing() {
        String id = kms.createKey().keyMetadata().keyId();
        SdkBytes blob = encrypt(id);
        assertThatThrownBy(
                        () -> kms.encrypt(r -> r.keyId(id).plaintext(PLAINTEXT).dryRun(true)))
                .isInstanceOf(DryRunOperationException.class);
        assertThatThrownBy(() -> decrypt(blob, r -> r.dryRun(true))).isInstanceOf(DryRunOperationException.class);
    }

    @Test
    void whatTheStandInHasNotIsRefusedAloud() {
        String id = kms.createKey().keyMetadata().keyId();
        assertThatThrownBy(() -> kms.createKey(r -> r.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.ENCRYPT_DECRYPT)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() ->
                        kms.encrypt(r -> r.keyId(id).plaintext(PLAINTEXT).encryptionAlgorithm("RSAES_OAEP_SHA_256")))
                .isInstanceOf(InvalidKeyUsageException.class);
        assertError("UnknownOperationException", () -> kms.listKeys());
    }

    @Test
    void aKeyMadeInTheProcessHasItsAlias() {
        String arn = aws.createKey("alias/made");
        assertThat(kms.describeKey(r -> r.keyId("alias/made")).keyMetadata().arn())
                .isEqualTo(arn);
    }

    @Test
    void theRequestIsRecordedWithoutItsPlaintext() {
        String arn = kms.createKey().keyMetadata().arn();
        encrypt(arn);
        RecordedRequest request = aws.requests().getLast();
        assertThat(request)
                .isEqualTo(new RecordedRequest(
                        CLOCK.instant(),
                        Operation.ENCRYPT,
                        SdkClients.ACCESS_KEY_ID,
                        Optional.of(arn),
                        Optional.empty(),
                        Optional.empty(),
                        CONTEXT));
        assertThat(Operation.ENCRYPT.action()).isEqualTo("kms:Encrypt");
    }

    private static SdkBytes encrypt(String key) {
        return kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT).encryptionContext(CONTEXT))
                .ciphertextBlob();
    }

    private static DecryptResponse decrypt(SdkBytes blob, Consumer<DecryptRequest.Builder> more) {
        return kms.decrypt(
                r -> r.ciphertextBlob(blob).encryptionContext(CONTEXT).applyMutation(more));
    }

    private static void assertError(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KmsException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(name));
    }
}
