package finance.votis.sessions.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorTest {

    private static final String KEY = "487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c";

    @Test
    void anArgumentWithAnAtSignIsNoFileOfArguments() {
        assertThat(Dev.commandLine().isExpandAtFiles()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "KEY, there is an argument that it does not take",
        "stamp --key-file f KEY, there is an argument that it does not take",
        "stamp --key-file f --key KEY, there is no option --key",
        "stamp --key-file f --private-key=KEY, there is no option --private-key",
        "stamp --key-file f --KEY, there is an argument that it does not take",
        "nosuch, there is no command nosuch",
        "nosuch KEY, there is no command nosuch",
        "--nosuch, there is no option --nosuch",
        "stamp --key-file f nosuch, there is an argument that it does not take",
        "stamp, Missing required option: '--key-file=FILE'",
        "keygen --json=KEY, the value of --json is none that it takes",
    })
    void saysInOneLineWhatIsWrongAndRepeatsNoValue(String args, String problem) {
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();

        int exitCode = Dev.commandLine()
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out))
                .execute(args.replace("KEY", KEY).split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("./dev").contains(problem).hasLineCount(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).doesNotContain(KEY.substring(0, 8));
    }
}
