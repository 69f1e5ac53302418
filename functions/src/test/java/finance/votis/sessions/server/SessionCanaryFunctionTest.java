package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Mistakes;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.aws.RecordedRequest;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SessionCanaryFunctionTest {

    private static final Map<String, Object> INPUT = Map.of("session", "nightly");

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void itUsesTheSessionAsAJobDoes() {
        Map<String, String> made = keep();
        scene.clock().advance(Duration.ofMinutes(20).plusMillis(500));
        int before = scene.aws().requests().size();

        Map<String, Object> answer = look();

        assertThat(answer)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "status",
                        "usable",
                        "apiKeyId",
                        field(made, "apiKeyId"),
                        "publicKey",
                        field(made, "publicKey"),
                        "organizationId",
                        scene.world().parentId(),
                        "userId",
                        scene.world().adminUserId(),
                        "ageSeconds",
                        1200L,
                        "remainingSeconds",
                        9599L,
                        "expiresAt",
                        "2026-11-24T00:00:00Z"));
        List<RecordedRequest> asked =
                scene.aws().requests().subList(before, scene.aws().requests().size());
        assertThat(asked)
                .extracting(RecordedRequest::operation)
                .containsExactly(Operation.GET_SECRET_VALUE, Operation.DECRYPT);
        assertThat(asked.getFirst().versionStage()).contains("AWSCURRENT");
    }

    @Test
    void itsLineIsAMetricForCloudWatchWithoutOrganisationOrUserInIt() {
        keep();
        scene.clock().advance(Duration.ofMinutes(20));

        look();

        ObjectNode line = scene.lastLine();
        assertThat(line.get("_aws").get("Timestamp").longValue())
                .isEqualTo(scene.clock().instant().toEpochMilli());
        assertThat(line.get("_aws").get("CloudWatchMetrics").get(1)).isEqualTo(Scene.json("""
                        {"Namespace": "TurnkeySessions",
                          "Dimensions": [["function", "session"]],
                          "Metrics": [{"Name": "SessionAge", "Unit": "Seconds"}, {"Name": "SessionRemaining", "Unit": "Seconds"}]}
                        """));
        assertThat(line.get("kind").textValue()).isEqualTo("canary");
        assertThat(line.get("function").textValue()).isEqualTo("SessionCanaryFunction");
        assertThat(line.get("session").textValue()).isEqualTo("nightly");
        assertThat(line.get("SessionAge").longValue()).isEqualTo(1200);
        assertThat(line.get("SessionRemaining").longValue()).isEqualTo(9600);
        assertThat(line.get("outcome").textValue()).isEqualTo("usable");
        assertThat(line.get("level").textValue()).isEqualTo("INFO");
    }

    @Test
    void eachRunReadsTheSessionAnew() {
        keep();
        SessionCanaryFunction function = function();
        Map<String, Object> first = new HashMap<>(function.handleRequest(INPUT, Scene.context()));
        scene.clock().advance(Duration.ofMinutes(65));
        Map<String, String> renewed = keep();

        Map<String, Object> second = function.handleRequest(INPUT, Scene.context());

        assertThat(second.get("apiKeyId")).isEqualTo(renewed.get("apiKeyId")).isNotEqualTo(first.get("apiKeyId"));
    }

    @Test
    void aSessionThatTurnkeyDoesNotKnowFailsTheRunAndStillShowsItsRemainingLife() {
        Map<String, String> made = keep();
        scene.turnkey().world().removeApiKey(field(made, "apiKeyId"));

        fails("whoami of the session: internal-error, our request to Turnkey was not taken, code PUBLIC_KEY_NOT_FOUND");

        ObjectNode line = scene.lastLine();
        assertThat(line.get("outcome").textValue()).isEqualTo("failed");
        assertThat(line.get("level").textValue()).isEqualTo("ERROR");
        assertThat(line.get("reason").textValue()).isEqualTo("KEY_UNKNOWN");
        assertThat(line.get("versionId").textValue()).isEqualTo(made.get("versionId"));
        assertThat(line.get("SessionRemaining").longValue()).isEqualTo(10_800);
    }

    @Test
    void noSessionYetFailsTheRunWithoutItsAge() {
        fails("says that there is no session yet");

        assertThat(scene.lastLine().has("SessionAge")).isFalse();
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("failed");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void aSessionThatIsOverFailsTheRun() {
        keep();
        scene.clock().advance(Duration.ofHours(3));

        fails("is over since 2026-11-24T00:00:00Z");
    }

    @Test
    void aSecretThatMayNotBeReadFailsTheRun() {
        keep();
        scene.aws()
                .faults()
                .next(Operation.GET_SECRET_VALUE, new finance.votis.sessions.standins.aws.Fault.AccessDenied());

        fails("GetSecretValue of " + scene.sessionSecret() + " did not work: AccessDeniedException");
    }

    static Stream<Fault> strangers() {
        return Stream.of(
                Fault.with("/organizationId", "00000000-0000-4000-8000-000000000009"),
                Fault.with("/userId", "00000000-0000-4000-8000-000000000009"));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void anotherOrganisationOrUserThanTheSessionsFailsTheRun(Fault fault) {
        keep();
        scene.turnkey().faults().next(Endpoint.WHOAMI, fault);

        fails("whoami of the session: the answer names another organisation or user than expected");
    }

    @Test
    void turnkeyOutOfReachFailsTheRun() {
        keep();
        scene.turnkey().close();

        fails("whoami of the session: turnkey-unreachable");
    }

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of(Map.of(), "session must be"),
                Arguments.of(Map.of("session", "weekly-payroll"), "session must be \"nightly\""),
                Arguments.of(Map.of("session", 5), "session must be"),
                Arguments.of(Map.of("session", List.of("nightly")), "session must be"),
                Arguments.of(Map.of("session", "nightly", "userId", "payroll"), "userId is not a field"),
                Arguments.of(Map.of("session", "nightly", "the payroll's", 1), "a field with an unusual name"));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anythingButTheNameOfTheSessionIsRefusedAndNobodyIsAsked(Map<String, Object> input, String message) {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function().handleRequest(input, Scene.context()))
                .withMessageStartingWith("input: ")
                .withMessageContaining(message)
                .withMessageNotContaining("payroll");
        assertThat(scene.aws().requests()).isEmpty();
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void noInputIsRefusedLikeAnEmptyOne() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> function().handleRequest(null, Scene.context()))
                .withMessageContaining("session must be");
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        keep();

        assertThat(Events.answers("session-canary"))
                .isNotEmpty()
                .allSatisfy((name, expected) ->
                        assertThat(Events.runWith(name, function())).as(name).isEqualTo(expected));
    }

    @Test
    void settingsThatAreMissingAreToldTogether() {
        Map<String, String> environment = scene.environment();
        for (String name : List.of(
                "TURNKEY_BASE_URL",
                "SERVER_SESSION",
                "SERVER_SESSION_ORGANIZATION_ID",
                "SERVER_SESSION_SECRET",
                "WRAPPING_KEY")) {
            environment.remove(name);
        }

        SettingsException thrown = catchThrowableOfType(
                SettingsException.class, () -> new SessionCanaryFunction(environment, scene.platform()));

        assertThat(Mistakes.of(thrown)).hasSize(5).allMatch(mistake -> mistake.contains(" is missing: "));
    }

    @Test
    void itNeedsNothingOfTheAdminsKey() {
        keep();
        Map<String, String> environment = scene.environment();
        environment.keySet().removeIf(name -> name.contains("CREDENTIAL") || name.contains("MINUTES"));

        assertThat(new SessionCanaryFunction(environment, scene.platform()).handleRequest(INPUT, Scene.context()))
                .containsEntry("status", "usable");
    }

    private SessionCanaryFunction function() {
        return new SessionCanaryFunction(scene.environment(), scene.platform());
    }

    private Map<String, Object> look() {
        return function().handleRequest(INPUT, Scene.context());
    }

    private Map<String, String> keep() {
        return new ServerSessionFunction(scene.environment(), scene.platform()).handleRequest(INPUT, Scene.context());
    }

    private void fails(String message) {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(this::look)
                .withMessageContaining(message)
                .withNoCause();
    }

    private static String field(Map<String, String> answer, String name) {
        return Objects.requireNonNull(answer.get(name));
    }
}
