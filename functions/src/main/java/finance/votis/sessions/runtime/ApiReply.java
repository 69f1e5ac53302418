package finance.votis.sessions.runtime;

import java.util.Map;

/** What goes back to the gateway. */
public record ApiReply(int status, Map<String, String> headers, String body) {

    /** The body may hold a token. */
    @Override
    public String toString() {
        return "ApiReply[" + status + ", <redacted>]";
    }
}
