package finance.votis.sessions.runner.crash;

import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kills, and runs at once. */
@Command(
        name = "crash",
        description = {
            "Kills the server session's function at random moments, in real processes on Lambda's own runtime client,",
            "and runs it many times at once, on stand-ins of its own. After each round one whole run must have left one",
            "usable session, no key at Turnkey that no version knows, nothing half moved, and no key in clear anywhere.",
            "%nExit code 1 if a round did not hold: a line for each, and the functions' lines in target/local/crash.log.%n"
        })
public final class Crash implements Callable<Integer> {
    private static final int MOST = 100_000;
    private static final int MOST_AT_ONCE = 64;

    @Option(names = "--kills", paramLabel = "N", description = "Rounds with a kill. Default: ${DEFAULT-VALUE}")
    private int kills = 20;

    @Option(names = "--runs", paramLabel = "N", description = "Runs at once. Default: ${DEFAULT-VALUE}")
    private int runs = 8;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of runs at once. Default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of the moments: the same draws again, on a machine that is never quite the same. Default: random")
    private @Nullable Long seed;

    @Mixin
    private final Terminal terminal = new Terminal();

    private final Workspace workspace;

    Crash() {
        this(Workspace.current());
    }

    Crash(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (kills < 0 || kills > MOST || rounds < 0 || rounds > MOST) {
            throw terminal.wrong("--kills and --rounds take a number from 0 to " + MOST);
        }
        if (runs < 1 || runs > MOST_AT_ONCE) {
            throw terminal.wrong("--runs takes a number from 1 to " + MOST_AT_ONCE);
        }
        PrintWriter out = terminal.out();
        long drawn = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        InstantSource clock = InstantSource.system();
        Instant begin = clock.instant();
        Tally tally;
        try (Trials trials =
                new Trials(drawn, Template.read(workspace.template()), workspace, clock, line -> print(out, line))) {
            tally = trials.tally();
            print(
                    out,
                    "seed " + drawn + ": " + kills + " kills, then " + rounds + " rounds of " + runs + " runs at once");
            trials.kill(kills);
            trials.atOnce(runs, rounds);
        } catch (TemplateException | IOException e) {
            PrintWriter err = terminal.err();
            err.println(Objects.requireNonNullElse(e.getMessage(), "cannot be run"));
            err.flush();
            return 1;
        }
        tally.summary(drawn, runs, Duration.between(begin, clock.instant())).forEach(line -> print(out, line));
        return tally.held() ? 0 : 1;
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
