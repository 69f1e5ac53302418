package finance.votis.sessions.http;

import finance.votis.sessions.runtime.ApiCall;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What stands in the URL of a call: the variables of its path, and a query of known parameters. Refusals name the parameter and its rule. */
public final class UrlParameters {

    private final Map<String, String> values;

    private UrlParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Takes a call's path and query.
     *
     * @param query the only names that may be there
     * @throws RefusedAtTheDoor invalid-parameter
     */
    public static UrlParameters of(ApiCall call, Set<String> query) throws RefusedAtTheDoor {
        only(call, query);
        Map<String, String> values = new HashMap<>(call.queryParameters());
        values.putAll(call.pathParameters());
        return new UrlParameters(values);
    }

    /**
     * Holds that there is no query.
     *
     * @throws RefusedAtTheDoor invalid-parameter
     */
    public static void none(ApiCall call) throws RefusedAtTheDoor {
        only(call, Set.of());
    }

    private static void only(ApiCall call, Set<String> query) throws RefusedAtTheDoor {
        if (!query.containsAll(call.queryParameters().keySet())) {
            throw new RefusedAtTheDoor(Problem.of(
                    ProblemType.INVALID_PARAMETER,
                    query.isEmpty()
                            ? "this request has no query"
                            : "the query of this request may have " + String.join(", ", query) + " and nothing else"));
        }
    }

    /**
     * A parameter, where it is there.
     *
     * @param rule what it must be, if it cannot be read
     * @throws RefusedAtTheDoor invalid-parameter
     */
    public <T> Optional<T> optional(String name, String rule, Function<String, Optional<T>> read)
            throws RefusedAtTheDoor {
        if (!values.containsKey(name)) {
            return Optional.empty();
        }
        return Optional.of(read.apply(values.get(name)).orElseThrow(() -> refused(name, rule)));
    }

    /**
     * A parameter that must be there.
     *
     * @throws RefusedAtTheDoor invalid-parameter
     */
    public <T> T required(String name, String rule, Function<String, Optional<T>> read) throws RefusedAtTheDoor {
        return optional(name, rule, read).orElseThrow(() -> refused(name, rule));
    }

    private static RefusedAtTheDoor refused(String name, String rule) {
        return new RefusedAtTheDoor(Problem.ofParameter(ProblemType.INVALID_PARAMETER, name, rule));
    }
}
