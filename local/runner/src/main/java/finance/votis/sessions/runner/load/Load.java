package finance.votis.sessions.runner.load;

import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.runner.terminal.Terminal;
import finance.votis.sessions.standins.turnkey.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many phones at once. */
@Command(
        name = "load",
        description = {
            "Has many phones use the API at once, on a stack of its own on loopback: all routes, faults at Turnkey, answers",
            "lost on the way back. Every phone repeats the very same request until it has an answer. In the end Turnkey's",
            "register is compared with what the phones were told: no session is lost, none is doubled. Each phone begins with four",
            "requests that are not measured.",
            "%nExit code 1 if something did not hold: a line for each. The functions' lines are in target/local/load.log.%n"
        })
public final class Load implements Callable<Integer> {
    private static final int MOST_PHONES = 64;
    private static final int MOST_REQUESTS = 100_000;

    /** A session lives 15 minutes: none may end by itself in the middle. */
    private static final int MOST_SECONDS = 600;

    private static final int MOST_FAULTS = 50;
    private static final int MOST_INSTANCES = 8;

    @Option(names = "--phones", paramLabel = "N", description = "At once. Default: ${DEFAULT-VALUE}")
    private int phones = 8;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "In all, repeats not counted. Default: ${DEFAULT-VALUE}")
    private int requests = 1_000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = {
                "None begins later. Default: ${DEFAULT-VALUE}.",
                "What has no answer by then is repeated while nothing goes wrong any more."
            })
    private int seconds = 60;

    @Option(
            names = "--faults",
            paramLabel = "PERCENT",
            description = {
                "Of the requests at Turnkey (429, 500, 502, resets before and after the effect, half an answer, late ones),",
                "and of our own answers, which are lost on the way back. Default: ${DEFAULT-VALUE}"
            })
    private int faults;

    @Option(
            names = "--one-a-second",
            description =
                    "Turnkey takes one request a second from us and answers the others 429, as on its least plan.")
    private boolean oneASecond;

    @Option(
            names = "--instances",
            paramLabel = "N",
            description = "Execution environments of each function. Default: ${DEFAULT-VALUE}")
    private int instances = 2;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of what phones do and what goes wrong; which request meets which fault is left to the moment."
                            + " Default: random")
    private @Nullable Long seed;

    @Mixin
    private final Terminal terminal = new Terminal();

    private final Workspace workspace;
    private final BiConsumer<World, String> beforeTheLook;

    Load() {
        this(Workspace.current(), (world, user) -> {});
    }

    /** @param beforeTheLook what a test does to Turnkey's register before it is compared, given the first phone's user */
    Load(Workspace workspace, BiConsumer<World, String> beforeTheLook) {
        this.workspace = workspace;
        this.beforeTheLook = beforeTheLook;
    }

    @Override
    public Integer call() throws InterruptedException {
        check("--phones", phones, 1, MOST_PHONES);
        check("--requests", requests, 1, MOST_REQUESTS);
        check("--seconds", seconds, 1, MOST_SECONDS);
        check("--faults", faults, 0, MOST_FAULTS);
        check("--instances", instances, 1, MOST_INSTANCES);
        long drawn = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        Plan plan = new Plan(phones, requests, Duration.ofSeconds(seconds), faults, oneASecond, instances, drawn);
        PrintWriter out = terminal.out();
        out.println(plan.text());
        out.flush();
        try {
            LoadRun.Result result = run(plan);
            result.lines().forEach(out::println);
            result.broken().forEach(sentence -> out.println("seed " + drawn + ", " + sentence));
            out.println(
                    result.broken().isEmpty()
                            ? "  the register is as the phones were told: none lost, none doubled"
                            : "  " + result.broken().size() + " things did not hold");
            out.flush();
            return result.broken().isEmpty() ? 0 : 1;
        } catch (TemplateException | IOException e) {
            PrintWriter err = terminal.err();
            err.println(Objects.requireNonNullElse(e.getMessage(), "cannot be run"));
            err.flush();
            return 1;
        }
    }

    private LoadRun.Result run(Plan plan) throws TemplateException, IOException, InterruptedException {
        Template template = Template.read(workspace.template());
        Path log = workspace.local().resolve("load.log");
        Files.createDirectories(workspace.local());
        try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8))) {
            return LoadRun.run(
                    plan,
                    template,
                    workspace,
                    InstantSource.system(),
                    Thread::sleep,
                    (function, line) -> lines.println(function + " | " + line),
                    beforeTheLook);
        }
    }

    private void check(String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw terminal.wrong(option + " takes a number from " + least + " to " + most);
        }
    }
}
