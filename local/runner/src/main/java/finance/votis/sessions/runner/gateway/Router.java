package finance.votis.sessions.runner.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Picks the most specific route, as API Gateway does: literal segments before variables before greedy ones, a method before
 * {@code ANY}, {@code $default} last.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">Routing API requests</a>
 */
final class Router {
    record Match(BoundRoute route, Map<String, String> pathParameters) {}

    private final List<BoundRoute> routes;

    Router(List<BoundRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    Optional<Match> match(String method, String path) {
        Optional<Match> best = Optional.empty();
        String bestRank = "";
        for (BoundRoute route : routes) {
            boolean any = route.route().method().equals("ANY");
            if (!any && !route.route().method().equals(method)) {
                continue;
            }
            Optional<Map<String, String>> parameters = parameters(route.route().path(), path);
            if (parameters.isPresent()) {
                String rank = rank(route.route().path()) + (any ? "1" : "0");
                if (best.isEmpty() || rank.compareTo(bestRank) < 0) {
                    best = Optional.of(new Match(route, parameters.get()));
                    bestRank = rank;
                }
            }
        }
        return best;
    }

    /** Sorts literals (0) before variables (1) before greedy ones (2) before {@code $default} (3), segment by segment. */
    private static String rank(String pattern) {
        if (pattern.equals("$default")) {
            return "3";
        }
        StringBuilder rank = new StringBuilder();
        for (String segment : segments(pattern)) {
            rank.append(!segment.startsWith("{") ? '0' : segment.endsWith("+}") ? '2' : '1');
        }
        return rank.toString();
    }

    private static Optional<Map<String, String>> parameters(String pattern, String path) {
        if (pattern.equals("$default")) {
            return Optional.of(Map.of());
        }
        List<String> wanted = segments(pattern);
        List<String> given = segments(path);
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{") && segment.endsWith("+}")) {
                if (given.size() <= i) {
                    return Optional.empty();
                }
                parameters.put(
                        segment.substring(1, segment.length() - 2),
                        decoded(String.join("/", given.subList(i, given.size()))));
                return Optional.of(parameters);
            }
            if (given.size() <= i) {
                return Optional.empty();
            }
            if (segment.startsWith("{") && segment.endsWith("}")) {
                if (given.get(i).isEmpty()) {
                    return Optional.empty();
                }
                parameters.put(segment.substring(1, segment.length() - 1), decoded(given.get(i)));
            } else if (!segment.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return wanted.size() == given.size() ? Optional.of(parameters) : Optional.empty();
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        segments.removeFirst();
        return segments;
    }

    private static String decoded(String text) {
        try {
            // In a path a plus is a plus.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
