package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a route ends. */
public sealed interface HttpResult {

    /**
     * Something was made: 201.
     *
     * @param outcome for the log, for example {@code created}
     * @param body goes to the caller and nowhere else
     */
    record Created(String outcome, ObjectNode body) implements HttpResult {

        /** The body may hold a token. */
        @Override
        public String toString() {
            return "Created[" + outcome + ", <redacted>]";
        }
    }

    /** Nothing was made, or nothing that may leave. */
    record Refused(Problem problem) implements HttpResult {}
}
