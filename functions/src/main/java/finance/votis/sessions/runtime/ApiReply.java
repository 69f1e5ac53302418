package finance.votis.sessions.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What goes back to the gateway. */
public record ApiReply(int status, Map<String, String> headers, Optional<String> body) {

    /** The same with one header more. */
    public ApiReply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new ApiReply(status, more, body);
    }

    /** The same, with one header more if there is a value for it. */
    public ApiReply with(String header, Optional<String> value) {
        return value.map(present -> with(header, present)).orElse(this);
    }

    /** The body may hold a token. */
    @Override
    public String toString() {
        return "ApiReply[" + status + ", <redacted>]";
    }
}
