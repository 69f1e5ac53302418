package finance.votis.sessions.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Lambda's event types of the HTTP API (payload format 2.0), in and out. Members that Lambda leaves out are null there, and nowhere else. */
public final class ApiEvents {

    private ApiEvents() {}

    /** Takes any JSON that Lambda could read as an event: what is missing is met further in, by a refusal. */
    public static ApiCall call(@Nullable APIGatewayV2HTTPEvent sent, Context context) {
        APIGatewayV2HTTPEvent event = sent == null ? new APIGatewayV2HTTPEvent() : sent;
        Optional<APIGatewayV2HTTPEvent.RequestContext> request = Optional.ofNullable(event.getRequestContext());
        Map<String, String> claims = request.map(APIGatewayV2HTTPEvent.RequestContext::getAuthorizer)
                .map(APIGatewayV2HTTPEvent.RequestContext.Authorizer::getJwt)
                .map(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT::getClaims)
                .orElse(Map.of());
        String requestId =
                request.map(APIGatewayV2HTTPEvent.RequestContext::getRequestId).orElseGet(context::getAwsRequestId);
        return new ApiCall(
                Optional.ofNullable(event.getRouteKey()).orElse(""),
                present(event.getPathParameters()),
                present(event.getQueryStringParameters()),
                lowerCased(event.getHeaders()),
                Optional.ofNullable(event.getBody()),
                event.getIsBase64Encoded(),
                claims,
                requestId);
    }

    public static APIGatewayV2HTTPResponse response(ApiReply reply) {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(reply.status())
                .withHeaders(reply.headers())
                .withBody(reply.body().orElse(null))
                .withIsBase64Encoded(false)
                .build();
    }

    /** Of a function that is called by a route; the parameters are those of {@link Rehearsal}. */
    public static Rehearsal<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> rehearsal(
            BiFunction<Map<String, String>, Platform, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>>
                    make,
            Map<String, String> overrides,
            List<ObjectNode> events,
            List<Counterpart> counterparts) {
        return new Rehearsal<>(
                APIGatewayV2HTTPEvent.class, APIGatewayV2HTTPResponse.class, make, overrides, events, counterparts);
    }

    private static Map<String, String> present(@Nullable Map<String, String> parameters) {
        return parameters == null ? Map.of() : parameters;
    }

    private static Map<String, String> lowerCased(@Nullable Map<String, String> headers) {
        Map<String, String> lowerCased = new HashMap<>();
        if (headers != null) {
            headers.forEach((name, value) -> lowerCased.put(name.toLowerCase(Locale.ROOT), value));
        }
        return lowerCased;
    }
}
