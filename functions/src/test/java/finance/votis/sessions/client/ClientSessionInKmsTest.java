package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Fault;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A phone's session, stamped by a delegate whose key stays in KMS. */
class ClientSessionInKmsTest {

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.world().first();
    private final TargetKeyPair phone = TargetKeyPair.generate(new SecureRandom());
    private final Map<String, String> environment = scene.environmentWithKeysInKms();
    private final String key =
            environment.getOrDefault("DELEGATE_CREDENTIAL", "").substring("kms:".length());
    private final ClientSessionFunction function = new ClientSessionFunction(environment, scene.platform());

    @AfterEach
    void close() {
        scene.close();
        phone.close();
    }

    @Test
    void thePhoneOpensTheBundleAndNoSecretIsRead() throws Exception {
        APIGatewayV2HTTPResponse response = call();

        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(201);
        CredentialBundle bundle = CredentialBundle.parse(
                Scene.json(response.getBody()).get("credentialBundle").textValue());
        try (P256PrivateKey session = phone.open(bundle)) {
            assertThat(scene.turnkey().world().apiKeys(ada.userId()))
                    .anyMatch(key -> key.publicKey().equals(session.publicKey()));
        }
        assertThat(scene.calls(Operation.GET_SECRET_VALUE)).isZero();
        assertThat(scene.calls(Operation.GET_PUBLIC_KEY)).isEqualTo(1);
        assertThat(scene.calls(Operation.SIGN)).isPositive();
        assertThat(scene.aws().requests())
                .allSatisfy(request -> assertThat(request.resource()).contains(key));
    }

    @Test
    void anAliasInTheSettingIsAsGood() {
        var byAlias = new ClientSessionFunction(
                scene.environmentWith(Map.of("DELEGATE_CREDENTIAL", "kms:alias/delegate")), scene.platform());

        assertThat(call(byAlias).getStatusCode()).isEqualTo(201);
    }

    @Test
    void whileKmsIsThrottledTheCallerIsToldToWait() {
        scene.aws().faults().always(Operation.SIGN, new Fault.Throttled());

        APIGatewayV2HTTPResponse response = call();

        assertThat(Scene.summary(response)).isEqualTo("503 backend-busy");
        assertThat(response.getHeaders()).containsKey("Retry-After");
        assertThat(scene.turnkey().requests()).as("nothing was sent").isEmpty();
    }

    @Test
    void aKeyThatMayNotSignIsOursToMendAndTheLogSaysWhichAndWhy() {
        scene.aws().faults().always(Operation.SIGN, new Fault.AccessDenied());

        APIGatewayV2HTTPResponse response = call();

        assertThat(Scene.summary(response)).isEqualTo("500 internal-error");
        assertThat(response.getBody()).doesNotContain("kms");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        assertThat(scene.lastLine().get("exception").textValue())
                .contains("kms:Sign of " + key + " did not work: AccessDeniedException");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void aKeyOfAnotherKindIsToldInTheLogBySettingAndRule() {
        var wrong = new ClientSessionFunction(
                scene.environmentWith(Map.of("DELEGATE_CREDENTIAL", "kms:alias/wrapping")), scene.platform());

        assertThat(Scene.summary(call(wrong))).isEqualTo("500 internal-error");
        assertThat(scene.lastLine().get("exception").textValue())
                .contains(
                        "DELEGATE_CREDENTIAL names the KMS key alias/wrapping, which has no public half: it must be of"
                                + " ECC_NIST_P256 for SIGN_VERIFY");
    }

    private APIGatewayV2HTTPResponse call() {
        return call(function);
    }

    private APIGatewayV2HTTPResponse call(ClientSessionFunction called) {
        String body = Json.text(
                Json.newObject().put("targetPublicKey", phone.publicKey().uncompressedHex()));
        return Gateway.serve(called, scene.call(ada, body), Scene.context());
    }
}
