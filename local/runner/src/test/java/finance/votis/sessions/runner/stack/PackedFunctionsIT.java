package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.contract.EventAnswers;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.EventFile;
import finance.votis.sessions.runner.lambda.FunctionSettings;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.lambda.RuntimeClient;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.turnkey.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every function of the template as it ships: the packed zip on Lambda's real runtime client, the stand-ins behind, every file of {@code
 * events/}. What is in a process when its snapshot is taken: {@code SnapshotIT}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackedFunctionsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int ROUNDS = 4;

    /** A run by schedule may take a minute, and a test shall not; so long it needs to make a session. */
    private static final int LONGEST = 20;

    private static final String KEEPER = "ServerSessionFunction";
    private static final String CANARY = "SessionCanaryFunction";

    /** AWS docs, "Defined runtime environment variables", those of a Java function, and the one of SAM's CLI. */
    private static final Set<String> OF_LAMBDA = Set.of(
            "AWS_DEFAULT_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_FORMAT",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_RUNTIME_API",
            "AWS_REGION",
            "AWS_SAM_LOCAL",
            "LAMBDA_TASK_ROOT",
            "LANG",
            "PATH",
            "TZ",
            "_HANDLER");

    private static final Set<String> ON_DEMAND = Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    private static final Set<String> FROM_SNAPSHOT =
            Set.of("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI");

    private final Map<String, String> page = EventAnswers.read();
    private final InstantSource clock = InstantSource.system();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<FunctionResource, Invocation> firsts = new LinkedHashMap<>();
    private final RuntimeClient client;
    private final RunningStack stack;

    PackedFunctionsIT(@TempDir Path folder) throws Exception {
        client = RuntimeClient.find(folder);
        String template = Pattern.compile("(?<=Timeout: )\\d+")
                .matcher(Checkout.template())
                .replaceAll(seconds -> Integer.toString(Math.min(LONGEST, Integer.parseInt(seconds.group()))));
        stack = RunningStack.start(
                Template.parse("template.yaml", template, Checkout.root()),
                Addresses.free(),
                Checkout.workspace(folder),
                clock,
                (function, line) -> lines.add(line));
    }

    @BeforeAll
    void callEachForTheFirstTime() throws Exception {
        assertThat(stack.ready().join()).isEmpty();
        Sender sender = Sender.joining(stack);
        // Others use what it keeps.
        firsts.put(keeper(), call(keeper(), EventFile.plain(keeper()), sender).join());
        for (FunctionResource function : stack.functions()) {
            if (!firsts.containsKey(function)) {
                firsts.put(
                        function,
                        call(function, EventFile.plain(function), sender).join());
            }
        }
    }

    @AfterAll
    void close() {
        stack.close();
    }

    Stream<Named<FunctionResource>> functions() {
        return stack.functions().stream().map(function -> Named.of(function.logicalId(), function));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void theFirstCallOfAProcessIsServed(FunctionResource function) throws Exception {
        Invocation first = Objects.requireNonNull(firsts.get(function));

        assertThat(first.initDuration()).isPresent();
        assertThat(summary(first.outcome()))
                .isEqualTo(page.get(EventFile.plain(function).name()));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void eachEventIsAnsweredAsItsPageSaysAgainAndAgainByOneProcess(FunctionResource function) throws Exception {
        List<EventFile> events = EventFile.of(function);
        assertThat(events).isNotEmpty();
        for (int round = 0; round < ROUNDS; round++) {
            Sender sender = Sender.joining(stack);
            for (EventFile event : events) {
                given(function, sender);
                Invocation invocation = call(function, event, sender).join();

                assertThat(summary(invocation.outcome()))
                        .as("%s in round %d", event, round)
                        .isEqualTo(page.get(event.name()));
                assertThat(invocation.initDuration()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the environment is read from /proc")
    void aProcessSeesTheTemplatesVariablesAndLambdasAndNoOther(FunctionResource function) throws Exception {
        Map<String, String> seen = environmentOf(function);
        Set<String> lambdas = new TreeSet<>(OF_LAMBDA);
        lambdas.addAll(function.hasSnapshot() ? FROM_SNAPSHOT : ON_DEMAND);

        // On this machine a snapshot is rehearsed once.
        assertThat(seen)
                .containsAllEntriesOf(stack.settings(function)
                        .with("SNAPSHOT_REHEARSALS", "1")
                        .environment());
        seen.keySet().removeAll(function.environment().keySet());
        assertThat(seen).containsOnlyKeys(lambdas);
        assertThat(seen)
                .containsEntry("_HANDLER", function.handler())
                .containsEntry("AWS_LAMBDA_FUNCTION_NAME", function.logicalId())
                .containsEntry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()))
                .containsEntry("AWS_LAMBDA_INITIALIZATION_TYPE", function.hasSnapshot() ? "snap-start" : "on-demand");
    }

    /** Variables that all functions have are not each for all: of these the test asks for one. */
    @Test
    void settingsThatCannotBeUsedFailTheInitWhichNamesEachAndNoValue() throws Exception {
        Set<String> shared =
                new TreeSet<>(stack.functions().getFirst().environment().keySet());
        stack.functions()
                .forEach(function -> shared.retainAll(function.environment().keySet()));
        String value = "not to be told";
        Map<FunctionResource, LambdaFunction> started = new LinkedHashMap<>();
        try {
            for (FunctionResource function : stack.functions()) {
                Map<String, String> unusable = new TreeMap<>(function.environment());
                unusable.replaceAll((name, right) -> name.equals("JAVA_TOOL_OPTIONS") ? right : value);
                started.put(function, start(function, unusable));
            }
            for (Map.Entry<FunctionResource, LambdaFunction> one : started.entrySet()) {
                FunctionResource function = one.getKey();
                Outcome.InitFailed failed =
                        one.getValue().ready().join().orElseThrow(() -> new AssertionError(function.logicalId()));
                JsonNode told = JSON.readTree(failed.payload());
                Set<String> own = new TreeSet<>(function.environment().keySet());
                own.removeAll(shared);
                own.add("TURNKEY_BASE_URL");

                assertThat(told.path("errorType").asText())
                        .isEqualTo("finance.votis.sessions.runtime.SettingsException");
                assertThat(told.path("errorMessage").asText())
                        .startsWith("Settings: ")
                        .contains(own);
                assertThat(failed.payload()).doesNotContain(value);
                // Tried again with the next event, as Lambda does.
                assertThat(one.getValue().invoke("{}").join().outcome()).isInstanceOf(Outcome.InitFailed.class);
            }
        } finally {
            started.values().forEach(LambdaFunction::close);
        }
        assertThat(lines).noneMatch(line -> line.contains(value));
        assertThat(stack.dangerouslyFunctionSecretKeys())
                .isNotEmpty()
                .noneMatch(secret -> lines.stream().anyMatch(line -> line.contains(secret)));
    }

    @Test
    void whereTurnkeyNeverAnswersAFunctionEndsByItselfAndItsProcessGoesOn() throws Exception {
        keepASession();
        Map<FunctionResource, Invocation> unanswered;
        stack.turnkey().faults().byChance(() -> Optional.of(Fault.silence()));
        try {
            unanswered = callAll();
        } finally {
            stack.turnkey().faults().clear();
        }

        for (Map.Entry<FunctionResource, Invocation> one : unanswered.entrySet()) {
            Outcome outcome = one.getValue().outcome();
            if (!one.getKey().routes().isEmpty()) {
                assertThat(summary(outcome)).isEqualTo("504 turnkey-slow");
            } else if (one.getKey().handlerClass().equals(KEEPER)) {
                // It has time left.
                assertThat(summary(outcome)).as(outcome.payload()).isEqualTo("reused");
            } else {
                assertThat(JSON.readTree(outcome.payload()).path("errorType").asText())
                        .as(outcome.payload())
                        .isEqualTo("finance.votis.sessions.runtime.ExplainedException");
            }
        }
        for (Map.Entry<FunctionResource, Invocation> next : callAll().entrySet()) {
            assertThat(next.getValue().initDuration()).isEmpty();
            assertServed(next.getKey(), next.getValue().outcome());
        }
    }

    @Test
    void killedInTheMiddleTheNextCallIsServedByANewProcess() throws Exception {
        keepASession();
        Sender sender = Sender.joining(stack);
        try {
            for (FunctionResource function : stack.functions()) {
                stack.turnkey().faults().byChance(() -> {
                    stack.function(function.logicalId()).kill();
                    return Optional.of(Fault.resetBeforeEffect());
                });
                Outcome outcome =
                        call(function, EventFile.plain(function), sender).join().outcome();

                assertThat(outcome).as(function.logicalId()).isEqualTo(new Outcome.Crashed(Outcome.KILLED));
            }
        } finally {
            stack.turnkey().faults().clear();
        }
        for (Map.Entry<FunctionResource, Invocation> next : callAll().entrySet()) {
            assertThat(next.getValue().initDuration()).isPresent();
            assertServed(next.getKey(), next.getValue().outcome());
        }
    }

    /** Each has hooks, whether the template takes a snapshot of it or not. What they leave in it: {@code SnapshotIT}. */
    @Test
    void fromASnapshotTheHooksBeforeAndAfterRunAndThenTheFirstEventIsServed() throws Exception {
        keepASession();
        int asked = stack.turnkey().requests().size();
        Instant ample = clock.instant().plus(Duration.ofMinutes(2));
        Map<FunctionResource, WaitingSnapshot> snapshots = new LinkedHashMap<>();
        try {
            Map<FunctionResource, CompletableFuture<Outcome>> answers = new LinkedHashMap<>();
            for (FunctionResource function : stack.functions()) {
                WaitingSnapshot snapshot = WaitingSnapshot.start(
                        client, stack.settings(function).with("SNAPSHOT_REHEARSALS", "1"), stack.identity(function));
                snapshots.put(function, snapshot);
                // It lies there from the beginning.
                answers.put(function, snapshot.invoke(scheduled(function), ample));
            }
            for (WaitingSnapshot snapshot : snapshots.values()) {
                assertThat(snapshot.api().checkpoint().join()).isEmpty();
                assertThat(snapshot.api().ready()).isNotDone();
            }
            assertThat(answers.values()).noneMatch(CompletableFuture::isDone);
            assertThat(stack.turnkey().requests()).hasSize(asked);

            snapshots.values().forEach(snapshot -> snapshot.api().restore());
            for (Map.Entry<FunctionResource, CompletableFuture<Outcome>> answer : answers.entrySet()) {
                Outcome outcome = answer.getValue().join();
                if (answer.getKey().routes().isEmpty()) {
                    assertServed(answer.getKey(), outcome);
                } else {
                    assertThat(summary(outcome)).isEqualTo("204");
                }
            }
        } finally {
            snapshots.values().forEach(WaitingSnapshot::close);
        }
    }

    private FunctionResource keeper() {
        return stack.functions().stream()
                .filter(function -> function.handlerClass().equals(KEEPER))
                .findFirst()
                .orElseThrow();
    }

    /** What the page of the events takes for granted, whatever came before. */
    private void given(FunctionResource function, Sender sender) throws Exception {
        sender.renewSessions();
        switch (function.handlerClass()) {
            case KEEPER ->
                stack.resetSecret(
                        stack.output(function.logicalId().replace("Function", "SecretArn")), "{\"state\":\"none\"}");
            case CANARY -> keepASession();
            default -> {
                // It needs no more than the caller's sessions.
            }
        }
    }

    private void keepASession() throws Exception {
        Invocation kept =
                stack.function(keeper().logicalId()).invoke(scheduled(keeper())).join();
        assertThat(summary(kept.outcome())).isIn("created", "reused");
    }

    /** What its schedule sends; to a route's function, that it may stay alive. */
    private static String scheduled(FunctionResource function) {
        return function.schedules().getFirst().input();
    }

    private CompletableFuture<Invocation> call(FunctionResource function, EventFile event, Sender sender)
            throws Exception {
        return stack.function(function.logicalId()).invoke(sender.event(event, clock.instant()));
    }

    /** All functions at once, each with the event that it serves. */
    private Map<FunctionResource, Invocation> callAll() throws Exception {
        Sender sender = Sender.joining(stack);
        Map<FunctionResource, CompletableFuture<Invocation>> calls = new LinkedHashMap<>();
        for (FunctionResource function : stack.functions()) {
            calls.put(function, call(function, EventFile.plain(function), sender));
        }
        Map<FunctionResource, Invocation> ended = new LinkedHashMap<>();
        calls.forEach((function, invocation) -> ended.put(function, invocation.join()));
        return ended;
    }

    private void assertServed(FunctionResource function, Outcome outcome) throws IOException {
        String said = page.get(EventFile.plain(function).name());
        // There is a session already.
        String expected = function.handlerClass().equals(KEEPER) ? "reused" : said;
        assertThat(summary(outcome)).as(function.logicalId()).isEqualTo(expected);
    }

    private LambdaFunction start(FunctionResource function, Map<String, String> environment) throws IOException {
        FunctionSettings settings = stack.settings(function).withEnvironment(environment);
        return LambdaFunction.start(settings, stack.identity(function), client, (name, line) -> lines.add(line), clock);
    }

    /** In the words of the page. */
    private static String summary(Outcome outcome) throws IOException {
        JsonNode payload = JSON.readTree(outcome.payload());
        if (!payload.has("statusCode")) {
            return payload.path(outcome instanceof Outcome.Answered ? "status" : "errorMessage")
                    .asText();
        }
        JsonNode body = JSON.readTree(payload.path("body").asText("{}"));
        String type = body.path("type").asText();
        return String.join(
                        " ",
                        payload.path("statusCode").asText(),
                        type.substring(type.lastIndexOf(':') + 1),
                        body.path("pointer").asText())
                .strip();
    }

    private static Map<String, String> environmentOf(FunctionResource function) throws IOException {
        List<Map<String, String>> found = new ArrayList<>();
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            Map<String, String> environment = new TreeMap<>();
            Arrays.stream(Files.readString(Path.of("/proc", Long.toString(child.pid()), "environ"))
                            .split("\0", -1))
                    .filter(entry -> !entry.isEmpty())
                    .map(entry -> entry.split("=", 2))
                    .forEach(entry -> environment.put(entry[0], entry[1]));
            if (function.logicalId().equals(environment.get("AWS_LAMBDA_FUNCTION_NAME"))) {
                found.add(environment);
            }
        }
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
