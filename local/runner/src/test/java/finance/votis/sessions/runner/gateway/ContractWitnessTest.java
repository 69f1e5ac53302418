package finance.votis.sessions.runner.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.ApiResource;
import finance.votis.sessions.runner.template.FunctionResource.Route;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That the local gateway shows each exchange to the contract's witness, and has pages only where the API has no route. */
class ContractWitnessTest {
    private static final String HEADERS = "\"content-type\":\"application/json\",\"x-request-id\":\"id\"";

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpApi api = HttpApi.start(
            BlockingHttpServer.anyPort(),
            "123456789012",
            new ApiResource("Api", Map.of(), Optional.empty(), Optional.empty(), Map.of()),
            List.of(
                    answering("/v1/sessions", HEADERS + ",\"cache-control\":\"no-store\""),
                    answering("/v1/sessions/{apiKeyId}", HEADERS),
                    answering("/docs/contract.js", HEADERS)),
            Optional.of(new ContractPages(Checkout.root().resolve("docs/openapi.yaml"))),
            ServiceLoader.load(ExchangeWitness.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList(),
            InstantSource.fixed(Instant.parse("2026-11-23T21:00:00Z")));

    @AfterEach
    void close() {
        http.close();
        api.close();
    }

    @Test
    void whatTheContractAllowsPasses() throws Exception {
        HttpResponse<String> response = get("/v1/sessions?current=00000000-0000-4000-8000-0000000000e1");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void whatTheContractForbidsIsA500ThatSaysWhy() throws Exception {
        HttpResponse<String> response = get("/v1/sessions?current=all");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("breaks docs/openapi.yaml", "the document does not allow this request");
    }

    @Test
    void aRouteThatTheContractDoesNotHaveIsToldToo() throws Exception {
        assertThat(get("/v1/sessions/00000000-0000-4000-8000-0000000000e1").body())
                .contains("breaks docs/openapi.yaml", "no such route");
    }

    @Test
    void theApiGoesBeforeThePages() throws Exception {
        assertThat(get("/docs").headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(get("/docs/contract.js").body()).contains("no such route");
        assertThat(http.send(
                                HttpRequest.newBuilder(URI.create(api.url() + "/docs"))
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(api.url() + path))
                        .header("Authorization", "Bearer of-no-matter")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static BoundRoute answering(String path, String headers) {
        String payload = "{\"statusCode\":200,\"headers\":{" + headers + "},\"body\":\"{\\\"sessions\\\":[]}\"}";
        return new BoundRoute(
                new Route("Api", "GET", path, "", List.of(), Duration.ofSeconds(5)),
                event -> CompletableFuture.completedFuture(
                        new Invocation("r-1", new Outcome.Answered(payload), Duration.ZERO, Optional.empty())));
    }
}
