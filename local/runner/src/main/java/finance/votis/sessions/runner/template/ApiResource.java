package finance.votis.sessions.runner.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An {@code AWS::Serverless::HttpApi} with its JWT authorizers by name.
 *
 * @param cors empty: the API answers no preflight and sets no header for browsers
 * @param anyThrottle of routes that have none of their own; empty: they are not throttled
 * @param throttles by route key, as {@code POST /v1/things}
 */
public record ApiResource(
        String logicalId,
        Map<String, JwtAuthorizer> authorizers,
        Optional<Cors> cors,
        Optional<Throttle> anyThrottle,
        Map<String, Throttle> throttles) {
    /** Tokens of this issuer that name one of these audiences, from the {@code Authorization} header. */
    public record JwtAuthorizer(String issuer, List<String> audiences) {
        public JwtAuthorizer {
            audiences = List.copyOf(audiences);
        }
    }

    /**
     * Which web apps may call from a browser, without credentials of the browser's own.
     *
     * @param origins exactly as browsers send them
     * @param methods upper case
     * @param headers that requests may have
     * @param exposed headers of answers that the app may read
     */
    public record Cors(
            List<String> origins, List<String> methods, List<String> headers, List<String> exposed, int maxAgeSeconds) {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
            exposed = List.copyOf(exposed);
        }
    }

    /** So many requests at once, and from then on so many a second. */
    public record Throttle(int perSecond, int burst) {}

    public ApiResource {
        authorizers = Map.copyOf(authorizers);
        throttles = Map.copyOf(throttles);
    }

    /** Of one route; empty: it is not throttled. */
    public Optional<Throttle> throttle(String routeKey) {
        return Optional.ofNullable(throttles.get(routeKey)).or(() -> anyThrottle);
    }

    /** The same API, and no route of it is throttled. */
    public ApiResource unthrottled() {
        return new ApiResource(logicalId, authorizers, cors, Optional.empty(), Map.of());
    }
}
