package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.Snapshot;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done before the first call, by the way in which Lambda starts the function. */
class ClientSnapshotTest {

    private final Scene scene = new Scene();
    private final Snapshot snapshot = new Snapshot();

    @BeforeEach
    void addCustomer() {
        scene.addCustomerOfEvents();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret:of-nobody", "kms:alias/of-nobody"})
    void aSnapshotIsTakenAfterARehearsalOfWhichNobodyOutsideHears(String credential) throws Exception {
        function(Snapshot.environment(scene.environmentWith(Map.of("DELEGATE_CREDENTIAL", credential))));

        snapshot.take();

        assertThat(snapshot.hooks()).isEqualTo(1);
        assertThat(scene.log()).isEmpty();
        assertThat(scene.turnkey().requests()).isEmpty();
        assertThat(scene.aws().requests()).isEmpty();
        assertThat(System.getProperty("aws.containerCredentialsFullUri")).isNull();
    }

    @Test
    void theFirstCallAfterARestoreIsServedAndIsTheColdStart() throws Exception {
        ClientSessionFunction function = function(Snapshot.environment(scene.environment()));
        snapshot.take();
        snapshot.restore();

        assertThat(Scene.summary(Events.callWith("client-session", function))).isEqualTo("201");
        assertThat(scene.lastLine().get("coldStart").booleanValue()).isTrue();
        assertThat(scene.log()).hasSize(1);
    }

    @Test
    void aRehearsalThatFailsIsToldAndTheFunctionServes() throws Exception {
        ClientSessionFunction function = new ClientSessionFunction(
                Snapshot.environment(scene.environment()), snapshot.platform(scene.platform(), () -> {
                    throw new IllegalStateException("no random numbers");
                }));

        snapshot.take();

        assertThat(scene.lastLine().get("event").textValue()).isEqualTo("startup");
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("WARN");
        assertThat(scene.lastLine().get("warning").textValue()).isEqualTo("the snapshot is not primed");
        assertThat(Scene.summary(Events.callWith("client-session", function))).isEqualTo("201");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on-demand", "provisioned-concurrency"})
    void withoutASnapshotTheKeyIsReadAndTurnkeyIsConnectedToBeforeTheFirstCall(String type) {
        ClientSessionFunction function =
                function(scene.environmentWith(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", type)));

        assertThat(scene.aws().requests()).hasSize(1);
        assertThat(scene.log()).isEmpty();
        assertThat(snapshot.hooks()).isZero();
        assertThat(System.getProperty("aws.containerCredentialsFullUri")).isNull();

        assertThat(Scene.summary(Events.callWith("client-session", function))).isEqualTo("201");
        assertThat(scene.aws().requests()).hasSize(1);
    }

    @Test
    void withoutASnapshotACallIsRehearsedBeforeTheFirstOneAndAFailureIsTold() {
        AtomicInteger drawn = new AtomicInteger();
        Map<String, String> environment = scene.environmentWith(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));

        new ClientSessionFunction(environment, snapshot.platform(scene.platform(), () -> {
            drawn.incrementAndGet();
            return new SecureRandom();
        }));
        // Keys of counterparts, since the function itself draws nothing before a call.
        assertThat(drawn).hasPositiveValue();
        assertThat(scene.log()).isEmpty();

        ClientSessionFunction function =
                new ClientSessionFunction(environment, snapshot.platform(scene.platform(), () -> {
                    throw new IllegalStateException("no random numbers");
                }));

        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("WARN");
        assertThat(scene.lastLine().get("warning").textValue()).isEqualTo("the first call is not rehearsed");
        assertThat(Scene.summary(Events.callWith("client-session", function))).isEqualTo("201");
    }

    @Test
    void earlyWorkThatFailsIsToldAndWaitsForTheFirstCall() {
        Map<String, String> environment = new HashMap<>(scene.environment());
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        environment.put("DELEGATE_CREDENTIAL", "secret:not-there");

        function(environment);

        assertThat(scene.lastLine().get("warning").textValue()).isEqualTo("early work did not work");
        assertThat(scene.lastLine().get("exception").textValue()).contains("ResourceNotFoundException");
    }

    private ClientSessionFunction function(Map<String, String> environment) {
        return new ClientSessionFunction(environment, snapshot.platform(scene.platform(), SecureRandom::new));
    }
}
