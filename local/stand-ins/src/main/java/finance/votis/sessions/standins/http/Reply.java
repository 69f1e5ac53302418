package finance.votis.sessions.standins.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back over the connection, broken ways included. */
public sealed interface Reply {

    static Whole of(int status, String contentType, byte[] body) {
        return new Whole(status, Map.of("Content-Type", contentType), body);
    }

    static Whole json(int status, String body) {
        return of(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** An ordinary answer; {@code Content-Length} is added when it is written. */
    final class Whole implements Reply {
        private final int status;
        private final Map<String, String> headers;
        private final byte[] body;

        public Whole(int status, Map<String, String> headers, byte[] body) {
            this.status = status;
            this.headers = Map.copyOf(headers);
            this.body = body;
        }

        public Whole with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Whole(status, more, body);
        }

        public int status() {
            return status;
        }

        public Map<String, String> headers() {
            return headers;
        }

        /** The array itself, not a copy. */
        public byte[] body() {
            return body;
        }
    }

    /** Announces the whole length, sends the first half of the body, then resets the connection. */
    record Half(Whole of) implements Reply {}

    /** No byte: the connection is reset (RST, not FIN). */
    record Reset() implements Reply {}

    /** The same, later; closing the server cuts the wait short. */
    record After(Duration delay, Reply then) implements Reply {}
}
