package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.turnkey.ApiKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Two named sessions of one template, side by side. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondSessionIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private final List<String> logs = new CopyOnWriteArrayList<>();
    private RunningStack stack;

    @BeforeAll
    void start() throws Exception {
        Workspace workspace = Checkout.workspace(folder);
        Path template = workspace.template();
        Files.writeString(template, SecondSession.weeklyBesideNightly(Files.readString(template)));
        stack = RunningStack.startWith(
                function -> function.handler().contains(".server."),
                Template.read(template),
                Addresses.free(),
                workspace,
                InstantSource.system(),
                (function, line) -> logs.add(function + ": " + line));
    }

    @AfterAll
    void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void eachIsKeptAndUsedForItsOwnUser() throws Exception {
        JsonNode nightly = answer("NightlySessionFunction");
        JsonNode weekly = answer("WeeklySessionFunction");

        assertThat(nightly.get("status").textValue()).isEqualTo("created");
        assertThat(weekly.get("status").textValue()).isEqualTo("created");
        assertThat(List.of("userId", "apiKeyId", "publicKey", "secretArn"))
                .allSatisfy(member -> assertThat(weekly.get(member)).isNotEqualTo(nightly.get(member)));
        assertThat(nightly.get("userId").textValue())
                .isEqualTo(stack.turnkey().demo().adminUserId());
        assertThat(sessionKeys(nightly)).containsExactly(nightly.get("apiKeyId").textValue());
        assertThat(sessionKeys(weekly)).containsExactly(weekly.get("apiKeyId").textValue());

        assertUsable(answer("NightlyCanaryFunction"), nightly);
        assertUsable(answer("WeeklyCanaryFunction"), weekly);
        assertThat(answer("NightlySessionFunction").get("status").textValue()).isEqualTo("reused");
        assertThat(answer("WeeklySessionFunction").get("status").textValue()).isEqualTo("reused");
        assertUsable(answer("WeeklyCanaryFunction"), weekly);
        assertThat(logs)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("WeeklyCanaryFunction: {")
                        .contains("\"session\":\"weekly\"", "\"SessionRemaining\":", "\"CloudWatchMetrics\""));

        JsonNode stored = JSON.readTree(stack.account().currentSecret(stack.output("WeeklySessionSecretArn")));
        assertThat(unwrapped("WeeklyJob", stored, "WeeklyWrappingKeyArn", "weekly"))
                .hasSizeGreaterThan(32);
        assertThatThrownBy(() -> unwrapped("NightlyJob", stored, "NightlyWrappingKeyArn", "weekly"))
                .isInstanceOf(KmsException.class);
        assertThatThrownBy(() -> unwrapped("WeeklyJob", stored, "WeeklyWrappingKeyArn", "nightly"))
                .isInstanceOf(KmsException.class);
        assertThatThrownBy(() -> unwrapped("NightlyJob", stored, "WeeklyWrappingKeyArn", "weekly"))
                .isInstanceOf(KmsException.class)
                .hasMessageContaining("assumed-role/NightlyJob/NightlyJob is not authorized to perform: kms:Decrypt");
        assertThatThrownBy(() -> stack.accountOf("NightlyJob").currentSecret(stack.output("WeeklySessionSecretArn")))
                .hasMessageContaining("is not authorized to perform: secretsmanager:GetSecretValue");
    }

    @Test
    void neitherTakesTheNameOfTheOther() {
        for (String function : List.of("WeeklySessionFunction", "WeeklyCanaryFunction")) {
            Outcome outcome = stack.function(function)
                    .invoke("{\"session\":\"nightly\"}")
                    .join()
                    .outcome();

            assertThat(outcome).isNotInstanceOf(Outcome.Answered.class);
            assertThat(outcome.payload()).contains("input: session must be \\\"weekly\\\"");
        }
    }

    /** With the input of its own schedule. */
    private JsonNode answer(String function) throws Exception {
        String input = stack.functions().stream()
                .filter(resource -> resource.logicalId().equals(function))
                .findFirst()
                .orElseThrow()
                .schedules()
                .getFirst()
                .input();
        Outcome outcome = stack.function(function).invoke(input).join().outcome();
        assertThat(outcome).as(String.join("\n", logs)).isInstanceOf(Outcome.Answered.class);
        return JSON.readTree(outcome.payload());
    }

    private static void assertUsable(JsonNode canary, JsonNode session) {
        assertThat(canary.get("status").textValue()).isEqualTo("usable");
        assertThat(canary.get("ageSeconds").isIntegralNumber()).isTrue();
        assertThat(canary.get("remainingSeconds").isIntegralNumber()).isTrue();
        for (String member : List.of("apiKeyId", "publicKey", "organizationId", "userId", "expiresAt")) {
            assertThat(canary.get(member)).as(member).isEqualTo(session.get(member));
        }
    }

    private List<String> sessionKeys(JsonNode session) {
        return stack.turnkey().world().apiKeys(session.get("userId").textValue()).stream()
                .filter(key -> key.lifetime().isPresent())
                .map(ApiKey::id)
                .toList();
    }

    private byte[] unwrapped(String job, JsonNode version, String keyOutput, String session) throws Exception {
        return stack.accountOf(job)
                .decrypt(
                        stack.output(keyOutput),
                        Base64.getDecoder().decode(version.get("wrapped").textValue()),
                        Map.of(
                                "app",
                                "votis-sessions",
                                "purpose",
                                "credential",
                                "organization",
                                stack.turnkey().demo().parentId(),
                                "session",
                                session,
                                "publicKey",
                                version.get("publicKey").textValue()));
    }
}
