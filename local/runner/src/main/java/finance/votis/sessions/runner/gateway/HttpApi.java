package finance.votis.sessions.runner.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.ApiResource;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * One HTTP API on a socket. Its own answers are API Gateway's: 401 {@code Unauthorized}, 403 {@code Forbidden}, 404
 * {@code Not Found}, 413, 429 {@code Too Many Requests}, 431, 500 {@code Internal Server Error}, 503
 * {@code Service Unavailable}, each as {@code {"message":…}}, and 204 to a browser's preflight. A throttled request is
 * counted before its token is looked at: in which order AWS does that is not documented. Thread-safe.
 */
public final class HttpApi implements AutoCloseable {
    /** API Gateway's limits. */
    private static final int LARGEST_BODY = 10 * 1024 * 1024;

    private static final int LARGEST_HEAD = 10_240;

    private final String accountId;
    private final String apiId;
    private final InstantSource clock;
    private final Router router;
    private final Map<String, JwtAuthorizer> authorizers = new HashMap<>();
    private final Map<String, TokenBucket> buckets = new HashMap<>();
    private final Optional<CrossOrigin> crossOrigin;
    private final Optional<ContractPages> pages;
    private final List<ExchangeWitness> witnesses;
    private final HttpClient http;
    private final BlockingHttpServer server;
    private volatile UnaryOperator<Reply> wayBack = UnaryOperator.identity();

    private HttpApi(
            InetSocketAddress address,
            String accountId,
            ApiResource api,
            List<BoundRoute> routes,
            Optional<ContractPages> pages,
            List<ExchangeWitness> witnesses,
            InstantSource clock) {
        this.accountId = accountId;
        this.apiId = api.logicalId();
        this.clock = clock;
        this.router = new Router(routes);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        api.authorizers()
                .forEach((name, jwt) ->
                        authorizers.put(name, new JwtAuthorizer(jwt.issuer(), jwt.audiences(), http, clock)));
        for (BoundRoute route : routes) {
            String key = route.route().key();
            api.throttle(key).ifPresent(throttle -> buckets.put(key, new TokenBucket(throttle, clock)));
        }
        this.crossOrigin = api.cors().map(CrossOrigin::new);
        this.pages = pages;
        this.witnesses = List.copyOf(witnesses);
        // One byte over is for this class to refuse, in API Gateway's words; far over, the server cuts off.
        this.server = BlockingHttpServer.start(address, LARGEST_BODY + 1, this::answer);
    }

    /**
     * Listens from the return on, and throttles as the API says: {@link ApiResource#unthrottled} is for who drives it hard.
     *
     * @param routes those of this API only
     * @param pages what is served where the API has no route
     * @throws finance.votis.sessions.standins.http.PortInUseException if the address cannot be listened on
     */
    public static HttpApi start(
            InetSocketAddress address,
            String accountId,
            ApiResource api,
            List<BoundRoute> routes,
            Optional<ContractPages> pages,
            List<ExchangeWitness> witnesses,
            InstantSource clock) {
        return new HttpApi(address, accountId, api, routes, pages, witnesses, clock);
    }

    /** As {@link #start(InetSocketAddress, String, ApiResource, List, Optional, List, InstantSource)}, the API alone. */
    public static HttpApi start(
            InetSocketAddress address,
            String accountId,
            ApiResource api,
            List<BoundRoute> routes,
            InstantSource clock) {
        return start(address, accountId, api, routes, Optional.empty(), List.of(), clock);
    }

    /** {@code http://host:port}, no trailing slash. */
    public URI url() {
        return server.url();
    }

    /** What becomes of every answer from now on, on its way to who asked. It is called by many threads at once. */
    public void wayBack(UnaryOperator<Reply> fate) {
        wayBack = fate;
    }

    private Reply answer(Request request) {
        String requestId = UUID.randomUUID().toString();
        Optional<Router.Match> match = router.match(request.method(), request.path());
        Reply.Whole reply = reply(request, match, requestId).with("apigw-requestid", requestId);
        return wayBack.apply(match.isEmpty() ? reply : witnessed(request, reply));
    }

