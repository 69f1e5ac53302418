package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code ./dev invoke} with stand-ins of its own. */
class InvokeIT {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutAnEventTheScheduleGivesIt() throws Exception {
        int exit = invoke("NightlySessionFunction");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("status").asText())
                .isEqualTo("created");
        assertThat(err.toString())
                .contains("\"outcome\":\"created\"")
                .contains("stand-ins of its own")
                .containsPattern("request [0-9a-f-]{36}: \\d+ ms, init \\d+ ms");
    }

    @Test
    void aFunctionThatFailsIsExitCodeOne() throws Exception {
        // By the name of its class.
        int exit = invoke("ServerSessionFunction", "-e", event("server-session-unknown-session"));

        assertThat(exit).isEqualTo(1);
        assertThat(out.toString()).contains("errorType").contains("session must be");
    }

    @Test
    void killedInTheMiddleIsWhatWasAskedFor() throws Exception {
        assertThat(invoke("NightlySessionFunction", "--kill-after", "1ms")).isZero();
        assertThat(out.toString()).contains("Runtime.ExitError", "signal: killed");

        // The function's own refusal takes no call, and less than a minute.
        assertThat(invoke("ClientSessionFunction", "--kill-after", "60s", "-e", event("client-session-malformed-key")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("it had ended before it was to be killed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"120", "120m", "-1s", "1.5s", "1234567ms", "1 s"})
    void whatIsNoTimeIsAWrongCommandLine(String time) throws Exception {
        assertThat(invoke("NightlySessionFunction", "--kill-after", time)).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsOneLine() throws Exception {
        assertThat(invoke("Nobody")).isEqualTo(1);
        assertThat(err.toString()).contains("no function of template.yaml is called so: ClientSessionFunction, ");

        assertThat(invoke("ClientSessionFunction")).isEqualTo(1);
        assertThat(err.toString()).contains("ClientSessionFunction is called by routes");

        assertThat(invoke("NightlySessionFunction", "-e", "no/such/file.json")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no no/such/file.json");
    }

    private static String event(String name) {
        return Checkout.root().resolve("events/" + name + ".json").toString();
    }

    private int invoke(String... args) throws Exception {
        Workspace workspace =
                Files.exists(folder.resolve("template.yaml")) ? new Workspace(folder) : Checkout.workspace(folder);
        return new CommandLine(new Invoke(workspace))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
