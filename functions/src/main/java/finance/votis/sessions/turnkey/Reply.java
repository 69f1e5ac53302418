package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How one exchange ends. */
sealed interface Reply {
    /**
     * A whole answer.
     *
     * @param mediaType without parameters, in lower case, safe to print
     * @param retryAfter of the header in its form of seconds
     * @param date when the answer was made, by the clock of who made it; empty if the header is not there or has another form
     * @param body empty if it is not one JSON object
     * @param text the body as UTF-8; where it is one JSON object, not a byte is lost
     */
    record Answered(
            int status,
            String mediaType,
            Optional<Duration> retryAfter,
            Optional<Instant> date,
            Optional<ObjectNode> body,
            String text)
            implements Reply {
        @Override
        public String toString() {
            return "Answered[" + status + ", " + mediaType + "]";
        }
    }

    /** A body over the bound. */
    record TooLong(int status) implements Reply {}

    /**
     * No connection, or it broke.
     *
     * @param exception names of the classes of what was thrown
     */
    record Lost(String exception) implements Reply {}

    /** The deadline, or the longest time for one exchange, came first. */
    record OutOfTime() implements Reply {}
}
