package finance.votis.sessions.runner;

import finance.votis.sessions.runner.terminal.WrongValueException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line on a wrong command line. It repeats no value: somebody may have passed a key where a file's name belongs. */
final class UsageError implements IParameterExceptionHandler {

    private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z-]{0,30})(=.*)?", Pattern.DOTALL);

    /** Too short for a key, and without digits. */
    private static final Pattern COMMAND = Pattern.compile("[a-z][a-z-]{0,19}");

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + problem(wrong) + " (" + name + " --help)");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static String problem(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            boolean inSubcommand = wrong.getCommandLine().getParent() != null;
            return unknown(unmatched.getUnmatched(), inSubcommand);
        }
        // A message of our own commands names no option to picocli; of picocli's, these two hold names alone.
        if (wrong.getArgSpec() == null
                || wrong instanceof MissingParameterException
                || wrong instanceof OverwrittenOptionException) {
            return Objects.requireNonNullElse(wrong.getMessage(), "wrong arguments")
                    .lines()
                    .findFirst()
                    .orElse("wrong arguments");
        }
        String name = wrong.getArgSpec() instanceof OptionSpec option
                ? option.longestName()
                : wrong.getArgSpec().paramLabel();
        if (wrong.getCause() instanceof WrongValueException rule) {
            return name + " " + rule.getMessage();
        }
        return "the value of " + name + " is none that it takes";
    }

    private static String unknown(List<String> unmatched, boolean inSubcommand) {
        if (!inSubcommand && COMMAND.matcher(unmatched.getFirst()).matches()) {
            return "there is no command " + unmatched.getFirst();
        }
        for (String argument : unmatched) {
            Matcher option = OPTION.matcher(argument);
            if (option.matches()) {
                return "there is no option " + option.group(1);
            }
        }
        return "there is an argument that it does not take";
    }
}
