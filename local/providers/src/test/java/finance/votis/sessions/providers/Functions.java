package finance.votis.sessions.providers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Waiting;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The functions between one AWS and one Turnkey, called as Lambda calls them. */
final class Functions {

    private static final String ORGANIZATION_CLAIM = "turnkey_organization_id";
    private static final String USER_CLAIM = "turnkey_user_id";
    private static final Duration AMPLE = Duration.ofSeconds(60);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    Functions(Account account, URI turnkey) {
        environment.putAll(account.environment());
        if (turnkey.getScheme().equals("http") || account.endpoint().isPresent()) {
            environment.put("AWS_SAM_LOCAL", "true");
        }
        environment.put("TURNKEY_BASE_URL", turnkey.toString());
        environment.put("CREDENTIAL_TTL_SECONDS", "300");
        environment.put("ORGANIZATION_CLAIM", ORGANIZATION_CLAIM);
        environment.put("USER_CLAIM", USER_CLAIM);
        environment.put("EXPIRATION_SECONDS_DEFAULT", "900");
        environment.put("EXPIRATION_SECONDS_MIN", "60");
        environment.put("EXPIRATION_SECONDS_MAX", "86400");
        environment.put("RELAY_ACTIVITIES", "create_read_write_session");
        environment.put("SERVER_SESSION_LIFETIME_MINUTES", "180");
        environment.put("SERVER_SESSION_PERIOD_MINUTES", "55");
        environment.put("SERVER_SESSION_MARGIN_MINUTES", "5");
    }

    Functions with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** An instance of its own, by reflection as Lambda's, but by the constructor that is told its environment. */
    <F> F instance(Class<F> function) {
        try {
            Constructor<F> constructor = function.getDeclaredConstructor(Map.class, Platform.class);
            constructor.setAccessible(true);
            return constructor.newInstance(environment, platform());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(function.getSimpleName() + " could not be made", e);
        }
    }

    /** This machine's, but that the lines are kept, to be shown by a test that fails. */
    private Platform platform() {
        return new Platform(InstantSource.system(), System::nanoTime, Waiting.asleep(), SecureRandom::new, log::add);
    }

    /** All lines so far: no secret is in them. */
    List<String> log() {
        return log;
    }

    /** Keeps the session, as the schedule does. */
    <A> Map<String, A> run(
            Class<? extends RequestHandler<Map<String, Object>, Map<String, A>>> function, String session) {
        return instance(function).handleRequest(Map.of("session", session), context());
    }

    /** A call through the gateway, by a caller whose token it has checked. */
    APIGatewayV2HTTPResponse call(
            Class<? extends RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> function,
            String routeKey,
            Caller caller,
            Map<String, String> pathParameters,
            Map<String, String> headers,
            Optional<byte[]> body) {
        Map<String, String> sent = new HashMap<>(headers);
        sent.put("authorization", "Bearer checked-by-the-gateway");
        body.ifPresent(bytes -> sent.put("content-type", "application/json"));
        var request = APIGatewayV2HTTPEvent.RequestContext.builder()
                .withRequestId(UUID.randomUUID().toString())
                .withAuthorizer(APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                        .withJwt(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT
                                .builder()
                                .withClaims(Map.of(
                                        ORGANIZATION_CLAIM, caller.organizationId(), USER_CLAIM, caller.userId()))
                                .build())
                        .build())
                .build();
        var event = APIGatewayV2HTTPEvent.builder()
                .withRouteKey(routeKey)
                .withPathParameters(pathParameters)
                .withHeaders(sent)
                .withRequestContext(request);
        body.ifPresent(bytes -> event.withBody(new String(bytes, StandardCharsets.UTF_8)));
        return instance(function).handleRequest(event.build(), context());
    }

    /** Of a customer of the company, as the two claims name it. */
    record Caller(String organizationId, String userId) {}

    /** What a key pair in a secret looks like. */
    static String credential(String publicKey, String privateKey) {
        return Json.text(Json.newObject().put("publicKey", publicKey).put("privateKey", privateKey));
    }

    /** Lambda's context; of all that it tells the functions need three things. */
    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAwsRequestId" -> UUID.randomUUID().toString();
                    case "getFunctionVersion" -> "$LATEST";
                    case "getRemainingTimeInMillis" -> Math.toIntExact(AMPLE.toMillis());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
