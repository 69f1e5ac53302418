package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.gateway.BoundRoute;
import finance.votis.sessions.runner.gateway.HttpApi;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.ApiResource;
import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.References;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.oidc.OidcIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What template.yaml says of the edge, on a socket: its own API in front of functions that answer 204 to whatever reaches them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeTest {
    private static final References REFERENCES = (logicalId, attribute) -> Optional.of(logicalId + "." + attribute);

    /** It stands still, so that no bucket fills up. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T21:00:00Z"));

    private final OidcIssuer issuer = OidcIssuer.start(BlockingHttpServer.anyPort(), CLOCK, new SecureRandom());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void close() {
        http.close();
        issuer.close();
    }

    @Test
    void aTokenWithoutTheScopeOfARouteIsForbiddenThere() throws Exception {
        Deployment deployment = deployment(Map.of("RelayScope", "https://api.example.com/relay"));
        List<FunctionResource.Route> routes = routes(deployment);
        TreeSet<String> all = new TreeSet<>();
        routes.forEach(route -> all.addAll(route.scopes()));
        assertThat(all).hasSize(5).contains("https://api.example.com/relay");
        try (HttpApi api = start(deployment)) {
            for (FunctionResource.Route route : routes) {
                TreeSet<String> others = new TreeSet<>(all);
                others.removeAll(route.scopes());

                HttpResponse<String> without = call(api, route, token(List.copyOf(others)));
                HttpResponse<String> none = call(api, route, token(List.of()));
                HttpResponse<String> with = call(api, route, token(route.scopes()));

                assertThat(without.statusCode()).as(route.key()).isEqualTo(403);
                assertThat(without.body()).isEqualTo("{\"message\":\"Forbidden\"}");
                assertThat(none.statusCode()).as(route.key()).isEqualTo(403);
                assertThat(with.statusCode()).as(route.key()).isEqualTo(204);
            }
        }
    }

    @Test
    void noRouteIsForgottenWhenTheyAreThrottled() throws Exception {
        Deployment deployment = deployment(Map.of());
        ApiResource resource = deployment.apis(REFERENCES).getFirst();
        assertThat(resource.throttles().keySet())
                .containsExactlyInAnyOrderElementsOf(routes(deployment).stream()
                        .map(FunctionResource.Route::key)
                        .toList());
        try (HttpApi api = start(deployment)) {
            for (FunctionResource.Route route : routes(deployment)) {
                String token = token(route.scopes());
                for (int i = resource.throttle(route.key()).orElseThrow().burst(); i > 0; i--) {
                    assertThat(call(api, route, token).statusCode())
                            .as(route.key())
                            .isEqualTo(204);
                }
                assertThat(call(api, route, token).statusCode()).as(route.key()).isEqualTo(429);
            }
        }
    }

    /** Under each of these parameters: else the stage could not be made, and reading the API here fails too. */
    @ParameterizedTest
    @ValueSource(strings = {"true delegate", "false delegate", "false kms", "true secret"})
    void noRouteIsThrottledThatIsNotThere(String parameters) throws Exception {
        String[] values = parameters.split(" ", -1);
        Deployment deployment =
                deployment(Map.of("DeployBackendStampedRoutes", values[0], "SessionsStampedBy", values[1]));

        assertThat(deployment.apis(REFERENCES).getFirst().throttles()).hasSameSizeAs(routes(deployment));
    }

    @Test
    void noWebAppMayCallUnlessItsOriginIsAParameter() throws Exception {
        assertThat(deployment(Map.of()).apis(REFERENCES).getFirst().cors()).isEmpty();

        Deployment deployment = deployment(Map.of("BrowserOrigins", "https://app.example.com,http://localhost:5173"));
        ApiResource.Cors cors = deployment.apis(REFERENCES).getFirst().cors().orElseThrow();
        assertThat(cors.origins()).containsExactly("https://app.example.com", "http://localhost:5173");
        assertThat(cors.methods())
                .containsExactlyInAnyOrderElementsOf(new TreeSet<>(routes(deployment).stream()
                        .map(FunctionResource.Route::method)
                        .toList()));
        assertThat(cors.headers()).contains("authorization", "content-type", "x-stamp", "x-stamp-webauthn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://*.example.com",
                "http://app.example.com",
                "https://app.example.com/",
                "https://a.example.com, https://b.example.com",
                "https://a.example.com,",
                "null"
            })
    void anOriginIsWrittenWholeAndWithTls(String origins) {
        assertThatThrownBy(() -> deployment(Map.of("BrowserOrigins", origins)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("AllowedPattern");
    }

    private Deployment deployment(Map<String, String> parameters) throws TemplateException {
        Map<String, String> all = new HashMap<>(Map.of(
                "DeployBackendStampedRoutes",
                "true",
                "JwtIssuer",
                issuer.url().toString(),
                "JwtAudience",
                Surroundings.AUDIENCE,
                "NightlyOrganizationId",
                "00000000-0000-4000-8000-000000000001"));
        all.putAll(parameters);
        return Template.read(Checkout.root().resolve("template.yaml"))
                .with(
                        all,
                        Map.of(
                                "AWS::AccountId", "123456789012",
                                "AWS::Partition", "aws",
                                "AWS::Region", "eu-central-1",
                                "AWS::StackName", "s",
                                "AWS::URLSuffix", "amazonaws.com"));
    }

    private static List<FunctionResource.Route> routes(Deployment deployment) throws TemplateException {
        return deployment.functions(REFERENCES).stream()
                .flatMap(function -> function.routes().stream())
                .toList();
    }

    private static HttpApi start(Deployment deployment) throws TemplateException {
        Invocation done =
                new Invocation("r-1", new Outcome.Answered("{\"statusCode\":204}"), Duration.ZERO, Optional.empty());
        return HttpApi.start(
                BlockingHttpServer.anyPort(),
                "123456789012",
                deployment.apis(REFERENCES).getFirst(),
                routes(deployment).stream()
                        .map(route -> new BoundRoute(route, event -> CompletableFuture.completedFuture(done)))
                        .toList(),
                CLOCK);
    }

    private String token(List<String> scopes) {
        return issuer.token("ada", Surroundings.AUDIENCE, Map.of(), scopes, Duration.ofMinutes(5));
    }

    private HttpResponse<String> call(HttpApi api, FunctionResource.Route route, String token) throws Exception {
        URI uri = URI.create(api.url() + route.path().replaceAll("\\{[^}]+}", "x"));
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .method(route.method(), HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
