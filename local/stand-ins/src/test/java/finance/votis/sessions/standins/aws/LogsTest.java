package finance.votis.sessions.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of functions as AWS's documentation of FilterLogEvents says that they are read. */
class LogsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GROUP = "/aws/lambda/client-session";
    private static final String EITHER = "{ ($.activityId = \"*\") || ($.fingerprint = \"*\") }";
    private static final Instant START = Instant.parse("2026-11-23T21:00:00Z");
    private static final String SIGNATURE =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/eu-central-1/logs/aws4_request,"
                    + " SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0".repeat(64);

    private final TestClock clock = new TestClock(START);
    private final AwsStandIn aws = AwsStandIn.start(BlockingHttpServer.anyPort(), clock, new SecureRandom());
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void group() {
        aws.createLogGroup(GROUP);
    }

    @AfterEach
    void close() {
        http.close();
        aws.close();
    }

    @Test
    void aLineIsReadAsItWasWritten() throws Exception {
        aws.putLogLine(GROUP, "one", "{\"outcome\":\"created\"}");

        JsonNode event = page(query()).at("/events/0");

        assertThat(event.path("message").textValue()).isEqualTo("{\"outcome\":\"created\"}");
        assertThat(event.path("logStreamName").textValue()).isEqualTo("one");
        assertThat(event.path("timestamp").longValue()).isEqualTo(START.toEpochMilli());
    }

    @Test
    void startAndEndAreBothWithinWhatIsAskedFor() throws Exception {
        for (int second = 0; second < 4; second++) {
            write("line " + second);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(messages(page(query().put("startTime", START.plusSeconds(1).toEpochMilli())
                        .put("endTime", START.plusSeconds(2).toEpochMilli()))))
                .containsExactly("line 1", "line 2");
    }

    @Test
    void aPatternFindsTheLinesWhoseJsonHasOneOfItsMembersAsATextOrANumber() throws Exception {
        List<String> found = List.of(
                "{\"activityId\":\"one\"}",
                "{\"outcome\":\"failed\",\"fingerprint\":\"sha256:00\"}",
                "{\"activityId\":\"two\",\"fingerprint\":\"sha256:01\"}",
                "{\"activityId\":3}");
        found.forEach(this::write);
        List.of(
                        "{\"outcome\":\"refused\"}",
                        "{\"record\":{\"activityId\":\"four\"}}",
                        "{\"activityId\":null}",
                        "{\"activityId\":[\"five\"]}",
                        "{\"activityId\":\"six\"} and more",
                        "[\"activityId\"]",
                        "activityId",
                        "")
                .forEach(this::write);

        assertThat(messages(page(query().put("filterPattern", EITHER)))).isEqualTo(found);
    }

    @Test
    void whatAPatternLeavesOutFillsNoPage() throws Exception {
        for (int i = 0; i < 120; i++) {
            write("{\"outcome\":\"refused\"}");
        }
        write("{\"activityId\":\"one\"}");

        JsonNode page = page(query().put("filterPattern", EITHER));

        assertThat(messages(page)).hasSize(1);
        assertThat(page.has("nextToken")).isFalse();
    }

    @Test
    void manyComeInPagesOfWhichSomeAreEmptyAndNotTheLast() throws Exception {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            written.add("line " + i);
            write("line " + i);
        }

        List<String> read = new ArrayList<>();
        int emptyOnes = 0;
        JsonNode page = page(query());
        while (page.has("nextToken")) {
            read.addAll(messages(page));
            emptyOnes += page.path("events").isEmpty() ? 1 : 0;
            page = page(query().put("nextToken", page.path("nextToken").textValue()));
        }
        read.addAll(messages(page));

        assertThat(read).isEqualTo(written);
        assertThat(emptyOnes).isPositive();
    }

    @Test
    void aTokenOfAnotherSearchIsRefused() throws Exception {
        for (int i = 0; i < 51; i++) {
            write("line " + i);
        }

        assertThat(refusal(query().put("nextToken", token()).put("startTime", 1)))
                .isEqualTo("InvalidParameterException");
        assertThat(refusal(query().put("nextToken", token()).put("filterPattern", EITHER)))
                .isEqualTo("InvalidParameterException");
    }

    @Test
    void aGroupThatIsNotThereIsNotFound() throws Exception {
        assertThat(refusal(query().put("logGroupName", "another"))).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void whatIsLeftOutIsToldAndNotPassedOver() throws Exception {
        assertThat(refusal(query().put("logStreamNamePrefix", "2026"))).isEqualTo("InvalidParameterException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "created",
                "{ ($.activityId = \"one\") }",
                "{ ($.activityId = \"*\") && ($.fingerprint = \"*\") }",
                "{ ($.activityId NOT EXISTS) }",
                "{ ($.record.activityId = \"*\") }",
                "{ ($.activityId = \"*\")"
            })
    void soIsAPatternOfAnotherForm(String pattern) throws Exception {
        assertThat(refusal(query().put("filterPattern", pattern))).isEqualTo("InvalidParameterException");
    }

    private String token() throws Exception {
        return page(query()).path("nextToken").textValue();
    }

    private void write(String line) {
        aws.putLogLine(GROUP, "one", line);
    }

    private static ObjectNode query() {
        return JSON.createObjectNode().put("logGroupName", GROUP);
    }

    private static List<String> messages(JsonNode page) {
        return page.path("events").findValuesAsText("message");
    }

    private JsonNode page(ObjectNode query) throws Exception {
        HttpResponse<String> answer = send(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private String refusal(ObjectNode query) throws Exception {
        HttpResponse<String> answer = send(query);
        assertThat(answer.statusCode()).isEqualTo(400);
        return JSON.readTree(answer.body()).path("__type").textValue();
    }

    private HttpResponse<String> send(ObjectNode query) throws Exception {
        return http.send(
                HttpRequest.newBuilder(aws.url().resolve("/"))
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .header("X-Amz-Target", "Logs_20140328.FilterLogEvents")
                        .header("X-Amz-Date", "20261123T210000Z")
                        .header("Authorization", SIGNATURE)
                        .POST(HttpRequest.BodyPublishers.ofString(query.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
