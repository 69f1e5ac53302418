package finance.votis.sessions.runner.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes on Lambda's real runtime client. Tests that leave their process alive share one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LambdaFunctionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FunctionSettings.Account ACCOUNT =
            new FunctionSettings.Account("eu-central-1", "123456789012", "AKIDLOCAL", "made up");

    private static final String HANDLER = "finance.votis.sessions.runner.lambda.SampleFunction::handle";

    private final Path folder;
    private final LambdaFunction shared;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    /** A line for each time that a process said that it is in the middle. */
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final List<LambdaFunction> started = new ArrayList<>();

    LambdaFunctionIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.shared = start(Map.of());
    }

    @AfterAll
    void closeAll() {
        started.forEach(LambdaFunction::close);
    }

    @Test
    void answersEventAfterEventInOneProcess() throws Exception {
        LambdaFunction function = start(Map.of());

        Invocation first = function.invoke("{\"a\":\"ä\"}").get();
        Invocation second = function.invoke("{}").get();

        JsonNode one = answer(first);
        assertThat(one.at("/event/a").asText()).isEqualTo("ä");
        assertThat(one.at("/requestId").asText()).isEqualTo(first.requestId());
        assertThat(one.at("/arn").asText()).isEqualTo("arn:aws:lambda:eu-central-1:123456789012:function:Sample");
        assertThat(one.at("/remaining").asInt()).isBetween(1, 5_000);
        assertThat(one.at("/heapMegabytes").asInt()).isBetween(400, 440); // 85 % of 512, less what Serial keeps
        assertThat(answer(second).at("/invocations").asInt()).isEqualTo(2);
        assertThat(answer(second).at("/pid")).isEqualTo(one.at("/pid"));
        assertThat(first.initDuration()).isPresent();
        assertThat(second.initDuration()).isEmpty();
    }

    @Test
    void anExceptionIsToldAndTheProcessGoesOn() throws Exception {
        Outcome failed = shared.invoke("{\"do\":\"throw\"}").get().outcome();
        Outcome next = shared.invoke("{}").get().outcome();

        assertThat(failed).isInstanceOfSatisfying(Outcome.Failed.class, told -> {
            assertThat(told.payload()).contains("IllegalArgumentException", "as asked");
        });
        assertThat(next).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aCrashIsToldAndTheNextEventGetsANewProcess() throws Exception {
        LambdaFunction function = start(Map.of());

        assertThat(function.invoke("{\"do\":\"exit\"}").get().outcome()).isEqualTo(new Outcome.Crashed(7));
        Invocation next = function.invoke("{}").get();

        assertThat(answer(next).at("/invocations").asInt()).isEqualTo(1);
        assertThat(next.initDuration()).isPresent();
    }

    @Test
    void killedInTheMiddleTheInvocationEndsAndTheNextEventGetsANewProcess() throws Exception {
        LambdaFunction function = start(Map.of());
        long pid = answer(function.invoke("{}").get()).at("/pid").asLong();
        CompletableFuture<Invocation> hanging = function.invoke("{\"do\":\"tell and hang\"}");
        told.take();

        assertThat(function.kill()).isTrue();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        Outcome killed = hanging.get().outcome();
        Invocation next = function.invoke("{}").get();

        assertThat(killed).isEqualTo(new Outcome.Crashed(137));
        assertThat(killed.payload()).contains("Runtime.ExitError", "signal: killed");
        assertThat(answer(next).at("/invocations").asInt()).isEqualTo(1);
        assertThat(next.initDuration()).isPresent();
    }

    @Test
    void whatIsCancelledInLineIsNotRun() throws Exception {
        LambdaFunction function = start(Map.of());
        CompletableFuture<Invocation> hanging = function.invoke("{\"do\":\"tell and hang\"}");
        told.take();
        assertThat(function.invoke("{}").cancel(false)).isTrue();

        assertThat(function.kill()).isTrue();
        hanging.get();

        assertThat(answer(function.invoke("{}").get()).at("/invocations").asInt())
                .isEqualTo(1);
    }

    @Test
    void killedBetweenEventsNoInvocationIsLost() throws Exception {
        LambdaFunction function = start(Map.of());
        long pid = answer(function.invoke("{}").get()).at("/pid").asLong();

        assertThat(function.kill()).isTrue();
        assertThat(function.kill()).isFalse();

        assertThat(answer(function.invoke("{}").get()).at("/pid").asLong()).isNotEqualTo(pid);
    }

    @Test
    void killedBeforeItIsReadyTheInitHasFailed() throws Exception {
        LambdaFunction function = start(Map.of("HANG_INIT", "yes"));
        told.take();

        assertThat(function.kill()).isTrue();

        assertThat(function.ready().get())
                .hasValueSatisfying(failed -> assertThat(failed.payload()).contains("signal: killed"));
    }

    @Test
    void aTimeoutKillsTheProcess() throws Exception {
        LambdaFunction function = start(Map.of());
        long pid = answer(function.invoke("{}").get()).at("/pid").asLong();

        Outcome late = function.invoke("{\"do\":\"hang\"}").get().outcome();

        assertThat(late).isEqualTo(new Outcome.TimedOut(Duration.ofSeconds(5)));
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(answer(function.invoke("{}").get()).at("/pid").asLong()).isNotEqualTo(pid);
    }

    @Test
    void anAnswerOverSixMegabytesIsAnError() throws Exception {
        Outcome outcome = shared.invoke("{\"do\":\"big\"}").get().outcome();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        told -> assertThat(told.errorType()).isEqualTo("Function.ResponseSizeTooLarge"));
    }

    @Test
    void anInitErrorIsToldWithItsReasonAndTriedAgainWithTheNextEvent() throws Exception {
        LambdaFunction function = start(Map.of("FAIL_INIT", "yes"));

        assertThat(function.ready().get())
                .hasValueSatisfying(failed -> assertThat(failed.payload()).contains("told to fail"));
        assertThat(function.invoke("{}").get().outcome()).isInstanceOf(Outcome.InitFailed.class);
        assertThat(lines).anyMatch(line -> line.contains("told to fail"));
    }

    @Test
    void fromASnapshotTheHooksRunInOrderAndCredentialsAreAskedFor() throws Exception {
        LambdaFunction function = start(Start.SNAPSHOT, Map.of());

        answer(function.invoke("{\"do\":\"print\"}").get());
        JsonNode environment =
                answer(function.invoke("{\"do\":\"environment\"}").get());
        function.close();

        assertThat(lines).containsSubsequence("before the snapshot", "after the snapshot", "one", "two", "three");
        assertThat(environment.at("/AWS_LAMBDA_INITIALIZATION_TYPE").asText()).isEqualTo("snap-start");
        assertThat(environment.has("AWS_CONTAINER_CREDENTIALS_FULL_URI")).isTrue();
        assertThat(environment.has("AWS_ACCESS_KEY_ID")).isFalse();
        assertThat(environment.has("AWS_SECRET_ACCESS_KEY")).isFalse();
    }

    @Test
    void onDemandNoHookRuns() throws Exception {
        LambdaFunction function = start(Map.of());
        int before = lines.size();
        answer(function.invoke("{}").get());
        function.close();

        assertThat(lines.subList(before, lines.size())).noneMatch(line -> line.contains("the snapshot"));
    }

    @ParameterizedTest
    @CsvSource({"FAIL_SNAPSHOT, told to fail before", "FAIL_RESTORE, told to fail after"})
    void aHookThatFailsFailsTheInit(String variable, String message) throws Exception {
        LambdaFunction function = start(Start.SNAPSHOT, Map.of(variable, "yes"));

        assertThat(function.ready().get()).isPresent();
        assertThat(function.invoke("{}").get().outcome()).isInstanceOf(Outcome.InitFailed.class);
        assertThat(lines).anyMatch(line -> line.contains(message));
    }

    @Test
    void aHandlerThatDoesNotExistIsTold() throws Exception {
        LambdaFunction function = start("finance.votis.sessions.runner.lambda.NoSuch::handle", Map.of());

        Outcome outcome = function.invoke("{}").get().outcome();

        assertThat(outcome).isNotInstanceOf(Outcome.Answered.class);
        assertThat(outcome.payload()).contains("NoSuch");
    }

    /** As on a system that the client has no native library for. */
    @Test
    void theClientWithoutNativeCodeDoesTheSame() throws Exception {
        LambdaFunction function = start(RuntimeClient.portable(folder), HANDLER, Map.of());

        Invocation first = function.invoke("{\"a\":\"ä\"}").get();
        Outcome failed = function.invoke("{\"do\":\"throw\"}").get().outcome();
        Outcome big = function.invoke("{\"do\":\"big\"}").get().outcome();
        Invocation last = function.invoke("{}").get();

        assertThat(answer(first).at("/event/a").asText()).isEqualTo("ä");
        assertThat(answer(first).at("/requestId").asText()).isEqualTo(first.requestId());
        assertThat(answer(first).at("/remaining").asInt()).isBetween(1, 5_000);
        assertThat(failed.payload()).contains("as asked");
        assertThat(big.payload()).contains("Function.ResponseSizeTooLarge");
        assertThat(answer(last).at("/invocations").asInt()).isEqualTo(4);
        function.close();
        assertThat(lines).noneMatch(line -> line.contains("UnsatisfiedLinkError"));
    }

    @Test
    void eventsWaitInLine() throws Exception {
        int before = answer(shared.invoke("{}").get()).at("/invocations").asInt();

        List<CompletableFuture<Invocation>> invocations = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            invocations.add(shared.invoke("{}"));
        }

        for (int i = 0; i < 5; i++) {
            assertThat(answer(invocations.get(i).get()).at("/invocations").asInt())
                    .isEqualTo(before + i + 1);
        }
    }

    @Test
    void allThatWasPrintedIsInTheSinkOnceTheFunctionIsClosed() throws Exception {
        LambdaFunction function = start(Map.of());
        function.invoke("{\"do\":\"print\"}").get();

        function.close();

        assertThat(String.join("\n", lines)).contains("one", "two", "three");
    }

    @Test
    void closingKillsTheProcessAndCancelsWhatWaits() throws Exception {
        LambdaFunction function = start(Map.of());
        long pid = answer(function.invoke("{}").get()).at("/pid").asLong();
        CompletableFuture<Invocation> hanging = function.invoke("{\"do\":\"hang\"}");
        CompletableFuture<Invocation> waiting = function.invoke("{}");

        function.close();

        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(hanging).isCancelled();
        assertThat(waiting).isCancelled();
        assertThat(function.invoke("{}")).isCancelled();
    }

    private LambdaFunction start(Map<String, String> environment) throws IOException {
        return start(HANDLER, environment);
    }

    private LambdaFunction start(String handler, Map<String, String> environment) throws IOException {
        return start(RuntimeClient.find(folder), handler, environment);
    }

    private LambdaFunction start(Start start, Map<String, String> environment) throws IOException {
        return start(start, RuntimeClient.find(folder), HANDLER, environment);
    }

    private LambdaFunction start(RuntimeClient client, String handler, Map<String, String> environment) {
        return start(Start.ON_DEMAND, client, handler, environment);
    }

    private LambdaFunction start(Start start, RuntimeClient client, String handler, Map<String, String> environment) {
        FunctionSettings settings = new FunctionSettings(
                "Sample", handler, testClasses(), environment, Duration.ofSeconds(5), 512, "Text", start);
        LambdaFunction function =
                LambdaFunction.start(settings, ACCOUNT, client, (name, line) -> take(line), InstantSource.system());
        started.add(function);
        return function;
    }

    private void take(String line) {
        lines.add(line);
        if (line.equals("in the middle")) {
            told.add(line);
        }
    }

    /** Lambda's class loader takes loose classes from the working directory. */
    private static Path testClasses() {
        return Path.of("target", "test-classes").toAbsolutePath();
    }

    private static JsonNode answer(Invocation invocation) throws IOException {
        assertThat(invocation.outcome()).isInstanceOf(Outcome.Answered.class);
        return JSON.readTree(invocation.outcome().payload());
    }
}
