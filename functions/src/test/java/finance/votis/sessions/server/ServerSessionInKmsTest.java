package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Fault;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.turnkey.Answer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server session of an admin user whose key stays in KMS. */
class ServerSessionInKmsTest {

    private final Nightly nightly = new Nightly();
    private final Scene scene = nightly.scene();
    private final ServerSessionFunction function =
            new ServerSessionFunction(scene.environmentWithKeysInKms(), scene.platform());

    @AfterEach
    void close() {
        nightly.close();
    }

    @Test
    void itIsMadeUsedAndReusedAndTheAdminsSecretIsNeverRead() throws Exception {
        Map<String, String> made = function.handleRequest(Nightly.INPUT, Scene.context());

        assertThat(made)
                .containsEntry("status", "created")
                .containsEntry("userId", scene.world().adminUserId());
        ObjectNode version = Scene.json(nightly.at("AWSCURRENT").secretString());
        byte[] opened = nightly.unwrap(version, "credential");
        try (LocalStamper stamper =
                new LocalStamper(P256PrivateKey.fromScalar(SecretBytes.takeOver(Arrays.copyOf(opened, 32))))) {
            assertThat(nightly.whoami(stamper)).isEqualTo(new Answer.Completed<>(nightly.admin()));
        }
        assertThat(function.handleRequest(Nightly.INPUT, Scene.context())).containsEntry("status", "reused");
        assertThat(scene.aws().requests())
                .filteredOn(request -> request.operation() == Operation.GET_SECRET_VALUE)
                .allMatch(request -> request.resource().equals(Optional.of(scene.sessionSecret())));
        assertThat(scene.calls(Operation.SIGN)).isPositive();
    }

    @Test
    void aKeyThatMayNotSignFailsTheRunByNameAndMakesNothing() {
        scene.aws().faults().always(Operation.SIGN, new Fault.AccessDenied());

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function.handleRequest(Nightly.INPUT, Scene.context()))
                .withMessageMatching("kms:Sign of arn:aws:kms:\\S+ did not work: AccessDeniedException")
                .withNoCause();
        assertThat(scene.turnkey().requests()).isEmpty();
        assertThat(scene.calls(Operation.PUT_SECRET_VALUE)).isZero();
    }
}
