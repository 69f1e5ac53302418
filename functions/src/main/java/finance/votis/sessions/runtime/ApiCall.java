package finance.votis.sessions.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * A call of the HTTP API, free of Lambda's types.
 *
 * @param headers names in lower case
 * @param body as the gateway gave it: text, or base64 of it
 * @param claims of the caller's verified token; empty where no authorizer ran
 * @param requestId the gateway's
 */
public record ApiCall(
        Map<String, String> headers,
        Optional<String> body,
        boolean base64,
        Map<String, String> claims,
        String requestId) {

    /** Headers hold the caller's token. */
    @Override
    public String toString() {
        return "ApiCall[<redacted>]";
    }
}
