package finance.votis.sessions.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorTest {

    private static final String KEY = "487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c";

    private static final String ID = "6f1b0f4c-5d0e-4b9e-9c57-0b8a3d2c1e4f";

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
        "doctor --key-file f --role KEY, '--role takes delegate, keeper, admin or watch'",
        "doctor --key-file f --role admin --parent KEY, --parent takes a UUID",
        "doctor --key-file f --role admin --organization KEY, --organization takes a UUID",
        "doctor --key-file f --role admin --expected-key KEY, --expected-key takes a public key: a compressed public key is 66 hex digits",
        "doctor --key-file f --role admin --requests-per-second KEY, the value of --requests-per-second is none that it takes",
        "doctor --key-file f --role admin --requests-per-second 51, --requests-per-second takes 1 to 50",
        "doctor --key-file f --role admin --turnkey KEY, '--turnkey takes a URL of https, or of http on this machine'",
        "doctor --key-file f --role admin --turnkey https:KEY, '--turnkey takes a URL of https, or of http on this machine'",
        "doctor --key-file f --role admin --turnkey https://example.com/KEY, --turnkey takes a URL without a path",
        "doctor --key-file f --role admin --turnkey https://example.com, --parent names the parent organisation",
        "doctor --key-file f --role delegate --turnkey https://example.com --parent ID, --organization or --organizations-file names where the key is used",
        "doctor --key-file f --role keeper --turnkey https://example.com --parent ID --organization ID, '--organization and --organizations-file name sub-organisations of a keeper, not the parent'",
    })
    void saysInOneLineWhatIsWrongAndRepeatsNoValue(String args, String problem) {
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();

        int exitCode = Dev.commandLine()
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out))
                .execute(args.replace("KEY", KEY).replace("ID", ID).split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("./dev").contains(problem).hasLineCount(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).doesNotContain(KEY.substring(0, 8));
    }
}
