package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.crypto.LocalStamper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A caller over a real socket: stamps what it is told and posts it. */
final class Phone implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What came back. */
    record Answer(int status, JsonNode body, HttpResponse<String> http) {
        String code() {
            for (JsonNode detail : body.path("details")) {
                if (detail.has("turnkeyErrorCode")) {
                    return detail.get("turnkeyErrorCode").asText();
                }
            }
            return "";
        }

        /** Status, Turnkey's code where there is one, and its message. */
        String refusal() {
            String code = code();
            return status + (code.isEmpty() ? "" : " " + code) + ": "
                    + body.path("message").asText();
        }

        JsonNode activity() {
            return body.path("activity");
        }

        /** The one result of a completed activity. */
        JsonNode result() {
            JsonNode activity = activity();
            if (!activity.path("status").asText().equals("ACTIVITY_STATUS_COMPLETED")) {
                throw new AssertionError("not completed: " + refusal() + " " + activity.path("status"));
            }
            return activity.path("result").elements().next();
        }
    }

    private final URI url;
    private final HttpClient http = HttpClient.newHttpClient();

    Phone(URI url) {
        this.url = url;
    }

    Answer post(Endpoint endpoint, KeyPair key, String body) throws IOException, InterruptedException {
        try (LocalStamper stamper = key.stamper()) {
            return post(endpoint, stamper, body);
        }
    }

    Answer post(Endpoint endpoint, LocalStamper stamper, String body) throws IOException, InterruptedException {
        return send(
                endpoint,
                body,
                "X-Stamp",
                stamper.stamp(body.getBytes(StandardCharsets.UTF_8)).headerValue());
    }

    /** @param headers names and values in turn */
    Answer send(Endpoint endpoint, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = to(endpoint.path()).POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        boolean json = response.headers().firstValue("content-type").orElse("").equals("application/json");
        return new Answer(
                response.statusCode(), json ? JSON.readTree(response.body()) : JSON.createObjectNode(), response);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        http.close();
    }
}
