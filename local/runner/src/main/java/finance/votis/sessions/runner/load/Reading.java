package finance.votis.sessions.runner.load;

import finance.votis.sessions.runner.outsiders.NoAnswer;
import finance.votis.sessions.runner.outsiders.Wire;
import java.time.Duration;
import java.util.Optional;

/** What an app makes of what came back, by {@code docs/mobile.md} alone. */
sealed interface Reading {
    /**
     * What the request was answered; there is nothing to repeat.
     *
     * @param kind of a refusal, empty otherwise
     */
    record Final(Wire.Answer answer, Optional<String> kind) implements Reading {}

    /**
     * The very same request is to be sent again.
     *
     * @param least how long to wait at least
     * @param mayStillRun whether the first may take effect after this
     */
    record Again(String kind, Optional<Duration> least, boolean mayStillRun) implements Reading {}

    static Reading of(NoAnswer none) {
        // By a reset nothing is left running: the gateway had its answer.
        return new Again(
                "connection: " + none.exception(),
                Optional.empty(),
                none.exception().endsWith("TimeoutException"));
    }

    static Reading of(Wire.Answer answer, boolean isRelayed) {
        int status = answer.status();
        if (answer.contentType().startsWith("application/problem+json")) {
            return ofProblem(answer);
        }
        if (status < 400) {
            boolean isPending =
                    isRelayed && answer.body().at("/activity/status").asText().equals("ACTIVITY_STATUS_PENDING");
            return isPending
                    ? new Again("pending, by the relay", Optional.empty(), false)
                    : new Final(answer, Optional.empty());
        }
        boolean isTurnkeys = isRelayed && answer.body().has("code");
        String kind = (isTurnkeys ? "Turnkey's " + status + ", by the relay" : "gateway: " + status);
        return status == 429 || status >= 500
                ? new Again(kind, answer.retryAfter(), !isTurnkeys && status != 429)
                : new Final(answer, Optional.of(kind));
    }

    private static Reading ofProblem(Wire.Answer answer) {
        String type = answer.body().path("type").asText();
        String kind = answer.status() + " " + type.substring(type.lastIndexOf(':') + 1);
        return switch (answer.body().path("action").asText()) {
            case "retry-same", "wait" -> new Again(kind, answer.retryAfter(), false);
            default -> new Final(answer, Optional.of(kind));
        };
    }
}
