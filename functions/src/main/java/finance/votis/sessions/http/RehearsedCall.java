package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.Json;

/** A call of a route as the gateway would pass it on, for a rehearsal, of a caller that does not exist. */
public final class RehearsedCall {

    public static final String ORGANIZATION = "00000000-0000-4000-8000-00000000000a";
    public static final String USER = "00000000-0000-4000-8000-0000000000a1";

    /** From Turnkey's own published example. */
    public static final String TARGET_PUBLIC_KEY =
            "0464fb511728122da3b7b8a449c79d7a9e3fb847f4cbf0efbc6c82f68ada0ae5ebd1f9b6a45f5e4b61852c8e293a7b79022422ffff9ea8fba7297271b589cc9ed2";

    private static final String SOURCE = "192.0.2.7";

    private final ObjectNode event = Json.newObject();
    private final ObjectNode headers;

    /**
     * Without a body.
     *
     * @param routeKey method and path, as the template writes them
     */
    public RehearsedCall(String routeKey, ClaimNames names) {
        String[] route = routeKey.split(" ", 2);
        event.put("version", "2.0").put("routeKey", routeKey).put("rawPath", route[1]);
        headers = event.putObject("headers")
                .put("accept", "*/*")
                .put("authorization", "Bearer none")
                .put("host", "localhost");
        ObjectNode context = event.putObject("requestContext");
        context.putObject("authorizer")
                .putObject("jwt")
                .putObject("claims")
                .put("iss", "https://issuer.example.com")
                .put(names.organization(), ORGANIZATION)
                .put(names.user(), USER);
        context.putObject("http")
                .put("method", route[0])
                .put("path", route[1])
                .put("protocol", "HTTP/1.1")
                .put("sourceIp", SOURCE)
                .put("userAgent", "rehearsal");
        context.put("requestId", "rehearsal").put("routeKey", routeKey).put("stage", "$default");
        event.put("isBase64Encoded", false);
    }

    public RehearsedCall withPathParameter(String name, String value) {
        event.putObject("pathParameters").put(name, value);
        return this;
    }

    public RehearsedCall withHeader(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public RehearsedCall withBody(String json) {
        headers.put("content-type", "application/json");
        event.put("body", json);
        return this;
    }

    /** What Lambda would hand over. */
    public ObjectNode event() {
        return event;
    }
}
