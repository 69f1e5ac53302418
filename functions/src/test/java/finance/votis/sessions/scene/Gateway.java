package finance.votis.sessions.scene;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import finance.votis.sessions.contract.Contract;
import finance.votis.sessions.contract.Exchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of a call to a function: every test of a route goes through here. Each exchange is held against {@code docs/openapi.yaml}: the answer
 * must be one that the document promises, and a request is refused for its form exactly if the document does not allow it.
 */
public final class Gateway {

    private static final Contract CONTRACT = Contract.read();

    /** Functions of one route do not look at it, and tests leave it out. */
    private static final Map<String, String> ONLY_ROUTE = Map.of(
            "ClientSessionFunction", "POST /v1/sessions/read-write",
            "ReadOnlySessionFunction", "POST /v1/sessions/read-only");

    private Gateway() {}

    public static APIGatewayV2HTTPResponse serve(
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> function,
            APIGatewayV2HTTPEvent event,
            Context context) {
        APIGatewayV2HTTPResponse response = function.handleRequest(event, context);
        String route = Optional.ofNullable(event.getRouteKey())
                .orElseGet(() -> ONLY_ROUTE.get(function.getClass().getSimpleName()));
        assertThat(CONTRACT.breaches(new Exchange(request(route, event), answer(response))))
                .as("%s %s", route, event.getBody())
                .isEmpty();
        return response;
    }

    private static Exchange.Request request(String route, APIGatewayV2HTTPEvent event) {
        String[] methodAndPath = route.split(" ", 2);
        String path = methodAndPath[1];
        for (Map.Entry<String, String> parameter :
                present(event.getPathParameters()).entrySet()) {
            path = path.replace(
                    "{" + parameter.getKey() + "}", URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
        }
        return new Exchange.Request(
                methodAndPath[0],
                path,
                lists(present(event.getQueryStringParameters())),
                lists(present(event.getHeaders())),
                body(event));
    }

    private static Optional<byte[]> body(APIGatewayV2HTTPEvent event) {
        String body = event.getBody();
        if (body == null || body.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    event.getIsBase64Encoded()
                            ? Base64.getDecoder().decode(body)
                            : body.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Exchange.Answer answer(APIGatewayV2HTTPResponse response) {
        return new Exchange.Answer(
                response.getStatusCode(),
                response.getHeaders(),
                Optional.ofNullable(response.getBody()).map(body -> body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, List<String>> lists(Map<String, String> values) {
        Map<String, List<String>> lists = new HashMap<>();
        values.forEach((name, value) -> lists.put(name, List.of(value)));
        return lists;
    }

    private static Map<String, String> present(@Nullable Map<String, String> values) {
        return values == null ? Map.of() : values;
    }
}
