package finance.votis.sessions.runner.outsiders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** JSON over HTTP, as anybody outside speaks to the API and to Turnkey. Thread-safe. */
public final class Wire implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(35);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * What came back.
     *
     * @param contentType empty if there was none
     * @param retryAfter of the header of that name, in seconds
     * @param body a missing node where it was empty
     */
    public record Answer(int status, String contentType, Optional<Duration> retryAfter, JsonNode body) {
        /** A text member that the answer promises. */
        public String text(String member) throws DidNotHold {
            JsonNode value = body.path(member);
            if (!value.isTextual() || value.asText().isEmpty()) {
                throw new DidNotHold("the answer has no " + member);
            }
            return value.asText();
        }

        /** This status, or the story ends with the one that came; a body is shown only if it is a refusal. */
        public Answer expect(int wanted) throws DidNotHold {
            if (status != wanted) {
                throw new DidNotHold("answered " + status + " and not " + wanted + (status >= 400 ? ": " + body : ""));
            }
            return this;
        }

        public void expectText(String member, String wanted) throws DidNotHold {
            if (!text(member).equals(wanted)) {
                throw new DidNotHold(member + " is another than it should be");
            }
        }
    }

    public Answer post(URI uri, Map<String, String> headers, byte[] body) throws DidNotHold {
        return send("POST", uri, headers, body);
    }

    /**
     * A body goes as JSON.
     *
     * @throws NoAnswer if there was none
     */
    public Answer send(String method, URI uri, Map<String, String> headers, byte[] body) throws DidNotHold {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (method.equals("POST")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers()
                            .firstValue("retry-after")
                            .filter(value -> value.matches("[0-9]{1,5}"))
                            .map(value -> Duration.ofSeconds(Integer.parseInt(value))),
                    json(response.body()));
        } catch (IOException e) {
            throw new NoAnswer(uri.getPath(), e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DidNotHold("interrupted");
        }
    }

    public static JsonNode json(String text) throws DidNotHold {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new DidNotHold("the answer is not JSON");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
