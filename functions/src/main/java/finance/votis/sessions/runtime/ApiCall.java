package finance.votis.sessions.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * A call of the HTTP API, free of Lambda's types.
 *
 * @param routeKey as the template writes the route, for example {@code DELETE /v1/sessions/{apiKeyId}}; empty if there is none
 * @param queryParameters each once: several of one name stand in one value, with commas between
 * @param headers names in lower case; several of one name likewise
 * @param body as the gateway gave it: text, or base64 of it
 * @param claims of the caller's verified token; empty where no authorizer ran
 * @param requestId the gateway's
 */
public record ApiCall(
        String routeKey,
        Map<String, String> pathParameters,
        Map<String, String> queryParameters,
        Map<String, String> headers,
        Optional<String> body,
        boolean base64,
        Map<String, String> claims,
        String requestId) {

    /** Headers hold the caller's token and stamp. */
    @Override
    public String toString() {
        return "ApiCall[<redacted>]";
    }
}
