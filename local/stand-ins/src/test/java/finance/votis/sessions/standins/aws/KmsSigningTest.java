package finance.votis.sessions.standins.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** Key pairs in KMS, by the unmodified SDK; the JDK verifies. */
class KmsSigningTest {
    private static final byte[] MESSAGE = "a message".getBytes(UTF_8);
    private static final BigInteger HALF_N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).shiftRight(1);

    private static AwsStandIn aws;
    private static KmsClient kms;

    @BeforeAll
    static void start() {
        aws = AwsStandIn.start(
                BlockingHttpServer.anyPort(), new TestClock(Instant.parse("2026-11-23T12:00:00Z")), new SecureRandom());
        kms = SdkClients.kms(aws.url());
    }

    @AfterAll
    static void close() {
        kms.close();
        aws.close();
    }

    @Test
    void aMessageAndItsDigestAreSignedAlike() throws Exception {
        String arn = signingKey();
        PublicKey publicKey = publicKey(arn);

        SignResponse ofMessage = sign(arn, r -> r.message(SdkBytes.fromByteArray(MESSAGE)));
        SignResponse ofDigest =
                sign(arn, r -> r.messageType(MessageType.DIGEST).message(SdkBytes.fromByteArray(sha256(MESSAGE))));

        assertThat(ofMessage.keyId()).isEqualTo(arn);
        assertThat(ofMessage.signingAlgorithm()).isEqualTo(SigningAlgorithmSpec.ECDSA_SHA_256);
        assertThat(verifies(publicKey, ofMessage)).isTrue();
        assertThat(verifies(publicKey, ofDigest)).isTrue();
        assertThat(verifies(publicKey(signingKey()), ofDigest))
                .as("by another key")
                .isFalse();
    }

    @Test
    void aSignatureIsNewEachTimeAndItsSHighOrLow() {
        String arn = signingKey();
        Set<SdkBytes> signatures = new HashSet<>();
        Set<Boolean> high = new HashSet<>();
        for (int count = 0; count < 64; count++) {
            SdkBytes signature =
                    sign(arn, r -> r.message(SdkBytes.fromByteArray(MESSAGE))).signature();
            signatures.add(signature);
            byte[] der = signature.asByteArray();
            int s = 4 + der[3] + 2;
            high.add(new BigInteger(der, s, der.length - s).compareTo(HALF_N) > 0);
        }

        assertThat(signatures).hasSize(64);
        assertThat(high).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void thePublicHalfSaysWhatItIsFor() throws Exception {
        String arn = signingKey();

        GetPublicKeyResponse answer = kms.getPublicKey(r -> r.keyId(arn));

        assertThat(answer.keyId()).isEqualTo(arn);
        assertThat(answer.keySpec()).isEqualTo(KeySpec.ECC_NIST_P256);
        assertThat(answer.keyUsage()).isEqualTo(KeyUsageType.SIGN_VERIFY);
        assertThat(answer.signingAlgorithms()).containsExactly(SigningAlgorithmSpec.ECDSA_SHA_256);
        assertThat(answer.publicKey().asByteArray()).hasSize(91).isEqualTo(aws.publicKey(arn));
        KeyMetadata metadata = kms.describeKey(r -> r.keyId(arn)).keyMetadata();
        assertThat(metadata.keySpec()).isEqualTo(KeySpec.ECC_NIST_P256);
        assertThat(metadata.keyUsage()).isEqualTo(KeyUsageType.SIGN_VERIFY);
        assertThat(metadata.signingAlgorithms()).containsExactly(SigningAlgorithmSpec.ECDSA_SHA_256);
        assertThat(metadata.encryptionAlgorithms()).isEmpty();
    }

    /** What a test searches memory for is the private half indeed. */
    @Test
    void theScalarForTestsIsThePrivateHalf() throws Exception {
        String arn = signingKey();
        ECPublicKey publicKey = (ECPublicKey) publicKey(arn);
        ECPrivateKey rebuilt = (ECPrivateKey) KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(
                        new BigInteger(1, aws.dangerouslyPrivateScalar(arn)), publicKey.getParams()));
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(rebuilt);
        signer.update(MESSAGE);

        assertThat(verifies(
                        publicKey,
                        SignResponse.builder()
                                .signature(SdkBytes.fromByteArray(signer.sign()))
                                .build()))
                .isTrue();
    }

    @Test
    void anAliasMovesToAKeyOfItsKindOnly() {
        String first = aws.createSigningKey("alias/moves");
        String second = signingKey();

        kms.updateAlias(r -> r.aliasName("alias/moves").targetKeyId(second));

        assertThat(kms.getPublicKey(r -> r.keyId("alias/moves")).keyId())
                .isEqualTo(second)
                .isNotEqualTo(first);
        String symmetric = kms.createKey().keyMetadata().arn();
        assertThatThrownBy(() -> kms.updateAlias(r -> r.aliasName("alias/moves").targetKeyId(symmetric)))
                .isInstanceOfSatisfying(KmsException.class, KmsSigningTest::isInvalid);
        assertThatThrownBy(
                        () -> kms.updateAlias(r -> r.aliasName("alias/nothing").targetKeyId(second)))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void anAliasThatIsDeletedLeadsNowhereAndItsKeyStays() {
        String arn = aws.createSigningKey("alias/goes");

        kms.deleteAlias(r -> r.aliasName("alias/goes"));

        assertThatThrownBy(() -> kms.getPublicKey(r -> r.keyId("alias/goes"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> kms.deleteAlias(r -> r.aliasName("alias/goes")))
                .isInstanceOf(NotFoundException.class);
        assertThat(kms.getPublicKey(r -> r.keyId(arn)).keyId()).isEqualTo(arn);
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 33, 64})
    void aDigestHasTheLengthOfTheAlgorithmsHash(int length) {
        String arn = signingKey();

        assertThatThrownBy(() -> sign(
                        arn, r -> r.messageType(MessageType.DIGEST).message(SdkBytes.fromByteArray(new byte[length]))))
                .hasMessageContaining("Digest is invalid length for algorithm ECDSA_SHA_256.")
                .isInstanceOfSatisfying(KmsException.class, KmsSigningTest::isInvalid);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4097})
    void aMessageHasOneTo4096Bytes(int length) {
        String arn = signingKey();

        assertThatThrownBy(() -> sign(arn, r -> r.message(SdkBytes.fromByteArray(new byte[length]))))
                .isInstanceOfSatisfying(KmsException.class, KmsSigningTest::isInvalid);
    }

    @Test
    void anAlgorithmThatIsNoneIsInvalidAndOneOfAnotherKeyDoesNotFit() {
        String arn = signingKey();
        SdkBytes message = SdkBytes.fromByteArray(MESSAGE);

        assertThatThrownBy(() -> sign(arn, r -> r.message(message).signingAlgorithm("ECDSA_SHA_1")))
                .isInstanceOfSatisfying(KmsException.class, KmsSigningTest::isInvalid);
        assertThatThrownBy(() -> sign(arn, r -> r.message(message).messageType("HASH")))
                .isInstanceOfSatisfying(KmsException.class, KmsSigningTest::isInvalid);
        assertThatThrownBy(() -> sign(arn, r -> r.message(message).signingAlgorithm("ECDSA_SHA_384")))
                .isInstanceOf(InvalidKeyUsageException.class)
                .hasMessageContaining("Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.");
    }

    @Test
    void aKeyDoesWhatItWasMadeForAndNothingElse() {
        String signing = signingKey();
        String symmetric = kms.createKey().keyMetadata().arn();
        String agreeing = kms.createKey(r -> r.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.KEY_AGREEMENT))
                .keyMetadata()
                .arn();
        SdkBytes message = SdkBytes.fromByteArray(MESSAGE);
        SdkBytes sealed =
                kms.encrypt(r -> r.keyId(symmetric).plaintext(message)).ciphertextBlob();

        for (String other : new String[] {symmetric, agreeing}) {
            assertThatThrownBy(() -> sign(other, r -> r.message(message)))
                    .isInstanceOf(InvalidKeyUsageException.class)
                    .hasMessageContaining("which is not valid for Sign");
        }
        assertThatThrownBy(() -> kms.encrypt(r -> r.keyId(signing).plaintext(message)))
                .isInstanceOf(InvalidKeyUsageException.class);
        assertThatThrownBy(() -> kms.decrypt(r -> r.keyId(signing).ciphertextBlob(sealed)))
                .isInstanceOf(InvalidKeyUsageException.class);
        assertThatThrownBy(() -> kms.getPublicKey(r -> r.keyId(symmetric)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(kms.getPublicKey(r -> r.keyId(agreeing)).keyUsage()).isEqualTo(KeyUsageType.KEY_AGREEMENT);
    }

    @Test
    void aKeyThatIsOffOrGoingNeitherSignsNorShowsItsPublicHalf() {
        String arn = signingKey();
        SdkBytes message = SdkBytes.fromByteArray(MESSAGE);

        kms.disableKey(r -> r.keyId(arn));
        assertThatThrownBy(() -> sign(arn, r -> r.message(message))).isInstanceOf(DisabledException.class);
        assertThatThrownBy(() -> kms.getPublicKey(r -> r.keyId(arn))).isInstanceOf(DisabledException.class);

        kms.scheduleKeyDeletion(r -> r.keyId(arn));
        assertThatThrownBy(() -> sign(arn, r -> r.message(message))).isInstanceOf(KmsInvalidStateException.class);
        assertThatThrownBy(() -> sign("alias/nobody", r -> r.message(message))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aDryRunSignsNothing() {
        String arn = signingKey();

        assertThatThrownBy(() -> sign(
                        arn, r -> r.message(SdkBytes.fromByteArray(MESSAGE)).dryRun(true)))
                .isInstanceOf(DryRunOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ECC_NIST_P256, ENCRYPT_DECRYPT",
        "SYMMETRIC_DEFAULT, SIGN_VERIFY",
        "ECC_NIST_P256, ''",
        "P256, SIGN_VERIFY"
    })
    void aSpecAndAUsageThatDoNotFitAreInvalid(String spec, String usage) {
        assertThatThrownBy(() -> kms.createKey(r -> {
                    r.keySpec(spec);
                    if (!usage.isEmpty()) {
                        r.keyUsage(usage);
                    }
                }))
                .isInstanceOfSatisfying(KmsException.class, KmsSigningTest::isInvalid);
    }

    private static void isInvalid(KmsException thrown) {
        assertThat(thrown.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
    }

    private static String signingKey() {
        return kms.createKey(r -> r.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
                .keyMetadata()
                .arn();
    }

    private static SignResponse sign(String keyId, Consumer<SignRequest.Builder> more) {
        SignRequest.Builder request =
                SignRequest.builder().keyId(keyId).signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256);
        more.accept(request);
        return kms.sign(request.build());
    }

    private static PublicKey publicKey(String arn) throws Exception {
        byte[] info = kms.getPublicKey(r -> r.keyId(arn)).publicKey().asByteArray();
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info));
    }

    private static boolean verifies(PublicKey key, SignResponse answer) throws Exception {
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(key);
        verifier.update(MESSAGE);
        return verifier.verify(answer.signature().asByteArray());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
