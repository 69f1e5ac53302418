package finance.votis.sessions.runner.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.Template;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong line in the template breaks the demo, at the step that needs it. Only the functions up to that step are started. */
class WrongTemplateIT {
    @TempDir
    private static Path folder;

    private final Queue<String> logs = new ConcurrentLinkedQueue<>();

    @Test
    void anotherPath() throws Exception {
        String told = told(
                Checkout.template("Path: /v1/sessions/read-write", "Path: /v1/sessions/read_write")
                        .replace("POST /v1/sessions/read-write:", "POST /v1/sessions/read_write:"),
                Set.of("ClientSessionFunction"));

        assertThat(told).contains("✗").contains("It posts the public half").contains("answered 404 and not 201");
    }

    @Test
    void anotherPathThanThatWhichIsThrottledIsToldBeforeAnythingStarts() throws Exception {
        String template = Checkout.template("Path: /v1/sessions/read-write", "Path: /v1/sessions/read_write");

        assertThatThrownBy(() -> told(template, Set.of()))
                .hasMessageMatching(
                        "template.yaml:\\d+: Resources.Api.Properties.RouteSettings.POST /v1/sessions/read-write: "
                                + "no route POST /v1/sessions/read-write is there under these parameters");
    }

    @Test
    void anotherHandler() throws Exception {
        String told = told(
                Checkout.template(
                        "finance.votis.sessions.client.ClientSessionFunction::handleRequest",
                        "finance.votis.sessions.client.ClientSessionsFunction::handleRequest"),
                Set.of("ClientSessionFunction"));

        assertThat(told).containsAnyOf("not ready", "answered 500 and not 201");
    }

    @Test
    void anEnvironmentLineGone() throws Exception {
        String template = Checkout.template();
        String told =
                told(template.replaceFirst(" {10}USER_CLAIM: !Ref UserClaim\n", ""), Set.of("ClientSessionFunction"));

        assertThat(told).contains("not ready").contains("USER_CLAIM");
    }

    @Test
    void anotherValueInTheEnvironment() throws Exception {
        String told = told(
                Checkout.template(
                        "EXPIRATION_SECONDS_DEFAULT: !Ref ExpirationSecondsDefault", "EXPIRATION_SECONDS_DEFAULT: 600"),
                Set.of("ClientSessionFunction"));

        assertThat(told).contains("✗").contains("a session that asks for no lifetime gets 15 minutes");
    }

    @Test
    void anotherScheduleInput() throws Exception {
        String told = told(
                Checkout.template(
                        "Input: '{\"session\":\"nightly\"}'\n            # SAM",
                        "Input: '{\"session\":\"weekly\"}'\n            # SAM"),
                Set.of("ClientSessionFunction", "RelayFunction", "NightlySessionFunction"));

        assertThat(told).contains("✗").contains("the function failed");
    }

    @Test
    void aPermissionOfAKeyGone() throws Exception {
        String template = Checkout.template();
        String told = told(
                template.replaceFirst("Action: kms:Sign\n", "Action: kms:Verify\n"), Set.of("ClientSessionFunction"));

        assertThat(told).contains("✗").contains("It posts the public half");
        assertThat(logs).anyMatch(line -> line.contains("AccessDenied"));
    }

    @Test
    void aPermissionOfARoleGone() throws Exception {
        String told = told(
                Checkout.template("                  - secretsmanager:UpdateSecretVersionStage\n", ""),
                Set.of("ClientSessionFunction", "RelayFunction", "NightlySessionFunction"));

        assertThat(told).contains("✗").contains("the function failed");
        assertThat(logs).anyMatch(line -> line.contains("AccessDenied"));
    }

    @Test
    void aFunctionThatMayNotWriteItsLines() throws Exception {
        String template = Checkout.template();
        String told = told(
                template.replaceFirst("\\[logs:CreateLogStream, logs:PutLogEvents]", "logs:CreateLogStream"),
                Set.of("ClientSessionFunction"));

        assertThat(told)
                .startsWith("not seen: User: arn:aws:sts::111122223333:assumed-role/ClientSessionRole/"
                        + "ClientSessionFunction is not authorized to perform: logs:PutLogEvents on resource: ");
        assertThat(logs).isEmpty();
    }

    @Test
    void aJobThatMayNotUnwrapAnyMore() throws Exception {
        String told = told(
                Checkout.template("Principal: {AWS: !Ref NightlyJobRoles}", "Principal: {AWS: !GetAtt RelayRole.Arn}"),
                Set.of("ClientSessionFunction", "RelayFunction", "NightlySessionFunction"));

        assertThat(told).contains("✗").contains("KMS refused");
    }

    @Test
    void anotherServiceInTheRolesTrust() throws Exception {
        String template = Checkout.template();

        assertThatThrownBy(() -> told(
                        template.replaceFirst("Service: lambda.amazonaws.com", "Service: edgelambda.amazonaws.com"),
                        Set.of()))
                .hasMessageContaining("the role of ClientSessionFunction cannot be assumed by Lambda")
                .hasMessageContaining("is not authorized to perform: sts:AssumeRole");
    }

    @Test
    void aConditionThatNobodyKnows() throws Exception {
        String template = Checkout.template();

        assertThatThrownBy(() ->
                        told(template.replaceFirst("kms:MessageType: DIGEST", "kms:MesageType: DIGEST"), Set.of()))
                .hasMessageStartingWith("template.yaml:")
                .hasMessageContaining("the condition key kms:MesageType is not played here");
    }

    @Test
    void aLineThatNamesNothingIsToldBeforeAnythingStarts() throws Exception {
        String template = Checkout.template(
                "EXPIRATION_SECONDS_DEFAULT: !Ref ExpirationSecondsDefault",
                "EXPIRATION_SECONDS_DEFAULT: !Ref ExpirationSecondDefault");

        assertThatThrownBy(() -> told(template, Set.of()))
                .hasMessageMatching(
                        "template.yaml:\\d+: Resources.ClientSessionFunction.Properties.Environment.Variables"
                                + ".EXPIRATION_SECONDS_DEFAULT: no parameter or resource is called ExpirationSecondDefault");
    }

    /** The story as far as it goes; it must not go to its end. */
    private String told(String template, Set<String> functions) throws Exception {
        StringWriter screen = new StringWriter();
        try (RunningStack stack = RunningStack.startWith(
                function -> functions.contains(function.logicalId()),
                Template.parse("template.yaml", template, Checkout.root()),
                Addresses.free(),
                Checkout.workspace(folder),
                InstantSource.system(),
                (function, line) -> logs.add(line))) {
            Map<String, Outcome.InitFailed> failed = stack.ready().join();
            if (!failed.isEmpty()) {
                return "not ready: " + failed.values().iterator().next().payload();
            }
            if (!stack.silenced().isEmpty()) {
                return "not seen: " + stack.silenced().values().iterator().next();
            }
            assertThatThrownBy(() -> Story.tell(
                            stack,
                            new Screen(new PrintWriter(screen), false, true),
                            InstantSource.system(),
                            Witness.NOBODY))
                    .isInstanceOf(DidNotHold.class);
        }
        return screen.toString();
    }
}
