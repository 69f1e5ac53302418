package finance.votis.sessions.runner.stack;

import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.lambda.RuntimeClient;
import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** One event through one function. */
@Command(
        name = "invoke",
        description = {
            "Runs one function on one event, in a process of its own, through Lambda's own runtime client.",
            "Behind it is the running ./dev up or, if none runs, stand-ins of its own.",
            "%nThe answer goes to standard output, log lines and times to standard error.",
            "Exit code 1 if the function failed; a refusal that it answers is an answer. With --kill-after, 0 if it was killed.%n"
        })
public final class Invoke implements Callable<Integer> {
    @Parameters(paramLabel = "FUNCTION", description = "Its name in template.yaml, or the name of its class.")
    private String function = "";

    @Option(
            names = {"-e", "--event"},
            paramLabel = "FILE",
            description = {
                "The event. The ids …0a, …a1, …0b, …b1 of the files in events/ become those of this run's two customers.",
                "Default: the input of the function's schedule."
            })
    private @Nullable Path event;

    @Option(
            names = "--kill-after",
            paramLabel = "TIME",
            converter = Millis.class,
            description = {
                "Kill the process (SIGKILL) so long after it was given the event, for example 120ms or 2s.",
                "Behind a running ./dev up the next run finds what this one left."
            })
    private @Nullable Duration killAfter;

    @Mixin
    private final Terminal terminal = new Terminal();

    private final Workspace workspace;

    Invoke() {
        this(Workspace.current());
    }

    Invoke(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public Integer call() {
        PrintWriter out = terminal.out();
        PrintWriter err = terminal.err();
        try {
            return run(InstantSource.system(), out, err);
        } catch (TemplateException | IOException e) {
            err.println(Objects.requireNonNullElse(e.getMessage(), "cannot be run"));
            err.flush();
            return 1;
        }
    }

    private int run(InstantSource clock, PrintWriter out, PrintWriter err) throws TemplateException, IOException {
        Template template = Template.read(workspace.template());
        Optional<StackFile.Running> up = StackFile.running(workspace.stackFile());
        Queue<String> logs = new ConcurrentLinkedQueue<>();
        Invocation invocation;
        if (up.isPresent()) {
            Surroundings surroundings = up.get().surroundings();
            Deployment deployment = surroundings.deployment(template);
            FunctionResource resource = named(deployment.functions(surroundings.references(deployment)));
            String input = input(resource, up.get().ids());
            try (LambdaFunction started = LambdaFunction.start(
                    RunningStack.localSettings(resource, workspace),
                    RunningStack.identity(surroundings, resource.logicalId()),
                    RuntimeClient.find(workspace.local()),
                    (name, line) -> logs.add(line),
                    clock)) {
                invocation = through(started, input);
            }
        } else {
            try (RunningStack stack = RunningStack.startWith(
                    this::isMeant, template, Addresses.free(), workspace, clock, (name, line) -> logs.add(line))) {
                FunctionResource resource = named(stack.functions());
                String input = input(resource, DemoIds.of(stack.turnkey().demo()));
                invocation = through(stack.function(resource.logicalId()), input);
            }
        }
        out.println(invocation.outcome().payload());
        out.flush();
        logs.forEach(line -> err.println("| " + line));
        err.println("behind it: " + (up.isPresent() ? "the running ./dev up" : "stand-ins of its own, gone by now"));
        err.println(times(invocation));
        err.flush();
        if (killAfter == null) {
            return invocation.outcome() instanceof Outcome.Answered ? 0 : 1;
        }
        if (invocation.outcome() instanceof Outcome.Crashed) {
            return 0;
        }
        err.println("it had ended before it was to be killed");
        err.flush();
        return 1;
    }

    private Invocation through(LambdaFunction started, String input) {
        Duration time = killAfter;
        if (time == null) {
            return started.invoke(input).join();
        }
        started.ready().join();
        CompletableFuture<Invocation> invocation = started.invoke(input);
        try {
            return invocation
                    .copy()
                    .orTimeout(time.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException timeIsOver) {
            started.kill();
            return invocation.join();
        }
    }

    /** A time as people write it. */
    private static final class Millis implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s)");

        @Override
        public Duration convert(String value) {
            Matcher time = TIME.matcher(value);
            if (!time.matches()) {
                throw new TypeConversionException("not a time");
            }
            long number = Long.parseLong(time.group(1));
            return time.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
        }
    }

    private String input(FunctionResource resource, DemoIds ids) throws IOException {
        Path file = event;
        if (file != null) {
            if (!Files.isReadable(file)) {
                throw new IOException("the event cannot be read: there is no " + file);
            }
            return ids.in(Files.readString(file));
        }
        if (!resource.routes().isEmpty()) {
            throw new IOException(resource.logicalId() + " is called by routes: give an event with -e");
        }
        if (resource.schedules().isEmpty()) {
            throw new IOException(
                    resource.logicalId() + " has no schedule whose input could be its event: give one with -e");
        }
        return resource.schedules().getFirst().input();
    }

    private FunctionResource named(List<FunctionResource> functions) throws IOException {
        List<FunctionResource> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (FunctionResource resource : functions) {
            names.add(resource.logicalId());
            if (isMeant(resource)) {
                found.add(resource);
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new IOException((found.isEmpty() ? "no function" : "more than one function")
                + " of template.yaml is called so: " + String.join(", ", names));
    }

    private boolean isMeant(FunctionResource resource) {
        return resource.logicalId().equals(function) || resource.handlerClass().equals(function);
    }

    private static String times(Invocation invocation) {
        String init = invocation
                .initDuration()
                .map(Duration::toMillis)
                .map(millis -> ", init " + millis + " ms")
                .orElse("");
        return "request " + invocation.requestId() + ": "
                + invocation.duration().toMillis() + " ms" + init;
    }
}
