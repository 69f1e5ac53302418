package finance.votis.sessions.runner.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.outsiders.Wire;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An app repeats what the documents tell it to repeat, and nothing else. */
class ReadingTest {
    private static final Optional<Duration> NO_WAIT = Optional.empty();

    private static Wire.Answer answer(int status, String type, Optional<Duration> retryAfter, String body)
            throws Exception {
        JsonNode json = new ObjectMapper().readTree(body);
        return new Wire.Answer(status, type, retryAfter, json);
    }

    private static Reading problem(int status, String name, String action, Optional<Duration> retryAfter)
            throws Exception {
        String body = "{\"type\":\"urn:votis:sessions:problem:" + name + "\",\"action\":\"" + action + "\"}";
        return Reading.of(answer(status, "application/problem+json", retryAfter, body), false);
    }

    private static Reading json(int status, String body, boolean isRelayed) throws Exception {
        return Reading.of(answer(status, "application/json", NO_WAIT, body), isRelayed);
    }

    @Test
    void problemsAreReadByTheirAction() throws Exception {
        assertThat(problem(502, "turnkey-unreachable", "retry-same", NO_WAIT))
                .isEqualTo(new Reading.Again("502 turnkey-unreachable", NO_WAIT, false));
        Optional<Duration> three = Optional.of(Duration.ofSeconds(3));
        assertThat(problem(429, "too-many-requests", "wait", three))
                .isEqualTo(new Reading.Again("429 too-many-requests", three, false));
        assertThat(problem(500, "internal-error", "contact-support", NO_WAIT))
                .isInstanceOfSatisfying(
                        Reading.Final.class, last -> assertThat(last.kind()).contains("500 internal-error"));
    }

    @Test
    void theGatewaysOwnAnswersAreRepeatedWhereItMayWorkLater() throws Exception {
        assertThat(json(503, "{\"message\":\"Service Unavailable\"}", false))
                .isEqualTo(new Reading.Again("gateway: 503", NO_WAIT, true));
        assertThat(json(429, "{\"message\":\"Too Many Requests\"}", false))
                .isEqualTo(new Reading.Again("gateway: 429", NO_WAIT, false));
        assertThat(json(401, "{\"message\":\"Unauthorized\"}", false)).isInstanceOf(Reading.Final.class);
    }

    @Test
    void turnkeysAnswersByTheRelayAreTurnkeys() throws Exception {
        assertThat(json(500, "{\"code\":13,\"message\":\"internal server error\"}", true))
                .isEqualTo(new Reading.Again("Turnkey's 500, by the relay", NO_WAIT, false));
        assertThat(json(200, "{\"activity\":{\"status\":\"ACTIVITY_STATUS_PENDING\"}}", true))
                .isInstanceOf(Reading.Again.class);
        assertThat(json(403, "{\"code\":7,\"message\":\"no\"}", true)).isInstanceOf(Reading.Final.class);
    }

    @Test
    void whatWasAskedForIsFinal() throws Exception {
        assertThat(json(201, "{}", false))
                .isInstanceOfSatisfying(
                        Reading.Final.class, last -> assertThat(last.kind()).isEmpty());
    }
}
