package finance.votis.sessions.runner.crash;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.AdminJob;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.outsiders.Leaks;
import finance.votis.sessions.runner.outsiders.TurnkeyApi;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.AwsAccount.SecretVersion;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A stack with the session's function, on loopback and free ports, and all that can be done to it and seen of it from outside. It is
 * good for some rounds, since Secrets Manager takes about a hundred versions a day. One thread, but for what functions print.
 */
final class Bench implements AutoCloseable {
    private static final String HANDLER = "ServerSessionFunction";
    private static final int SCALAR = 32;

    /** Versions of a secret; the worst round writes fewer than are left to a hundred. */
    private static final int FULL = 70;

    private final InstantSource clock;
    private final RunningStack stack;
    private final FunctionResource resource;
    private final LambdaFunction function;
    private final DemoWorld world;
    private final Wire wire = new Wire();
    private final Leaks leaks = new Leaks();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    /** All that came out of the functions: lines and answers. */
    private final Queue<String> output;

    private int searched;
    private int accessKeysKnown;
    private Duration coldRun = Duration.ZERO;
    private Duration warmRun = Duration.ZERO;

    private Bench(RunningStack stack, FunctionResource resource, Queue<String> output, InstantSource clock) {
        this.stack = stack;
        this.resource = resource;
        this.output = output;
        this.clock = clock;
        this.function = stack.function(resource.logicalId());
        this.world = stack.turnkey().demo();
        leaks.addHex("the parent's root key", world.rootKey().dangerouslyPrivateKeyHex());
        stack.dangerouslyCompanyKeys().forEach((name, scalar) -> leaks.add("the stamping key " + name, scalar));
    }

