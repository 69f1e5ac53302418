package finance.votis.sessions.runner;

import finance.votis.sessions.runner.crash.Crash;
import finance.votis.sessions.runner.doctor.Doctor;
import finance.votis.sessions.runner.keys.Keygen;
import finance.votis.sessions.runner.keys.KmsKey;
import finance.votis.sessions.runner.keys.MakeStamp;
import finance.votis.sessions.runner.keys.OpenBundle;
import finance.votis.sessions.runner.keys.VerifyStamp;
import finance.votis.sessions.runner.load.Load;
import finance.votis.sessions.runner.stack.Invoke;
import finance.votis.sessions.runner.stack.Up;
import finance.votis.sessions.runner.story.Demo;
import finance.votis.sessions.runner.vectors.CheckVectors;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            Demo.class,
            Up.class,
            Invoke.class,
            Keygen.class,
            MakeStamp.class,
            VerifyStamp.class,
            OpenBundle.class,
            KmsKey.class,
            Doctor.class,
            CheckVectors.class,
            Crash.class,
            Load.class,
        })
public final class Dev {
    Dev() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Writes to standard output and standard error unless told otherwise. */
    public static CommandLine commandLine() {
        return new CommandLine(new Dev())
                // picocli's own writers hide that standard output failed.
                .setOut(new PrintWriter(System.out, true, System.out.charset()))
                .setErr(new PrintWriter(System.err, true, System.err.charset()))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(new UsageError())
                .registerConverter(Path.class, Dev::ofCaller);
    }

    /** The script runs this in the repository's root; a path in an argument is relative to the folder of who called it. */
    private static Path ofCaller(String path) {
        return Path.of(System.getProperty("sessions.caller", "")).resolve(path);
    }
}
