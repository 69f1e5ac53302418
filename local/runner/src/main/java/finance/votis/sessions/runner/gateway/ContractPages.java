package finance.votis.sessions.runner.gateway;

import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The contract, and Swagger UI to browse it: what this machine serves besides the API, to anybody. All of it comes from this process, so it
 * works without a network, and its policy lets a browser ask nobody else. Immutable.
 */
public final class ContractPages {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

    private final Path openApi;

    /** @param openApi the document, read anew for each request */
    public ContractPages(Path openApi) {
        this.openApi = openApi;
    }

    /** Empty if there is nothing here by this method and path. */
    Optional<Reply.Whole> answer(Request request) {
        if (!request.method().equals("GET")) {
            return Optional.empty();
        }
        return switch (request.path()) {
            case "/openapi.yaml" -> document();
            case "/docs" -> Optional.of(page(HTML, resource("contract.html")));
            case "/docs/contract.js" -> Optional.of(page(JAVASCRIPT, resource("contract.js")));
            case "/docs/swagger-ui.css" -> Optional.of(page(CSS, resource(WEBJAR + "swagger-ui.css")));
            case "/docs/swagger-ui-bundle.js" ->
                Optional.of(page(JAVASCRIPT, resource(WEBJAR + "swagger-ui-bundle.js")));
            case "/docs/favicon-32x32.png" -> Optional.of(page("image/png", resource(WEBJAR + "favicon-32x32.png")));
            default -> Optional.empty();
        };
    }

    private Optional<Reply.Whole> document() {
        try {
            return Optional.of(page("application/yaml", Files.readAllBytes(openApi)));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    private static Reply.Whole page(String contentType, byte[] body) {
        return Reply.of(200, contentType, body)
                .with("Content-Security-Policy", POLICY)
                .with("X-Content-Type-Options", "nosniff")
                .with("Cache-Control", "no-cache");
    }

    private static String version() {
        var properties = new Properties();
        try (InputStream file = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] resource(String name) {
        try (InputStream file = open(name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(ContractPages.class.getResourceAsStream(name), name);
    }
}
