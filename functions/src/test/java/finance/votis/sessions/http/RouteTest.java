package finance.votis.sessions.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.ApiReply;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.TestContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTest {

    private static final ApiCall CALL =
            new ApiCall("", Map.of(), Map.of(), Map.of(), Optional.empty(), false, Map.of(), "request-1");

    private final List<String> log = new ArrayList<>();
    private final Platform platform = new Platform(
            () -> Instant.parse("2026-11-23T21:00:00Z"), () -> 0, pause -> {}, SecureRandom::new, log::add);

    static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException("the private key is 4711", new RuntimeException("4711")),
                new AssertionError("4711"),
                new StackOverflowError("4711"),
                new NoClassDefFoundError("4711"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void whateverIsThrownIsA500AndALineWithClassNamesAlone(Throwable thrown) {
        ApiReply reply = serve(call -> sneak(thrown));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(Scene.json(reply.body().orElseThrow()).get("type").textValue())
                .isEqualTo("urn:votis:sessions:problem:internal-error");
        assertThat(reply.body().orElseThrow()).contains("request-1").doesNotContain("4711");
        assertThat(log).hasSize(1);
        ObjectNode line = Scene.json(log.getFirst());
        assertThat(line.get("level").textValue()).isEqualTo("ERROR");
        assertThat(line.get("exception").textValue())
                .startsWith(thrown.getClass().getName())
                .doesNotContain("4711");
    }

    @Test
    void aMessageOfOursIsLoggedAndNotAnswered() {
        ApiReply reply = serve(call -> {
            throw new ExplainedException("the secret x cannot be used");
        });

        assertThat(reply.body().orElseThrow()).doesNotContain("secret x");
        assertThat(Scene.json(log.getFirst()).get("exception").textValue()).contains("the secret x cannot be used");
    }

    /** An alarm counts them, and a gradual deployment stops on it: so of each is told which version it is of. */
    @ParameterizedTest
    @EnumSource
    void whatIsOurOwnMistakeIsCountedByTheFunctionsVersion(ProblemType type) {
        serve(call -> new HttpResult.Refused(Problem.of(type, "x")));

        ObjectNode line = Scene.json(log.getFirst());
        assertThat(line.get("functionVersion").textValue()).isEqualTo(TestContext.VERSION);
        boolean isOurs = switch (type) {
            case INTERNAL_ERROR, TURNKEY_UNREADABLE -> true;
            default -> false;
        };
        assertThat(line.path("Faults").asLong()).isEqualTo(isOurs ? 1 : 0);
        assertThat(line.get("_aws").toString().contains("[[\"function\",\"functionVersion\"]]"))
                .isEqualTo(isOurs);
    }

    /** A customer can bring it about, and no customer may stop a deployment. */
    @ParameterizedTest
    @EnumSource(names = {"INTERNAL_ERROR", "TURNKEY_UNREADABLE"})
    void whatHasAnAlarmOfItsOwnIsNotCountedAsAMistakeToo(ProblemType type) {
        Invocation invocation = invocation();

        Route.serve(CALL, invocation, call -> {
            invocation.alarm("foreign-organisation");
            return new HttpResult.Refused(Problem.of(type, "x"));
        });

        ObjectNode line = Scene.json(log.getFirst());
        assertThat(line.get("Alarms").asLong()).isEqualTo(1);
        assertThat(line.has("Faults")).isFalse();
        assertThat(line.get("_aws").toString()).doesNotContain("Faults");
    }

    /** The template's schedule sends it, so that Lambda keeps the function's snapshot. */
    @Test
    void anEventThatKeepsTheFunctionAliveGoesNoFurtherAndCountsAsNoRequest() {
        ApiReply reply = Route.serve(
                new ApiCall("stay alive", Map.of(), Map.of(), Map.of(), Optional.empty(), false, Map.of(), "request-1"),
                invocation(),
                call -> {
                    throw new AssertionError("served");
                });

        assertThat(reply.status()).isEqualTo(204);
        ObjectNode line = Scene.json(log.getFirst());
        assertThat(line.get("event").textValue()).isEqualTo("stay-alive");
        assertThat(line.get("level").textValue()).isEqualTo("INFO");
        assertThat(line.has("outcome")).isFalse();
        assertThat(line.has("_aws")).isFalse();
    }

    @Test
    void anAnswerThatHoldsATokenPrintsNothingOfIt() {
        var created =
                new HttpResult.Created(SessionOutcome.CREATED, Json.newObject().put("session", "4711"));

        assertThat(created.toString()).doesNotContain("4711");
        assertThat(serve(call -> created).toString()).doesNotContain("4711");
        assertThat(new ApiCall(
                                "",
                                Map.of(),
                                Map.of(),
                                Map.of("authorization", "4711"),
                                Optional.of("4711"),
                                false,
                                Map.of(),
                                "id")
                        .toString())
                .doesNotContain("4711");
    }

    static Stream<HttpResult> results() {
        return Stream.of(
                new HttpResult.Created(SessionOutcome.CREATED, Json.newObject()),
                new HttpResult.Shown(SessionOutcome.LISTED, Json.newObject()),
                new HttpResult.Done(SessionOutcome.REVOKED),
                new HttpResult.Passed(SessionOutcome.RELAYED, 418, "text/tea", "{}", Optional.empty()),
                new HttpResult.Refused(Problem.of(ProblemType.TURNKEY_SLOW, "x")));
    }

    @ParameterizedTest
    @MethodSource("results")
    void everyAnswerIsKeptByNobodyAndHasTheRequestsIdAsItsLineHas(HttpResult result) {
        ApiReply reply = serve(call -> result);

        assertThat(reply.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Request-Id", "request-1");
        assertThat(Scene.json(log.getFirst()).get("requestId").textValue()).isEqualTo("request-1");
        assertThat(reply.headers().getOrDefault("Content-Type", ""))
                .isEqualTo(
                        switch (result) {
                            case HttpResult.Created _, HttpResult.Shown _ -> "application/json";
                            case HttpResult.Done _ -> "";
                            case HttpResult.Passed _ -> "text/tea";
                            case HttpResult.Refused _ -> "application/problem+json";
                        });
    }

    @Test
    void everyProblemTypeHasASlugOfItsOwnAndAnErrorStatus() {
        assertThat(ProblemType.values())
                .allSatisfy(type -> assertThat(type.status()).isBetween(400, 504))
                .allSatisfy(type -> assertThat(type.slug()).matches("[a-z]+(-[a-z]+)*"))
                .extracting(ProblemType::slug)
                .doesNotHaveDuplicates();
    }

    private ApiReply serve(Route.Handler handler) {
        return Route.serve(CALL, invocation(), handler);
    }

    private Invocation invocation() {
        return new Invocations(RouteTest.class, SessionKind.ANY, platform).begin(Scene.context(), "request-1");
    }

    @SuppressWarnings("unchecked") // the cast is what lets a checked Throwable through
    private static <T extends Throwable> HttpResult sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
