package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.ApiReply;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Metric;
import finance.votis.sessions.runtime.SessionOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Serves one call of a route: whatever happens inside becomes an answer and one log line, and nothing is thrown. */
public final class Route {

    /** What a room does with a call. */
    @FunctionalInterface
    public interface Handler {
        HttpResult handle(ApiCall call) throws RefusedAtTheDoor;
    }

    /** In place of a route's key, from the template's schedule: goes no further. No caller can send it, since the gateway writes the key. */
    private static final String STAY_ALIVE = "stay alive";

    /** A timeout comes after seconds already; throttling is counted by the second. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private static final String JSON = "application/json";

    private Route() {}

    public static ApiReply serve(ApiCall call, Invocation invocation, Handler handler) {
        if (call.routeKey().equals(STAY_ALIVE)) {
            return stayAlive(invocation);
        }
        ApiReply reply = switch (resultOf(call, invocation, handler)) {
            case HttpResult.Created(SessionOutcome outcome, ObjectNode body) -> {
                invocation.outcome(outcome);
                yield reply(201, JSON, body, invocation);
            }
            case HttpResult.Shown(SessionOutcome outcome, ObjectNode body) -> {
                invocation.outcome(outcome);
                yield reply(200, JSON, body, invocation);
            }
            case HttpResult.Done(SessionOutcome outcome) -> {
                invocation.outcome(outcome);
                yield new ApiReply(204, headers(invocation), Optional.empty());
            }
            case HttpResult.Passed passed -> {
                invocation.outcome(passed.outcome());
                yield new ApiReply(passed.status(), headers(invocation), Optional.of(passed.body()))
                        .with("Content-Type", passed.contentType())
                        .with("Retry-After", seconds(passed.retryAfter()));
            }
            case HttpResult.Refused(Problem problem) -> {
                note(invocation, problem);
                yield reply(
                                problem.type().status(),
                                "application/problem+json",
                                problem.document(invocation.requestId()),
                                invocation)
                        .with("Retry-After", seconds(problem.retryAfter()));
            }
        };
        invocation.note(LogField.STATUS, Integer.toString(reply.status()));
        invocation.end();
        return reply;
    }

    /** About no session, so it is not counted as one that was refused. */
    private static ApiReply stayAlive(Invocation invocation) {
        ApiReply reply = new ApiReply(204, headers(invocation), Optional.empty());
        invocation.event("stay-alive");
        invocation.note(LogField.STATUS, Integer.toString(reply.status()));
        invocation.end();
        return reply;
    }

    // Even an Error: thrown on, it would reach the caller as the gateway's bare 500, and the log with its message.
    private static HttpResult resultOf(ApiCall call, Invocation invocation, Handler handler) {
        try {
            return handler.handle(call);
        } catch (RefusedAtTheDoor refused) {
            return new HttpResult.Refused(refused.problem());
        } catch (Throwable thrown) {
            invocation.note(thrown);
            if (thrown instanceof ExplainedException explained && explained.isTransient()) {
                return new HttpResult.Refused(
                        Problem.of(ProblemType.BACKEND_BUSY, "a service that we need did not answer in time")
                                .withRetryAfter(BUSY));
            }
            return new HttpResult.Refused(Problem.of(
                    ProblemType.INTERNAL_ERROR, "the request could not be served; support finds it by its instance"));
        }
    }

    private static void note(Invocation invocation, Problem problem) {
        invocation.outcome(SessionOutcome.REFUSED);
        invocation.note(LogField.PROBLEM, problem.type().slug());
        if (problem.type().status() >= 500) {
            invocation.error();
        }
        // A customer can bring about what has an alarm of its own: counted here too, it would stop every deployment.
        if (isOurMistake(problem.type()) && !invocation.isAlarm()) {
            invocation.measure(Metric.FAULTS, 1);
        }
    }

    /** What Turnkey refuses, or does not serve at the moment, says nothing about a new version of ours; what we cannot read does. */
    private static boolean isOurMistake(ProblemType type) {
        return type == ProblemType.INTERNAL_ERROR || type == ProblemType.TURNKEY_UNREADABLE;
    }

    private static Optional<String> seconds(Optional<Duration> wait) {
        return wait.map(time -> Long.toString(Math.max(1, time.plusMillis(999).toSeconds())));
    }

    private static ApiReply reply(int status, String contentType, ObjectNode body, Invocation invocation) {
        return new ApiReply(status, headers(invocation), Optional.of(Json.text(body)))
                .with("Content-Type", contentType);
    }

    private static Map<String, String> headers(Invocation invocation) {
        return Map.of("Cache-Control", "no-store", "X-Request-Id", invocation.requestId());
    }
}
