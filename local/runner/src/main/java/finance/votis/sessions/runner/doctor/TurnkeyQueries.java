package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.turnkey.ClockSkew;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Asks Turnkey about organisations. There is no path here that changes anything. For one thread; it does not close its stamper. */
final class TurnkeyQueries implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A hundred users with all that they may have. */
    private static final long LONGEST_ANSWER = 8 << 20;

    /** What can be asked. */
    enum Query {
        LIST_USERS("list_users"),
        LIST_POLICIES("list_policies"),
        GET_ORGANIZATION_CONFIGS("get_organization_configs");

        private final String name;

        Query(String name) {
            this.name = name;
        }
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
    private final URI turnkey;
    private final LocalStamper stamper;
    private final InstantSource clock;
    private Optional<Duration> clockOff = Optional.empty();

    TurnkeyQueries(URI turnkey, LocalStamper stamper, InstantSource clock) {
        this.turnkey = turnkey;
        this.stamper = stamper;
        this.clock = clock;
    }

    /** How far this machine's clock was ahead when it was more than two minutes off, negative if behind. */
    Optional<Duration> clockOff() {
        return clockOff;
    }

    /**
     * @return empty: the key that stamps is registered neither there nor in its parent
     * @throws CannotLookException where Turnkey does not answer, or refuses for another reason
     */
    Optional<JsonNode> ask(Query query, String organizationId) throws CannotLookException {
        byte[] body = ("{\"organizationId\":\"" + organizationId + "\"}").getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(turnkey.resolve("/public/v1/query/" + query.name))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-Stamp", stamper.stamp(body).headerValue())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        Instant sent = clock.instant();
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        } catch (IOException e) {
            throw new CannotLookException("Turnkey gave no answer to " + query.name + ": "
                    + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotLookException("interrupted");
        }
        Optional<Duration> off = date(answer).flatMap(made -> ClockSkew.overLimit(sent, made, clock.instant()));
        if (off.isPresent()) {
            clockOff = off;
        }
        return read(query, answer);
    }

    private static Optional<JsonNode> read(Query query, HttpResponse<byte[]> answer) throws CannotLookException {
        JsonNode json;
        try {
            json = JSON.readTree(answer.body());
        } catch (JacksonException e) {
            throw new CannotLookException(refused(query, answer.statusCode()) + " and no JSON");
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to be read", e);
        }
        if (answer.statusCode() == 200) {
            return Optional.of(json);
        }
        String code = json.at("/details/0/turnkeyErrorCode").asText();
        if (code.equals("PUBLIC_KEY_NOT_FOUND")) {
            return Optional.empty();
        }
        throw new CannotLookException(
                refused(query, answer.statusCode()) + (code.matches("[A-Z0-9_]{1,64}") ? " " + code : ""));
    }

    private static String refused(Query query, int status) {
        return "Turnkey answered " + query.name + " with " + status;
    }

    /** RFC 9110, section 5.6.7. */
    private static Optional<Instant> date(HttpResponse<byte[]> answer) {
        try {
            return answer.headers()
                    .firstValue("Date")
                    .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
