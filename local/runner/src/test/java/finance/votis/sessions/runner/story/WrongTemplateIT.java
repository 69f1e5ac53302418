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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong line in the template breaks the demo, at the step that needs it. Only the functions up to that step are started. */
class WrongTemplateIT {
    @TempDir
    private static Path folder;

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
                Set.of("ClientSessionFunction", "NightlySessionFunction"));

        assertThat(told).contains("✗").contains("the function failed");
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
    private static String told(String template, Set<String> functions) throws Exception {
        StringWriter screen = new StringWriter();
        try (RunningStack stack = RunningStack.startWith(
                function -> functions.contains(function.logicalId()),
                Template.parse("template.yaml", template, Checkout.root()),
                Addresses.free(),
                Checkout.workspace(folder),
                InstantSource.system(),
                (function, line) -> {})) {
            Map<String, Outcome.InitFailed> failed = stack.ready().join();
            if (!failed.isEmpty()) {
                return "not ready: " + failed.values().iterator().next().payload();
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
