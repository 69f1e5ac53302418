package finance.votis.sessions.runner.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.template.FunctionResource.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">API Gateway</a>. */
class RouterTest {
    private final Router router = new Router(Stream.of(
                    "ANY $default",
                    "GET /{rest+}",
                    "ANY /pets/{id}",
                    "GET /pets/{id}",
                    "GET /pets/dog",
                    "GET /pets/dog/{any}",
                    "GET /pets/{id}/1")
            .map(key -> key.split(" ", -1))
            .map(key -> new Route("Api", key[0], key[1], "", List.of(), Duration.ofSeconds(1)))
            .map(route -> new BoundRoute(route, event -> new CompletableFuture<>()))
            .toList());

    @ParameterizedTest
    @CsvSource({
        "GET, /pets/dog, GET /pets/dog",
        "GET, /pets/cat, GET /pets/{id}",
        "POST, /pets/dog, ANY /pets/{id}",
        "GET, /pets/dog/1, GET /pets/dog/{any}",
        "GET, /pets/cat/1, GET /pets/{id}/1",
        "GET, /pets/cat/2, GET /{rest+}",
        "GET, /anything, GET /{rest+}",
        "POST, /anything, $default",
    })
    void theMostSpecificRouteIsTaken(String method, String path, String key) {
        assertThat(router.match(method, path).map(match -> match.route().route().key()))
                .hasValue(key);
    }
}
