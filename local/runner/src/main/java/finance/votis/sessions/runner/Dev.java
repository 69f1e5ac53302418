package finance.votis.sessions.runner;

import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code ./dev}. Exit codes: 0 done, 1 it did not hold or cannot be done (one line says why), 2 the command line is wrong.
 *
 * <p>A subcommand is a public class with a package-private constructor and is a {@code Callable<Integer>}; a failure that it foresees it
 * prints itself, in one line, and returns 1.
 */
@Command(
        name = "./dev",
        description = "Turnkey sessions on this machine. ./dev test runs all tests.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CommandLine.HelpCommand.class,
        })
public final class Dev {
    Dev() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Writes to standard output and standard error unless told otherwise. */
    public static CommandLine commandLine() {
        return new CommandLine(new Dev()).setParameterExceptionHandler((wrong, args) -> {
            CommandLine command = wrong.getCommandLine();
            String name = command.getCommandSpec().qualifiedName();
            PrintWriter err = command.getErr();
            String problem = Objects.requireNonNullElse(wrong.getMessage(), "wrong arguments");
            err.println(name + ": " + problem.lines().findFirst().orElse("") + " (" + name + " --help)");
            err.flush();
            return CommandLine.ExitCode.USAGE;
        });
    }
}
