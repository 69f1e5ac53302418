package finance.votis.sessions.runner.gateway;

import finance.votis.sessions.runner.template.ApiResource;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * CORS as an HTTP API does it: its own answer to a preflight, and its headers in place of the function's. The gateway's own refusals get
 * none: documented is only that answers of an integration do.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html">CORS for HTTP APIs</a>
 */
final class CrossOrigin {
    private static final String ALLOW_ORIGIN = "access-control-allow-origin";

    private final ApiResource.Cors rules;

    CrossOrigin(ApiResource.Cors rules) {
        this.rules = rules;
    }

    /** 204, with the rules if the origin is an allowed one; whether they fit the browser judges. */
    Reply.Whole preflight(Request request) {
        Reply.Whole reply = new Reply.Whole(204, Map.of(), new byte[0]);
        Optional<String> origin = allowed(request);
        if (origin.isEmpty() || request.header("access-control-request-method").isEmpty()) {
            return reply;
        }
        return reply.with(ALLOW_ORIGIN, origin.get())
                .with("access-control-allow-methods", String.join(",", rules.methods()))
                .with("access-control-allow-headers", String.join(",", rules.headers()))
                .with("access-control-expose-headers", String.join(",", rules.exposed()))
                .with("access-control-max-age", Integer.toString(rules.maxAgeSeconds()));
    }

    /** What a function answered, as the browser gets it. */
    Reply.Whole over(Reply.Whole answered, Request request) {
        Map<String, String> headers = new HashMap<>(answered.headers());
        headers.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
        Reply.Whole reply = new Reply.Whole(answered.status(), headers, answered.body());
        return allowed(request)
                .map(origin -> reply.with(ALLOW_ORIGIN, origin)
                        .with("access-control-expose-headers", String.join(",", rules.exposed())))
                .orElse(reply);
    }

    private Optional<String> allowed(Request request) {
        return request.header("origin").filter(rules.origins()::contains);
    }
}
