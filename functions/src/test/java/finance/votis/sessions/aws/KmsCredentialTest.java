package finance.votis.sessions.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Fault;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/** A stamping key that stays in KMS, against the stand-in and against answers that KMS would never give. */
class KmsCredentialTest {

    private static final byte[] BODY = "body".getBytes(UTF_8);
    private static final String ALIAS = "alias/delegate";
    private static final BigInteger HALF_N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).shiftRight(1);

    private final Scene scene = new Scene();
    private final String key = scene.aws().createSigningKey(ALIAS);
    private final DemoWorld.Customer ada = scene.world().first();
    private final KmsClient operator = scene.kms();
    private final ApiCredential credential = credential(ALIAS, scene.aws().url());

    @AfterEach
    void close() {
        operator.close();
        scene.close();
    }

    private ApiCredential credential(String keyId, URI kms) {
        return new ApiCredential(
                new AwsClients(
                        new AwsPlace(scene.aws().region(), Optional.of(kms), Optional.empty(), Optional.empty())),
                new CredentialPlace.KmsKey("DELEGATE_CREDENTIAL", keyId),
                Duration.ofMinutes(5),
                scene.clock());
    }

    @Test
    void theStampIsOneOfTheKeyOverTheBodyWhateverItsLength() {
        for (int length : new int[] {0, 1, 4096, 4097, 100_000}) {
            byte[] body = new byte[length];
            Stamp stamp = stamp(credential, body);

            assertThat(stamp.publicKey()).isEqualTo(scene.publicKey(key));
            assertThat(stamp.signs(body)).isTrue();
        }
    }

    @Test
    void sGoesOutAsKmsGivesItHighAndLow() {
        Set<Boolean> seen = new HashSet<>();
        for (int stamps = 0; stamps < 100 && seen.size() < 2; stamps++) {
            byte[] der = stamp(credential, BODY).derSignature();
            int s = 4 + der[3] + 2;
            seen.add(new BigInteger(der, s, der.length - s).compareTo(HALF_N) > 0);
        }

        assertThat(seen).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void thePublicHalfIsAskedForAtFirstUseAndKeptForItsTimeAndEachStampIsOneSign() {
        assertThat(scene.aws().requests()).isEmpty();
        stamp(credential, BODY);
        scene.clock().advance(Duration.ofMinutes(5).minusNanos(1));
        stamp(credential, BODY);
        assertThat(scene.calls(Operation.GET_PUBLIC_KEY)).isEqualTo(1);
        assertThat(scene.calls(Operation.SIGN)).isEqualTo(2);

        scene.clock().advance(Duration.ofNanos(1));
        stamp(credential, BODY);

        assertThat(scene.calls(Operation.GET_PUBLIC_KEY)).isEqualTo(2);
        assertThat(scene.calls(Operation.SIGN)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"ECC_NIST_P384, SIGN_VERIFY", "ECC_NIST_P256, KEY_AGREEMENT"})
    void aKeyOfAnotherKindIsToldBySettingAndRule(KeySpec spec, KeyUsageType usage) {
        String other = operator.createKey(request -> request.keySpec(spec).keyUsage(usage))
                .keyMetadata()
                .arn();

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> stamp(credential(other, scene.aws().url()), BODY))
                .withMessage("DELEGATE_CREDENTIAL names the KMS key " + other + ", which is of " + spec + " for "
                        + usage + ": it must be of ECC_NIST_P256 for SIGN_VERIFY")
                .matches(thrown -> !thrown.isTransient())
                .withNoCause();
    }

    @Test
    void aSymmetricKeyIsToldBySettingAndRule() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(
                        () -> stamp(credential(scene.wrappingKey(), scene.aws().url()), BODY))
                .withMessage("DELEGATE_CREDENTIAL names the KMS key " + scene.wrappingKey()
                        + ", which has no public half: it must be of ECC_NIST_P256 for SIGN_VERIFY")
                .withNoCause();
    }

    @Test
    void aKeyThatIsNotThereIsNamed() {
        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> stamp(credential("alias/nobody", scene.aws().url()), BODY))
                .withMessage("kms:GetPublicKey of alias/nobody did not work: NotFoundException")
                .withNoCause();
    }

    @Test
    void whenTurnkeyDoesNotKnowTheKeyAndTheAliasMovedTheCallIsMadeOnceMore() {
        stamp(credential, BODY);
        scene.registerAtTurnkey(moveAlias(), ada.delegateUserId());

        assertThat(whoami())
                .isEqualTo(new Answer.Completed<>(
                        new Identity(new OrganizationId(ada.organizationId()), new UserId(ada.delegateUserId()))));
        assertThat(scene.turnkey().requests(Endpoint.WHOAMI)).hasSize(2);
    }

    @Test
    void whenTurnkeyDoesNotKnowTheKeyAndTheAliasIsWhereItWasTheRefusalStands() {
        assertThat(whoami())
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.KEY_UNKNOWN));
        assertThat(scene.turnkey().requests(Endpoint.WHOAMI)).hasSize(1);
        assertThat(scene.calls(Operation.GET_PUBLIC_KEY)).isEqualTo(2);
    }

    private Answer<Identity> whoami() {
        Deadline deadline = Deadline.after(Scene.AMPLE);
        return credential.stamping(
                deadline,
                stamper -> TurnkeyClient.over(
                                scene.turnkey().url(),
                                scene.clock(),
                                scene.platform().waiting(),
                                scene.platform().random())
                        .whoami(new OrganizationId(ada.organizationId()), stamper, deadline));
    }

    @Test
    void signaturesStayOfTheKeyWhosePublicHalfWasRead() {
        stamp(credential, BODY);
        moveAlias();

        Stamp stamp = stamp(credential, BODY);

        assertThat(stamp.publicKey()).isEqualTo(scene.publicKey(key));
        assertThat(stamp.signs(BODY)).isTrue();
    }

    @Test
    void anAliasThatMovedOffADisabledKeyIsFollowedAtOnce() {
        stamp(credential, BODY);
        String next = moveAlias();
        operator.disableKey(request -> request.keyId(key));

        assertThat(stamp(credential, BODY).publicKey()).isEqualTo(scene.publicKey(next));
    }

    private String moveAlias() {
        String next = scene.aws().createSigningKey("alias/next");
        operator.updateAlias(
                request -> request.aliasName(ALIAS).targetKeyId(next.substring(next.lastIndexOf('/') + 1)));
        return next;
    }

    @Test
    void aDisabledKeyIsNamed() {
        stamp(credential, BODY);
        operator.disableKey(request -> request.keyId(key));

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> stamp(credential, BODY))
                .withMessage("kms:GetPublicKey of " + ALIAS + " did not work: DisabledException")
                .matches(failure -> !failure.isTransient());
    }

    @Test
    void aRefusalToSignIsToldAsItCame() {
        stamp(credential, BODY);
        scene.aws().faults().next(Operation.SIGN, new Fault.AccessDenied());

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> stamp(credential, BODY))
                .withMessage("kms:Sign of " + key + " did not work: AccessDeniedException")
                .matches(failure -> !failure.isTransient())
                .withNoCause();
    }

    @Test
    void throttlingAndABrokenConnectionAreTriedAgain() {
        scene.aws().faults().next(Operation.GET_PUBLIC_KEY, new Fault.Throttled());
        scene.aws().faults().next(Operation.SIGN, new Fault.Throttled(), new Fault.ResetBefore());

        assertThat(stamp(credential, BODY).signs(BODY)).isTrue();
    }

    @Test
    void whoIsThrottledForTooLongMayComeAgain() {
        stamp(credential, BODY);
        scene.aws().faults().always(Operation.SIGN, new Fault.Throttled());

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> stamp(credential, BODY))
                .withMessage("kms:Sign of " + key + " did not work: ThrottlingException")
                .matches(AwsFailure::isTransient);
        assertThat(scene.calls(Operation.GET_PUBLIC_KEY))
                .as("no reason to read the key anew")
                .isEqualTo(1);
    }

    @Test
    void aSignatureThatDoesNotComeWithinTheDeadlineIsGivenUp() {
        stamp(credential, BODY);
        scene.aws().faults().next(Operation.SIGN, new Fault.Late(Duration.ofSeconds(2)));

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> credential.stamping(
                        Deadline.after(Duration.ofMillis(300)),
                        stamper -> new Answer.Completed<>(stampOf(stamper, BODY))))
                // On a busy machine the time may be over before the call begins.
                .withMessageMatching("kms:Sign of " + key + " did not work: (ApiCallTimeoutException|no time left)")
                .matches(AwsFailure::isTransient);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of(
                        "of another body", "kms:Sign", "the signature does not verify under the key's public half"),
                Arguments.of("raw r and s", "kms:Sign", "the answer holds no signature in DER"),
                Arguments.of("cut", "kms:Sign", "the answer holds no signature in DER"),
                Arguments.of("longer", "kms:Sign", "the answer holds no signature in DER"),
                Arguments.of("no key", "kms:GetPublicKey", "the answer holds no public key of P-256"));
    }

    /** A KMS that answers what it must not: nothing of it may go out as a stamp. */
    @ParameterizedTest
    @MethodSource("lies")
    void whatIsNoSignatureOfTheKeyNeverBecomesAStamp(String lie, String operation, String what) {
        byte[] good = stamp(credential, BODY).derSignature();
        byte[] publicKey = lie.equals("no key") ? new byte[91] : scene.aws().publicKey(key);
        byte[] signature = switch (lie) {
            case "of another body" -> stamp(credential, new byte[1]).derSignature();
            case "raw r and s" -> new byte[64];
            case "cut" -> Arrays.copyOf(good, good.length - 1);
            case "longer" -> Arrays.copyOf(good, good.length + 1);
            default -> good;
        };
        try (BlockingHttpServer kms = BlockingHttpServer.start(
                BlockingHttpServer.anyPort(),
                10_000,
                request -> Reply.of(
                        200,
                        "application/x-amz-json-1.1",
                        (request.header("X-Amz-Target").orElse("").endsWith(".Sign")
                                        ? "{\"KeyId\":\"" + key + "\",\"Signature\":\"" + base64(signature) + "\"}"
                                        : "{\"KeyId\":\"" + key + "\",\"KeySpec\":\"ECC_NIST_P256\",\"KeyUsage\":"
                                                + "\"SIGN_VERIFY\",\"PublicKey\":\"" + base64(publicKey) + "\"}")
                                .getBytes(UTF_8)))) {
            assertThatExceptionOfType(AwsFailure.class)
                    .isThrownBy(() -> stamp(credential(ALIAS, kms.url()), BODY))
                    .withMessage(operation + " of " + (operation.equals("kms:Sign") ? key : ALIAS) + " did not work: "
                            + what)
                    .matches(failure -> !failure.isTransient())
                    .withNoCause();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Stamp stamp(ApiCredential credential, byte[] body) {
        Answer<Stamp> answer = credential.stamping(
                Deadline.after(Scene.AMPLE), stamper -> new Answer.Completed<>(stampOf(stamper, body)));
        return ((Answer.Completed<Stamp>) answer).value();
    }

    private static Stamp stampOf(Stamper stamper, byte[] body) {
        try {
            return stamper.stamp(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
