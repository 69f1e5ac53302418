package finance.votis.sessions.readonly;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A read-only session, stamped by a delegate whose key stays in KMS. */
class ReadOnlySessionInKmsTest {

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.world().first();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void theTokenIsTheDelegatesAndNoSecretIsRead() {
        var function = new ReadOnlySessionFunction(scene.environmentWithKeysInKms(), scene.platform());

        APIGatewayV2HTTPResponse response = Gateway.serve(function, scene.call(ada), Scene.context());

        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(201);
        ObjectNode answer = Scene.json(response.getBody());
        assertThat(answer.get("organizationId").textValue()).isEqualTo(ada.organizationId());
        assertThat(answer.get("userId").textValue()).isEqualTo(ada.delegateUserId());
        assertThat(scene.calls(Operation.GET_SECRET_VALUE)).isZero();
        assertThat(scene.calls(Operation.SIGN)).isPositive();
    }
}
