package finance.votis.sessions.runner.keys;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runner.terminal.Terminal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands of this room have in common: one line of result and exit code 0, or one line on the broken rule and 1. */
abstract class KeyCommand implements Callable<Integer> {

    /** For the end of every command's help. */
    static final String EXIT_CODES = "%nExit codes: 0 done, 1 a rule was broken, 2 the command line is wrong.";

    static final String JSON_FAILURE =
            "On failure: {\"ok\":false,\"rule\":\"<name>\",\"message\":\"<one line>\"}, also on standard output.";

    @Option(names = "--json", description = "Print one line of JSON, in the shape shown below.")
    private boolean json;

    @Mixin
    private final Terminal terminal = new Terminal();

    /** @param fields the members of the JSON form; {@code ok} is put before them */
    record Result(String line, ObjectNode fields) {}

    abstract Result run() throws BrokenRuleException;

    @Override
    public final Integer call() {
        try {
            Result result = run();
            print(
                    terminal.out(),
                    json ? object().put("ok", true).setAll(result.fields()).toString() : result.line());
            if (terminal.out().checkError()) {
                print(terminal.err(), terminal.command() + ": the result could not be written");
                return CommandLine.ExitCode.SOFTWARE;
            }
            return CommandLine.ExitCode.OK;
        } catch (BrokenRuleException broken) {
            if (json) {
                ObjectNode failure = object().put("ok", false).put("rule", broken.rule());
                print(
                        terminal.out(),
                        failure.put("message", broken.getMessage()).toString());
            } else {
                print(terminal.err(), terminal.command() + ": " + broken.getMessage());
            }
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static void print(PrintWriter writer, String line) {
        writer.println(line);
        writer.flush();
    }
}
