package finance.votis.sessions.runner.keys;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command left behind. */
record Ran(int exitCode, String out, String err) {

    static Ran command(Object command, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    /** All that could be read of it. */
    String output() {
        return out + err;
    }
}
