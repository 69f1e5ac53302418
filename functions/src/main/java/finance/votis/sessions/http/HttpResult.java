package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.SessionOutcome;
import java.time.Duration;
import java.util.Optional;

/** How a route ends. */
public sealed interface HttpResult {

    /**
     * Something was made: 201.
     *
     * @param body goes to the caller and nowhere else
     */
    record Created(SessionOutcome outcome, ObjectNode body) implements HttpResult {

        /** The body may hold a token. */
        @Override
        public String toString() {
            return "Created[" + outcome + ", <redacted>]";
        }
    }

    /** What was asked for: 200. */
    record Shown(SessionOutcome outcome, ObjectNode body) implements HttpResult {

        /** The body names a user's sessions. */
        @Override
        public String toString() {
            return "Shown[" + outcome + ", <redacted>]";
        }
    }

    /** It is done and there is nothing to tell: 204. */
    record Done(SessionOutcome outcome) implements HttpResult {}

    /**
     * Another server's answer, as it is.
     *
     * @param retryAfter of that answer's header, if it had one
     */
    record Passed(SessionOutcome outcome, int status, String contentType, String body, Optional<Duration> retryAfter)
            implements HttpResult {

        /** The body may hold a sealed session. */
        @Override
        public String toString() {
            return "Passed[" + outcome + ", " + status + ", <redacted>]";
        }
    }

    /** Nothing was made, or nothing that may leave. */
    record Refused(Problem problem) implements HttpResult {}
}
