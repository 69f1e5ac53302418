package finance.votis.sessions.runner.crash;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.stack.Workspace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real processes and real kills, few of them. */
class CrashIT {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void nothingIsLost() throws Exception {
        int exit = crash(Checkout.workspace(folder), "--kills", "3", "--seed", "1", "--runs", "3", "--rounds", "2");

        assertThat(exit).as(out + "\n" + err).isZero();
        assertThat(out.toString())
                .startsWith("seed 1: 3 kills, then 2 rounds of 3 runs at once\n")
                .contains("\nseed 1: 3 kills, ")
                .containsPattern("rounds that did not hold +0\n$");
    }

    /** The schedule asks for a session that the function does not keep: every round fails, and each is told. */
    @Test
    void whatDoesNotHoldIsALineAndExitCodeOne() throws Exception {
        Workspace workspace = Checkout.workspace(folder);
        String template = Files.readString(workspace.template());
        String line = "Input: '{\"session\":\"nightly\"}'";
        assertThat(template).contains(line);
        Files.writeString(workspace.template(), template.replace(line, "Input: '{\"session\":\"weekly\"}'"));

        int exit = crash(workspace, "--kills", "1", "--rounds", "0");

        assertThat(exit).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("\nseed \\d+, kill 1: a run failed: input: ")
                .containsPattern("rounds that did not hold +1\n$");
    }

    @Test
    void wrongNumbersAreAWrongCommandLine() throws Exception {
        Workspace workspace = new Workspace(folder);

        assertThat(crash(workspace, "--kills", "-1")).isEqualTo(2);
        assertThat(crash(workspace, "--runs", "0")).isEqualTo(2);
        assertThat(crash(workspace, "--runs", "65")).isEqualTo(2);
        assertThat(crash(workspace, "--rounds", "100001")).isEqualTo(2);
        assertThat(crash(workspace, "--seed", "x")).isEqualTo(2);
    }

    private int crash(Workspace workspace, String... args) {
        return new CommandLine(new Crash(workspace))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