    /**
     * Starts it, with a session that is current, and measures a whole run that makes one, in a new process and in a warm one.
     *
     * @throws DidNotHold if these two runs do not end well
     */
    static Bench start(Template template, Workspace workspace, InstantSource clock)
            throws TemplateException, IOException, DidNotHold, InterruptedException {
        Queue<String> output = new ConcurrentLinkedQueue<>();
        RunningStack stack = RunningStack.startWith(
                resource -> resource.handlerClass().equals(HANDLER),
                template,
                Addresses.free(),
                workspace,
                clock,
                (function, line) -> output.add(line));
        try {
            FunctionResource resource = stack.functions().stream()
                    .filter(any -> any.handlerClass().equals(HANDLER))
                    .findFirst()
                    .orElseThrow(() -> new IOException("template.yaml has no function of the class " + HANDLER));
            Bench bench = new Bench(stack, resource, output, clock);
            bench.measure();
            return bench;
        } catch (IOException | DidNotHold | InterruptedException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private void measure() throws DidNotHold, InterruptedException {
        wholeRun();
        evict();
        Instant begin = clock.instant();
        wholeRun();
        warmRun = Duration.between(begin, clock.instant());
    }

    boolean isFull() {
        return texts.size() >= FULL;
    }

    /** A renewal in a new process, its start included. */
    Duration coldRun() {
        return coldRun;
    }

    /** A renewal in a process that has made one before. */
    Duration warmRun() {
        return warmRun;
    }

    /** As Turnkey or somebody else throws out the current session's key, so that the next run has to make another. */
    void evict() {
        Stores stores = look();
        stack.turnkey().world().apiKeys(world.adminUserId()).stream()
                .filter(key ->
                        key.publicKey().compressedHex().equals(stores.current().publicKey()))
                .map(ApiKey::id)
                .forEach(stack.turnkey().world()::removeApiKey);
    }

    /** Runs it and kills it after this time, counted from the call, even if it has answered by then. */
    Outcome runAndKill(Duration after) throws InterruptedException {
        CompletableFuture<Invocation> run = function.invoke(event());
        try {
            run.get(after.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException now) {
            // The time is over: that is the moment.
        } catch (ExecutionException e) {
            throw new IllegalStateException("an invocation completes with an outcome", e);
        }
        while (!function.kill() && !run.isDone()) {
            Thread.onSpinWait(); // until the process that was just asked for is there
        }
        return outcome(run);
    }

    /**
     * Runs it to its end.
     *
     * @return the status
     */
    String wholeRun() throws DidNotHold, InterruptedException {
        CompletableFuture<Invocation> run = function.invoke(event());
        String status = status(outcome(run));
        Invocation whole = run.join();
        whole.initDuration().ifPresent(init -> coldRun = init.plus(whole.duration()));
        return status;
    }

    /** Some more processes of the function, started at once; returns when all are ready. The caller closes them. */
    List<LambdaFunction> startEnvironments(int number) throws IOException {
        List<LambdaFunction> started = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            started.add(stack.startEnvironment(resource));
        }
        started.forEach(environment -> environment.ready().join());
        return started;
    }

    /** One run in each of them at once. */
    List<Outcome> runAtOnce(List<LambdaFunction> environments) throws InterruptedException {
        List<CompletableFuture<Invocation>> runs = new ArrayList<>();
        for (LambdaFunction environment : environments) {
            runs.add(environment.invoke(event()));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (CompletableFuture<Invocation> run : runs) {
            outcomes.add(outcome(run));
        }
        return outcomes;
    }

    private String event() {
        return resource.schedules().getFirst().input();
    }

    private Outcome outcome(CompletableFuture<Invocation> run) throws InterruptedException {
        try {
            Outcome outcome = run.get().outcome();
            output.add(outcome.payload());
            return outcome;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an invocation completes with an outcome", e);
        }
    }

    /** Of a run that ended with a usable session. */
    static String status(Outcome outcome) throws DidNotHold {
        JsonNode payload = Wire.json(outcome.payload());
        if (!(outcome instanceof Outcome.Answered)) {
            throw new DidNotHold("a run failed: " + payload.path("errorMessage").asText());
        }
        String status = payload.path("status").asText();
        if (!Set.of("created", "recovered", "reused").contains(status)) {
            throw new DidNotHold("a run answered the status " + status);
        }
        return status;
    }

    Stores look() {
        Map<String, Stores.Version> stages = new LinkedHashMap<>();
        for (SecretVersion version : stack.account().secretVersions(secretArn())) {
            String text = texts.computeIfAbsent(version.id(), this::readAndLearn);
            version.stages().forEach(stage -> stages.put(stage, said(version.id(), text)));
        }
        Instant now = clock.instant();
        Set<String> live = new TreeSet<>();
        for (ApiKey key : stack.turnkey().world().apiKeys(world.adminUserId())) {
            if (key.lifetime()
                    .filter(life -> key.createdAt().plus(life).isAfter(now))
                    .isPresent()) {
                live.add(key.publicKey().compressedHex());
            }
        }
        Stores.Version current = stages.get("AWSCURRENT");
        if (current == null) {
            throw new IllegalStateException("every secret with a value has a current version");
        }
        return new Stores(
                current,
                Optional.ofNullable(stages.get("AWSPENDING")),
                Optional.ofNullable(stages.get("AWSPREVIOUS")),
                live);
    }

    /** The text of a version; the key that it wraps is looked for from now on, and here. */
    private String readAndLearn(String id) {
        String text = stack.account().secretVersion(secretArn(), id);
        output.add(text);
        Stores.Version version = said(id, text);
        if (!version.state().equals("none")) {
            try {
                // An attempt is for the function alone to unwrap.
                byte[] packed = stack.accountOf(resource.logicalId())
                        .decrypt(
                                setting("WRAPPING_KEY"),
                                Base64.getDecoder()
                                        .decode(Wire.json(text).path("wrapped").asText()),
                                Map.of(
                                        "app",
                                        "votis-sessions",
                                        "purpose",
                                        version.state(),
                                        "organization",
                                        world.parentId(),
                                        "session",
                                        setting("SERVER_SESSION"),
                                        "publicKey",
                                        version.publicKey()));
                leaks.add("the key in version " + id, Arrays.copyOf(packed, SCALAR));
            } catch (SdkException | IllegalArgumentException | DidNotHold e) {
                faults.add("KMS does not unwrap version " + id + ": "
                        + e.getClass().getSimpleName());
            }
        }
        return text;
    }

    private static Stores.Version said(String id, String text) {
        try {
            JsonNode json = Wire.json(text);
            return new Stores.Version(
                    id, json.path("state").asText(), json.path("publicKey").asText());
        } catch (DidNotHold e) {
            return new Stores.Version(id, "not JSON", "");
        }
    }

    /** How many activities of the function have deleted keys at Turnkey so far. */
    long deletions() {
        return stack.turnkey().world().activities(world.parentId(), "ACTIVITY_TYPE_DELETE_API_KEYS");
    }

    /** What does not hold of what must hold when a whole run has ended, a sentence each. */
    List<String> broken() {
        List<String> broken = new ArrayList<>(look().broken());
        broken.addAll(faults);
        faults.clear();
        try {
            whoamiAsAJob();
        } catch (DidNotHold e) {
            broken.add("an admin job cannot use the session: " + e.getMessage());
        }
        broken.addAll(leaked());
        return broken;
    }

    private void whoamiAsAJob() throws DidNotHold {
        AdminJob job = new AdminJob(
                stack.accountOf(resource.logicalId().replace("SessionFunction", "Job")),
                secretArn(),
                setting("WRAPPING_KEY"),
                world.parentId(),
                (name, secret) -> {});
        try (LocalStamper session = job.unwrap(job.read())) {
            Wire.Answer who = new TurnkeyApi(wire, stack.turnkeyUrl())
                    .whoami(session, world.parentId())
                    .expect(200);
            who.expectText("organizationId", world.parentId());
            who.expectText("userId", world.adminUserId());
        }
    }

    /** Which of the secrets that are known so far is in what came out since the last look, by name and form. */
    private List<String> leaked() {
        List<String> accessKeys = stack.dangerouslyFunctionSecretKeys();
        for (; accessKeysKnown < accessKeys.size(); accessKeysKnown++) {
            leaks.addText("a function's secret access key", accessKeys.get(accessKeysKnown));
        }
        List<String> all = List.copyOf(output);
        List<String> found = leaks.in(String.join("\n", all.subList(searched, all.size())));
        searched = all.size();
        return found.stream().map(name -> "leaked: " + name).toList();
    }

    /** All that came out of the functions so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    /** Ends all processes; the leaks that only then can be seen. */
    List<String> end() {
        stack.close();
        wire.close();
        return leaked();
    }

    @Override
    public void close() {
        end();
    }

    private String secretArn() {
        return setting("SERVER_SESSION_SECRET");
    }

    private String setting(String name) {
        return Optional.ofNullable(resource.environment().get(name))
                .orElseThrow(() -> new IllegalStateException("the function has no setting " + name));
    }
}
