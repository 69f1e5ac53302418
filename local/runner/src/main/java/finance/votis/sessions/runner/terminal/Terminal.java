package finance.votis.sessions.runner.terminal;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The mixin of every command. Not used before picocli has read the command line. */
public final class Terminal {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    public PrintWriter out() {
        return command.commandLine().getOut();
    }

    public PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** As it was called: {@code ./dev stamp}. */
    public String command() {
        return command.qualifiedName();
    }

    /**
     * To be thrown.
     *
     * @param rule which option takes what, without the value
     */
    public ParameterException wrong(String rule) {
        return new ParameterException(command.commandLine(), rule);
    }
}