    private Reply.Whole witnessed(Request request, Reply.Whole reply) {
        return witnesses.stream()
                .flatMap(witness -> witness.complaint(request, reply).stream())
                .findFirst()
                .map(complaint -> own(500, complaint))
                .orElse(reply);
    }

    private Reply.Whole reply(Request request, Optional<Router.Match> match, String requestId) {
        if (headLength(request) > LARGEST_HEAD) {
            return own(431, "Request Header Fields Too Large");
        }
        if (request.body().length > LARGEST_BODY) {
            return own(413, "Request Entity Too Large");
        }
        if (match.isEmpty()) {
            // Of any path, and without a token: a browser sends none along.
            return crossOrigin.isPresent() && request.method().equals("OPTIONS")
                    ? crossOrigin.get().preflight(request)
                    : pages.flatMap(all -> all.answer(request)).orElseGet(() -> own(404, "Not Found"));
        }
        FunctionResource.Route route = match.get().route().route();
        TokenBucket bucket = buckets.get(route.key());
        if (bucket != null && !bucket.take()) {
            return own(429, "Too Many Requests");
        }
        Optional<Map<String, String>> claims = Optional.empty();
        if (!route.authorizer().isEmpty()) {
            JwtAuthorizer authorizer = authorizers.get(route.authorizer());
            if (authorizer == null) {
                return own(500, "Internal Server Error");
            }
            switch (authorizer.decide(request.header("authorization"), route.scopes())) {
                case JwtAuthorizer.Decision.Refused(int status, String challenge) -> {
                    return own(status, status == 401 ? "Unauthorized" : "Forbidden")
                            .with("www-authenticate", challenge);
                }
                case JwtAuthorizer.Decision.Accepted(Map<String, String> accepted) -> claims = Optional.of(accepted);
            }
        }
        Instant now = clock.instant();
        String domain = request.header("host").orElse(server.url().getAuthority());
        String event = PayloadV2.event(
                request, match.get(), new PayloadV2.Circumstances(requestId, accountId, apiId, domain, now, claims));
        return invoke(match.get().route(), event, request);
    }

    private Reply.Whole invoke(BoundRoute route, String event, Request request) {
        CompletableFuture<Invocation> invoked = route.function().apply(event);
        try {
            Invocation invocation = invoked.get(route.route().timeout().toMillis(), TimeUnit.MILLISECONDS);
            return switch (invocation.outcome()) {
                case Outcome.Answered(String payload) ->
                    PayloadV2.reply(payload)
                            .map(answered -> crossOrigin
                                    .map(cors -> cors.over(answered, request))
                                    .orElse(answered))
                            .orElseGet(() -> own(500, "Internal Server Error"));
                case Outcome.TimedOut late -> own(503, "Service Unavailable");
                case Outcome.Failed failed -> own(500, "Internal Server Error");
                case Outcome.Crashed crashed -> own(500, "Internal Server Error");
                case Outcome.InitFailed failed -> own(500, "Internal Server Error");
            };
        } catch (TimeoutException late) {
            invoked.cancel(false); // What still waits in line must not take effect after all.
            return own(503, "Service Unavailable");
        } catch (CancellationException | ExecutionException e) {
            return own(503, "Service Unavailable");
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return own(503, "Service Unavailable");
        }
    }

    private static Reply.Whole own(int status, String message) {
        return Reply.json(
                status,
                JsonNodeFactory.instance.objectNode().put("message", message).toString());
    }

    private static int headLength(Request request) {
        int length = request.method().length() + request.target().length() + " HTTP/1.1\r\n\r\n".length();
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            for (String value : header.getValue()) {
                length += header.getKey().length() + value.getBytes(StandardCharsets.UTF_8).length + ": \r\n".length();
            }
        }
        return length;
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }
}
