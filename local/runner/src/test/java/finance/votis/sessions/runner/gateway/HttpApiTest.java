package finance.votis.sessions.runner.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.ApiResource;
import finance.votis.sessions.runner.template.FunctionResource.Route;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.oidc.OidcIssuer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets, with tokens of a real issuer; the function is what each test puts in its place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00Z");
    private static final String AUDIENCE = "votis-sessions";

    private final OidcIssuer issuer =
            OidcIssuer.start(BlockingHttpServer.anyPort(), InstantSource.fixed(NOW), new SecureRandom());
    private final OidcIssuer otherIssuer =
            OidcIssuer.start(BlockingHttpServer.anyPort(), InstantSource.fixed(NOW), new SecureRandom());
    private final AtomicReference<String> event = new AtomicReference<>("");
    private final AtomicReference<CompletableFuture<Invocation>> answer =
            new AtomicReference<>(new CompletableFuture<>());
    private final HttpApi api;
    private final HttpClient http = HttpClient.newHttpClient();

    HttpApiTest() {
        ApiResource resource = new ApiResource(
                "Api",
                Map.of("Jwt", new ApiResource.JwtAuthorizer(issuer.url().toString(), List.of("other", AUDIENCE))),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        api = HttpApi.start(
                BlockingHttpServer.anyPort(),
                "123456789012",
                resource,
                List.of(
                        route("POST", "/open", "", List.of()),
                        route("ANY", "/any", "", List.of()),
                        route("GET", "/things/{id}", "", List.of()),
                        route("GET", "/files/{path+}", "", List.of()),
                        route("POST", "/guarded", "Jwt", List.of()),
                        route("POST", "/scoped", "Jwt", List.of("write", "admin"))),
                InstantSource.fixed(NOW));
    }

    @AfterAll
    void close() {
        http.close();
        api.close();
        issuer.close();
        otherIssuer.close();
    }

    // ---- routes

    @ParameterizedTest
    @CsvSource({"GET, /open", "POST, /nowhere", "POST, /open/", "GET, /things/", "GET, /files", "POST, /things/1"})
    void whatNoRouteMatchesIsNotFound(String method, String path) throws Exception {
        HttpResponse<String> response = send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"message\":\"Not Found\"}");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void pathVariablesAreDecoded() throws Exception {
        answers("{}");

        send(request("/things/a%20b+c").GET());
        assertThat(event().at("/pathParameters/id").asText()).isEqualTo("a b+c");
        assertThat(event().at("/routeKey").asText()).isEqualTo("GET /things/{id}");

        send(request("/files/a/b.txt").GET());
        assertThat(event().at("/pathParameters/path").asText()).isEqualTo("a/b.txt");
    }

    // ---- the event

    @Test
    void theEventIsPayloadFormatTwo() throws Exception {
        answers("{}");

        overSocket("""
                POST /open?a=1&b=x%20y&a=2 HTTP/1.1
                Host: api.example:3000
                X-Many: one
                x-many: two
                Cookie: c=1; d=2
                User-Agent: phone/1
                Content-Type: application/json
                Content-Length: 10
                Connection: close

                {"a":"ä"}""");

        JsonNode event = event();
        String requestId = event.at("/requestContext/requestId").asText();
        assertThat(requestId).isNotEmpty();
        assertThat(event).isEqualTo(JSON.readTree("""
                                {
                                  "version": "2.0",
                                  "routeKey": "POST /open",
                                  "rawPath": "/open",
                                  "rawQueryString": "a=1&b=x%20y&a=2",
                                  "cookies": ["c=1", "d=2"],
                                  "headers": {
                                    "connection": "close",
                                    "content-length": "10",
                                    "content-type": "application/json",
                                    "host": "api.example:3000",
                                    "user-agent": "phone/1",
                                    "x-forwarded-for": "127.0.0.1",
                                    "x-forwarded-port": "3000",
                                    "x-forwarded-proto": "http",
                                    "x-many": "one,two"
                                  },
                                  "queryStringParameters": {"a": "1,2", "b": "x y"},
                                  "requestContext": {
                                    "accountId": "123456789012",
                                    "apiId": "Api",
                                    "domainName": "api.example:3000",
                                    "domainPrefix": "api",
                                    "http": {
                                      "method": "POST",
                                      "path": "/open",
                                      "protocol": "HTTP/1.1",
                                      "sourceIp": "127.0.0.1",
                                      "userAgent": "phone/1"
                                    },
                                    "requestId": "REQUEST",
                                    "routeKey": "POST /open",
                                    "stage": "$default",
                                    "time": "23/Nov/2026:21:00:00 +0000",
                                    "timeEpoch": 1795467600000
                                  },
                                  "body": "{\\"a\\":\\"ä\\"}",
                                  "isBase64Encoded": false
                                }
                                """.replace("REQUEST", requestId)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "application/x-www-form-urlencoded", "image/png"})
    void aBodyThatIsNoTextComesInBase64(String contentType) throws Exception {
        answers("{}");

        send(request("/open").header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString("a=b")));

        assertThat(event().at("/isBase64Encoded").asBoolean()).isTrue();
        assertThat(event().at("/body").asText())
                .isEqualTo(Base64.getEncoder().encodeToString("a=b".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsCalledTextAndIsNotComesInBase64() throws Exception {
        answers("{}");

        send(request("/open")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {(byte) 0xc3, 0x28})));

        assertThat(event().at("/isBase64Encoded").asBoolean()).isTrue();
    }

    @Test
    void noBodyIsNoMember() throws Exception {
        answers("{}");

        send(request("/open").POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(event().has("body")).isFalse();
        assertThat(event().at("/isBase64Encoded").asBoolean()).isFalse();
    }

    // ---- who calls

    @Test
    void claimsReachTheFunctionAsTexts() throws Exception {
        answers("{}");

        HttpResponse<String> response =
                guarded("/guarded", "Bearer " + token(issuer, AUDIENCE, List.of("a", "b"), 900));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode jwt = event().at("/requestContext/authorizer/jwt");
        assertThat(jwt.at("/claims/iss").asText()).isEqualTo(issuer.url().toString());
        assertThat(jwt.at("/claims/sub").asText()).isEqualTo("ada");
        assertThat(jwt.at("/claims/organization").asText()).isEqualTo("o-1");
        assertThat(jwt.at("/claims/exp")).isEqualTo(JSON.readTree("\"" + (NOW.getEpochSecond() + 900) + "\""));
        assertThat(jwt.at("/scopes").isNull()).isTrue();
    }

    @Test
    void theTokenMayStandWithoutBearer() throws Exception {
        answers("{}");

        assertThat(guarded("/guarded", token(issuer, AUDIENCE, List.of(), 900)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void noTokenIsUnauthorized() throws Exception {
        HttpResponse<String> response = send(request("/guarded").POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        assertThat(response.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
    }

    @Test
    void tokensThatDoNotHoldAreUnauthorized() throws Exception {
        String good = token(issuer, AUDIENCE, List.of(), 900);
        String[] parts = good.split("\\.", -1);
        String none = encoded("{\"alg\":\"none\",\"kid\":\"" + issuer.keyId() + "\"}") + "." + parts[1] + ".";
        String hmac =
                encoded("{\"alg\":\"HS256\",\"kid\":\"" + issuer.keyId() + "\"}") + "." + parts[1] + "." + parts[2];
        String otherClaims = parts[0] + "." + encoded("{\"sub\":\"eve\"}") + "." + parts[2];

        assertUnauthorized("not a token", "the token cannot be read");
        assertUnauthorized(none, "the token cannot be read");
        assertUnauthorized(hmac, "the token is not signed with RS256");
        assertUnauthorized(otherClaims, "the signature does not verify");
        assertUnauthorized(token(otherIssuer, AUDIENCE, List.of(), 900), "the issuer has no such key");
        assertUnauthorized(token(issuer, "somebody else", List.of(), 900), "the token has another audience");
        assertUnauthorized(token(issuer, AUDIENCE, List.of(), 0), "the token has expired");
        assertUnauthorized(token(issuer, AUDIENCE, List.of(), -60), "the token has expired");
    }

    @Test
    void aTokenFromTheFutureIsUnauthorized() throws Exception {
        // The same issuer, at a gateway whose clock is a minute behind.
        ApiResource resource = new ApiResource(
                "Api",
                Map.of("Jwt", new ApiResource.JwtAuthorizer(issuer.url().toString(), List.of(AUDIENCE))),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        try (HttpApi behind = HttpApi.start(
                BlockingHttpServer.anyPort(),
                "1",
                resource,
                List.of(route("POST", "/guarded", "Jwt", List.of())),
                InstantSource.fixed(NOW.minusSeconds(60)))) {
            HttpResponse<String> response =
                    send(HttpRequest.newBuilder(behind.url().resolve("/guarded"))
                            .header("Authorization", "Bearer " + token(issuer, AUDIENCE, List.of(), 900))
                            .POST(HttpRequest.BodyPublishers.noBody()));

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("www-authenticate").orElse(""))
                    .contains("the token is not valid yet");
        }
    }

    @Test
    void oneOfTheRoutesScopesIsNeeded() throws Exception {
        answers("{}");

        HttpResponse<String> without = guarded("/scoped", "Bearer " + token(issuer, AUDIENCE, List.of("read"), 900));
        HttpResponse<String> with =
                guarded("/scoped", "Bearer " + token(issuer, AUDIENCE, List.of("read", "write"), 900));

        assertThat(without.statusCode()).isEqualTo(403);
        assertThat(without.body()).isEqualTo("{\"message\":\"Forbidden\"}");
        assertThat(with.statusCode()).isEqualTo(200);
        assertThat(event().at("/requestContext/authorizer/jwt/scopes"))
                .isEqualTo(JSON.readTree("[\"write\",\"admin\"]"));
    }

    // ---- the answer

    @Test
    void anAnswerIsMappedWhole() throws Exception {
        answers("""
                {"statusCode": 201, "headers": {"X-One": "1", "Content-Type": "text/plain", "X-Number": 5},
                 "cookies": ["a=1; Secure", "b=2"], "body": "grüß", "isBase64Encoded": false}
                """);

        HttpResponse<String> response = send(request("/open").POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("grüß");
        assertThat(response.headers().firstValue("x-one")).hasValue("1");
        assertThat(response.headers().firstValue("x-number")).hasValue("5");
        assertThat(response.headers().allValues("content-type")).containsExactly("text/plain");
        assertThat(response.headers().allValues("set-cookie")).containsExactlyInAnyOrder("a=1; Secure", "b=2");
    }

    @Test
    void aBase64BodyIsDecoded() throws Exception {
        answers("{\"statusCode\":200,\"body\":\"AAEC\",\"isBase64Encoded\":true}");

        HttpResponse<byte[]> response = http.send(
                request("/open").POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.body()).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "[1]", "\"text\"", "null", "{}"})
    void bareJsonIsTheBodyOfA200(String payload) throws Exception {
        answers(payload);

        HttpResponse<String> response = send(request("/any").method("PATCH", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(payload);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "{\"a\":1} and more",
                "{\"statusCode\":\"200\"}",
                "{\"statusCode\":99}",
                "{\"statusCode\":200,\"body\":{}}",
                "{\"statusCode\":200,\"headers\":[]}",
                "{\"statusCode\":200,\"headers\":{\"x\":{}}}",
                "{\"statusCode\":200,\"headers\":{\"x y\":\"1\"}}",
                "{\"statusCode\":200,\"headers\":{\"x\":\"1\\r\\nset-cookie: a=b\"}}",
                "{\"statusCode\":200,\"cookies\":\"a=b\"}",
                "{\"statusCode\":200,\"body\":\"%\",\"isBase64Encoded\":true}",
            })
    void aMalformedAnswerIsA500(String payload) throws Exception {
        answers(payload);

        assertOwn(500, "Internal Server Error");
    }

    @Test
    void aFunctionThatFailsIsA500() throws Exception {
        ends(new Outcome.Failed("Runtime.UserException", "{\"errorMessage\":\"inner\"}"));
        assertOwn(500, "Internal Server Error");

        ends(new Outcome.Crashed(1));
        assertOwn(500, "Internal Server Error");

        ends(new Outcome.InitFailed("Runtime.InitError", "{}"));
        assertOwn(500, "Internal Server Error");
    }

    @Test
    void aFunctionThatIsTooSlowIsA503() throws Exception {
        ends(new Outcome.TimedOut(Duration.ofSeconds(10)));
        assertOwn(503, "Service Unavailable");

        CompletableFuture<Invocation> inLine = new CompletableFuture<>();
        answer.set(inLine); // longer than the route's own time
        assertOwn(503, "Service Unavailable");
        assertThat(inLine).isCancelled();
    }

    @Test
    void anAnswerCanBeLostOnItsWayBack() throws Exception {
        answers("{}");
        api.wayBack(reply -> new Reply.Reset());
        try {
            assertThatThrownBy(() -> send(request("/any").GET())).isInstanceOf(IOException.class);
            assertThat(event().at("/rawPath").asText()).isEqualTo("/any");
        } finally {
            api.wayBack(reply -> reply);
        }

        assertThat(send(request("/any").GET()).statusCode()).isEqualTo(200);
    }

    // ---- limits

    @Test
    void tenMegabytesAreTheLimit() throws Exception {
        answers("{\"statusCode\":204}");

        HttpResponse<String> most =
                send(request("/open").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10 << 20])));
        HttpResponse<String> over =
                send(request("/open").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[(10 << 20) + 1])));

        assertThat(most.statusCode()).isEqualTo(204);
        assertThat(over.statusCode()).isEqualTo(413);
        assertThat(over.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
    }

    @Test
    void aHeadOverTenKilobytesIsRefused() throws Exception {
        HttpResponse<String> response =
                send(request("/open").header("x-long", "x".repeat(10_240)).POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(431);
        assertThat(response.body()).isEqualTo("{\"message\":\"Request Header Fields Too Large\"}");
    }

    @Test
    void aRouteTakesItsBurstAndThenItsRateAndNoOtherRouteIsThrottledForIt() throws Exception {
        answers("{\"statusCode\":204}");
        SettableClock clock = new SettableClock(NOW);
        ApiResource throttled = new ApiResource(
                "Api",
                Map.of("Jwt", new ApiResource.JwtAuthorizer(issuer.url().toString(), List.of(AUDIENCE))),
                Optional.empty(),
                Optional.of(new ApiResource.Throttle(1, 1)),
                Map.of("POST /guarded", new ApiResource.Throttle(5, 2)));
        List<BoundRoute> routes =
                List.of(route("POST", "/guarded", "Jwt", List.of()), route("POST", "/open", "", List.of()));
        String token = "Bearer " + token(issuer, AUDIENCE, List.of(), 900);
        try (HttpApi slow = HttpApi.start(BlockingHttpServer.anyPort(), "1", throttled, routes, clock)) {
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(204);
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(204);

            HttpResponse<String> tooMany = post(slow, "/guarded", token);
            assertThat(tooMany.statusCode()).isEqualTo(429);
            assertThat(tooMany.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");
            assertThat(tooMany.headers().firstValue("retry-after")).isEmpty();
            // Before the token is looked at.
            assertThat(post(slow, "/guarded", "nonsense").statusCode()).isEqualTo(429);
            assertThat(post(slow, "/open", "").statusCode()).isEqualTo(204);
            assertThat(post(slow, "/open", "").statusCode()).isEqualTo(429);

            clock.advance(Duration.ofMillis(199));
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(429);
            clock.advance(Duration.ofMillis(1));
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(204);
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(429);

            clock.advance(Duration.ofMinutes(5));
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(204);
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(204);
            assertThat(post(slow, "/guarded", token).statusCode()).isEqualTo(429);
        }
        try (HttpApi free = HttpApi.start(BlockingHttpServer.anyPort(), "1", throttled.unthrottled(), routes, clock)) {
            for (int i = 0; i < 20; i++) {
                assertThat(post(free, "/guarded", token).statusCode()).isEqualTo(204);
            }
        }
    }

    // ---- browsers

    @Test
    void aPreflightIsAnsweredWithoutATokenAndOnlyAllowedOriginsAreToldTheRules() throws Exception {
        try (HttpApi browsers = forBrowsers()) {
            HttpResponse<String> allowed = preflight(browsers, "/guarded", "https://app.example.com");
            HttpResponse<String> noSuchRoute = preflight(browsers, "/nowhere", "https://app.example.com");
            HttpResponse<String> other = preflight(browsers, "/guarded", "https://evil.example.com");

            assertThat(List.of(allowed.statusCode(), noSuchRoute.statusCode(), other.statusCode()))
                    .containsOnly(204);
            assertThat(cors(allowed))
                    .isEqualTo(Map.of(
                            "access-control-allow-origin", "https://app.example.com",
                            "access-control-allow-methods", "GET,POST",
                            "access-control-allow-headers", "authorization,x-stamp",
                            "access-control-expose-headers", "retry-after",
                            "access-control-max-age", "600"));
            assertThat(cors(other)).isEmpty();
            assertThat(send(HttpRequest.newBuilder(browsers.url().resolve("/guarded"))
                                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                            .headers()
                            .map())
                    .doesNotContainKey("access-control-allow-origin");
        }
        assertThat(preflight(api, "/guarded", "https://app.example.com").statusCode())
                .isEqualTo(404);
    }

    @Test
    void anAnswerHasTheHeadersOfTheRulesInPlaceOfTheFunctionsOwn() throws Exception {
        answers("{\"statusCode\":200,\"headers\":{\"Access-Control-Allow-Origin\":\"*\",\"X-One\":\"1\"}}");
        try (HttpApi browsers = forBrowsers()) {
            HttpResponse<String> allowed = from(browsers, "/open", "https://app.example.com");
            HttpResponse<String> other = from(browsers, "/open", "https://evil.example.com");

            assertThat(cors(allowed))
                    .isEqualTo(Map.of(
                            "access-control-allow-origin", "https://app.example.com",
                            "access-control-expose-headers", "retry-after"));
            assertThat(cors(other)).isEmpty();
            assertThat(other.headers().firstValue("x-one")).hasValue("1");
            // Documented is only that a function's answers have them.
            HttpResponse<String> own = from(browsers, "/guarded", "https://app.example.com");
            assertThat(own.statusCode()).isEqualTo(401);
            assertThat(cors(own)).isEmpty();
        }
    }

    private HttpApi forBrowsers() {
        ApiResource.Cors rules = new ApiResource.Cors(
                List.of("https://app.example.com", "http://localhost:5173"),
                List.of("GET", "POST"),
                List.of("authorization", "x-stamp"),
                List.of("retry-after"),
                600);
        return HttpApi.start(
                BlockingHttpServer.anyPort(),
                "1",
                new ApiResource(
                        "Api",
                        Map.of("Jwt", new ApiResource.JwtAuthorizer(issuer.url().toString(), List.of(AUDIENCE))),
                        Optional.of(rules),
                        Optional.empty(),
                        Map.of()),
                List.of(route("POST", "/guarded", "Jwt", List.of()), route("POST", "/open", "", List.of())),
                InstantSource.fixed(NOW));
    }

    private HttpResponse<String> preflight(HttpApi of, String path, String origin) throws Exception {
        return send(HttpRequest.newBuilder(of.url().resolve(path))
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> from(HttpApi of, String path, String origin) throws Exception {
        return send(HttpRequest.newBuilder(of.url().resolve(path))
                .header("Origin", origin)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> post(HttpApi to, String path, String authorization) throws Exception {
        return send(HttpRequest.newBuilder(to.url().resolve(path))
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static Map<String, String> cors(HttpResponse<String> response) {
        return response.headers().map().entrySet().stream()
                .filter(header -> header.getKey().startsWith("access-control-"))
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join("|", header.getValue())));
    }

    // ----

    private BoundRoute route(String method, String path, String authorizer, List<String> scopes) {
        return new BoundRoute(new Route("Api", method, path, authorizer, scopes, Duration.ofMillis(500)), input -> {
            event.set(input);
            return answer.get();
        });
    }

    private void answers(String payload) {
        ends(new Outcome.Answered(payload));
    }

    private void ends(Outcome outcome) {
        answer.set(CompletableFuture.completedFuture(new Invocation("r-1", outcome, Duration.ZERO, Optional.empty())));
    }

    private JsonNode event() throws IOException {
        return JSON.readTree(event.get());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api.url() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> guarded(String path, String authorization) throws Exception {
        return send(request(path).header("Authorization", authorization).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private void assertUnauthorized(String token, String why) throws Exception {
        HttpResponse<String> response = guarded("/guarded", "Bearer " + token);

        assertThat(response.statusCode()).as(why).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
        assertThat(response.headers().firstValue("www-authenticate"))
                .hasValue("Bearer scope=\"\" error=\"invalid_token\" error_description=\"" + why + "\"");
    }

    private void assertOwn(int status, String message) throws Exception {
        HttpResponse<String> response = send(request("/open").POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo("{\"message\":\"" + message + "\"}");
    }

    private static String token(OidcIssuer of, String audience, List<String> scopes, long seconds) {
        return of.token("ada", audience, Map.of("organization", "o-1"), scopes, Duration.ofSeconds(seconds));
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private void overSocket(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(api.url().getHost(), api.url().getPort()));
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream answered = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answered);
            assertThat(answered.toString(StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 200");
        }
    }
}
