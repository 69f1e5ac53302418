package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.ApiReply;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.LogField;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Serves one call of a route: whatever happens inside becomes an answer and one log line, and nothing is thrown. */
public final class Route {

    /** What a room does with a call. */
    @FunctionalInterface
    public interface Handler {
        HttpResult handle(ApiCall call) throws RefusedAtTheDoor;
    }

    /** A timeout comes after seconds already; throttling is counted by the second. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private Route() {}

    public static ApiReply serve(ApiCall call, Invocation invocation, Handler handler) {
        ApiReply reply = switch (resultOf(call, invocation, handler)) {
            case HttpResult.Created created -> {
                invocation.note(LogField.OUTCOME, created.outcome());
                yield reply(201, "application/json", created.body(), Map.of());
            }
            case HttpResult.Refused(Problem problem) -> {
                note(invocation, problem);
                yield reply(
                        problem.type().status(),
                        "application/problem+json",
                        problem.document(invocation.requestId()),
                        retryAfter(problem));
            }
        };
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
        invocation.note(LogField.OUTCOME, "refused");
        invocation.note(LogField.PROBLEM, problem.type().slug());
        if (problem.type().status() >= 500) {
            invocation.error();
        }
    }

    private static Map<String, String> retryAfter(Problem problem) {
        return problem.retryAfter()
                .map(wait -> Map.of("Retry-After", Long.toString(wholeSeconds(wait))))
                .orElse(Map.of());
    }

    private static long wholeSeconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    private static ApiReply reply(int status, String contentType, ObjectNode body, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", "no-store");
        return new ApiReply(status, headers, Json.text(body));
    }
}
