package finance.votis.sessions.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Fault;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.turnkey.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ApiCredentialTest {

    private final Scene scene = new Scene();
    private final KeyPair pair = KeyPair.generate(new SecureRandom());
    private final ApiCredential credential = new ApiCredential(
            new AwsClients(new AwsPlace(
                    scene.aws().region(),
                    Optional.of(scene.aws().url()),
                    Optional.of(scene.aws().url()),
                    Optional.empty())),
            new CredentialPlace.Secret("DELEGATE_CREDENTIAL", scene.delegateSecret()),
            Duration.ofMinutes(5),
            scene.clock());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void stampsWithTheKeyInTheSecret() {
        scene.putSecret(scene.delegateSecret(), Scene.credential(pair));

        assertThat(stampedBy()).isEqualTo(pair.publicKey());
    }

    @Test
    void takesABinarySecretAndOtherMembersToo() {
        String json = Scene.credential(pair).replace("{", "{\"curve\":{\"name\":[\"P-256\"]},");
        scene.putBinarySecret(scene.delegateSecret(), json.getBytes(StandardCharsets.UTF_8));

        assertThat(stampedBy()).isEqualTo(pair.publicKey());
    }

    @Test
    void isReadAtFirstUseAndKeptForItsTime() {
        assertThat(reads()).isZero();
        stampedBy();
        scene.clock().advance(Duration.ofMinutes(5).minusNanos(1));
        stampedBy();
        assertThat(reads()).isEqualTo(1);

        scene.clock().advance(Duration.ofNanos(1));
        stampedBy();

        assertThat(reads()).isEqualTo(2);
    }

    @Test
    void aForgottenKeyIsWiped() {
        Stamper[] held = new Stamper[1];
        credential.stamping(Deadline.after(Scene.AMPLE), stamper -> {
            held[0] = stamper;
            return new Answer.Completed<>("done");
        });

        credential.forget();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> held[0].stamp("body".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|it must be one JSON object with publicKey and privateKey",
                "not json|it must be one JSON object with publicKey and privateKey",
                "{\"publicKey\":\"PUBLIC\",\"privateKey\":\"PRIVATE\"|it must be one JSON object with publicKey and privateKey",
                "{\"publicKey\":\"PUBLIC\",\"privateKey\":\"PRIVATE\"}{}|it must be one JSON object with publicKey and privateKey",
                "{\"publicKey\":\"PUBLIC\",\"publicKey\":\"PUBLIC\"}|it must be one JSON object with publicKey and privateKey",
                "{\"privateKey\":\"PRIVATE\"}|publicKey is missing",
                "{\"publicKey\":\"PUBLIC\"}|privateKey is missing",
                "{\"publicKey\":\"4711\",\"privateKey\":\"PRIVATE\"}|publicKey must be 66 hex digits, a compressed point of P-256",
                "{\"publicKey\":4711,\"privateKey\":\"PRIVATE\"}|publicKey must be 66 hex digits, a compressed point of P-256",
                "{\"privateKey\":\"PRIVATE\",\"publicKey\":\"UNCOMPRESSED\"}|publicKey must be 66 hex digits, a compressed point of P-256",
                "{\"publicKey\":\"PUBLIC\",\"privateKey\":\"4711\"}|privateKey must be 64 hex digits, a private key of P-256",
                "{\"publicKey\":\"PUBLIC\",\"privateKey\":[\"PRIVATE\"]}|privateKey must be 64 hex digits, a private key of P-256",
                "{\"publicKey\":\"PUBLIC\",\"privateKey\":\"ZERO\"}|privateKey must be 64 hex digits, a private key of P-256",
                "{\"publicKey\":\"OTHER\",\"privateKey\":\"PRIVATE\"}|publicKey is well formed, but it is not the public half of privateKey"
            })
    void aSecretThatIsNoPairIsToldByTheHalfThatIsWrong(String template, String rule) {
        scene.putSecret(
                scene.delegateSecret(),
                template.replace("PUBLIC", pair.publicKey().compressedHex())
                        .replace("UNCOMPRESSED", pair.publicKey().uncompressedHex())
                        .replace("OTHER", scene.world().adminKey().publicKey().compressedHex())
                        .replace("ZERO", "0".repeat(64))
                        .replace("PRIVATE", pair.dangerouslyPrivateKeyHex()));

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(this::stampedBy)
                .withMessage("the credential in the secret " + scene.delegateSecret() + " cannot be used: " + rule)
                .withNoCause();
    }

    @Test
    void aRefusalOfAwsIsNamedByItsCodeAlone() {
        scene.aws().faults().next(Operation.GET_SECRET_VALUE, new Fault.AccessDenied());

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(this::stampedBy)
                .withMessage("GetSecretValue of " + scene.delegateSecret() + " did not work: AccessDeniedException")
                .withNoCause();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new Fault.Throttled(), "ThrottlingException", true),
                Arguments.of(new Fault.Broken(), "InternalServiceError", true),
                Arguments.of(new Fault.AccessDenied(), "AccessDeniedException", false));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void onlyWhatMayWorkAMomentLaterIsTransient(Fault fault, String code, boolean isTransient) {
        scene.aws().faults().always(Operation.GET_SECRET_VALUE, fault);

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(this::stampedBy)
                .withMessageEndingWith(code)
                .matches(failure -> failure.isTransient() == isTransient);
    }

    @Test
    void aCallThatIsNotAnsweredWithinTheDeadlineIsGivenUp() {
        stampedBy();
        credential.forget();
        scene.aws().faults().next(Operation.GET_SECRET_VALUE, new Fault.Late(Duration.ofSeconds(2)));

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> stampedBy(Deadline.after(Duration.ofMillis(300))))
                // On a busy machine the time may be over before the call begins.
                .withMessageMatching(".*(ApiCallTimeoutException|no time left)")
                .matches(AwsFailure::isTransient);
    }

    @Test
    void aBrokenConnectionIsTriedAgain() {
        scene.aws().faults().next(Operation.GET_SECRET_VALUE, new Fault.ResetBefore(), new Fault.Throttled());

        assertThat(stampedBy()).isEqualTo(scene.world().delegateKey().publicKey());
    }

    private P256PublicKey stampedBy() {
        return stampedBy(Deadline.after(Scene.AMPLE));
    }

    private P256PublicKey stampedBy(Deadline deadline) {
        Answer<P256PublicKey> answer = credential.stamping(deadline, stamper -> {
            try {
                return new Answer.Completed<>(
                        stamper.stamp("body".getBytes(StandardCharsets.UTF_8)).publicKey());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return ((Answer.Completed<P256PublicKey>) answer).value();
    }

    private long reads() {
        return scene.aws().requests().stream()
                .filter(request -> request.operation() == Operation.GET_SECRET_VALUE)
                .count();
    }
}
