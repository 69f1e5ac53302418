package finance.votis.sessions.runner.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An {@code AWS::Serverless::Function}, globals merged in and all values resolved.
 *
 * @param role logical id of the role that it runs under
 * @param logGroup logical id of the group that its lines go to; empty: the one that Lambda makes
 * @param codeUri the packaged zip, absolute
 * @param environment exactly the variables that the template sets
 * @param memoryMegabytes 128 to 10240
 * @param logFormat {@code JSON} or {@code Text}
 * @param hasSnapshot whether its published versions start from a snapshot
 */
public record FunctionResource(
        String logicalId,
        Optional<String> role,
        Optional<String> logGroup,
        String handler,
        Path codeUri,
        Map<String, String> environment,
        Duration timeout,
        int memoryMegabytes,
        String logFormat,
        boolean hasSnapshot,
        List<Route> routes,
        List<Schedule> schedules) {

    /**
     * An {@code HttpApi} event.
     *
     * @param api logical id of its API
     * @param method upper case, or {@code ANY}
     * @param path as written: {@code /a/{b}}, {@code /a/{rest+}}
     * @param authorizer name of the JWT authorizer in front, empty string if the route is open
     * @param scopes of which the token needs one; empty: none needed
     * @param timeout of the integration, at most 30 seconds
     */
    public record Route(
            String api, String method, String path, String authorizer, List<String> scopes, Duration timeout) {
        public Route {
            scopes = List.copyOf(scopes);
        }

        /** API Gateway's name for it: {@code POST /v1/things}. */
        public String key() {
            return path.equals("$default") ? path : method + " " + path;
        }
    }

    /** A {@code ScheduleV2} event: its name, expression and input, the event that the function gets. */
    public record Schedule(String name, String expression, String input) {}

    /** The simple name of the class that the handler is in. */
    public String handlerClass() {
        int method = handler.indexOf("::");
        String type = method < 0 ? handler : handler.substring(0, method);
        return type.substring(type.lastIndexOf('.') + 1);
    }

    public FunctionResource {
        environment = Map.copyOf(environment);
        routes = List.copyOf(routes);
        schedules = List.copyOf(schedules);
    }
}
