package finance.votis.sessions.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request and the answer to it. */
public record Exchange(Request request, Answer answer) {

    /**
     * What was sent.
     *
     * @param path as sent, without the query
     * @param query decoded
     * @param body empty if there was none
     */
    public record Request(
            String method,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            Optional<byte[]> body) {

        /** Headers hold a token and a stamp. */
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** What came back. */
    public record Answer(int status, Map<String, String> headers, Optional<byte[]> body) {

        /** The body may hold a token. */
        @Override
        public String toString() {
            return Integer.toString(status);
        }
    }
}
