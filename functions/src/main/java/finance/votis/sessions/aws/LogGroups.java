package finance.votis.sessions.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;

/**
 * Reads what functions wrote, in CloudWatch Logs. One operation, signed and sent by the SDK's own parts: its module for the whole service would
 * not fit into the package. Thread-safe.
 */
public final class LogGroups {

    private static final String OPERATION = "FilterLogEvents";
    /** A page may be a search through a megabyte and more. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_SENDS = 4;
    /** A page is a megabyte of events (AWS docs: FilterLogEvents), and more once it is quoted. */
    private static final int LONGEST_PAGE = 8 * 1024 * 1024;

    private final String region;
    private final URI endpoint;
    private final Waiting waiting;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsProvider credentials;
    private final SdkHttpClient http;

    /**
     * Which lines of a group: JSON, written at {@code from} or later and at {@code to} or before, by CloudWatch's time of them.
     *
     * @param withAny what such a line names, at least one of them
     */
    public record Lines(Instant from, Instant to, List<LogField> withAny) {

        public Lines {
            withAny = List.copyOf(withAny);
        }

        /** A member whose text is anything is one that is there (AWS docs: "Filter pattern syntax", JSON). */
        private String pattern() {
            return withAny.stream()
                    .map(field -> "($." + field.memberName() + " = \"*\")")
                    .collect(Collectors.joining(" || ", "{ ", " }"));
        }
    }

    public LogGroups(AwsClients clients, Waiting waiting) {
        AwsPlace place = clients.place();
        this.region = place.region();
        this.endpoint = place.logs()
                .orElseGet(() ->
                        URI.create("https://" + ServiceMetadata.of("logs").endpointFor(Region.of(place.region()))));
        this.waiting = waiting;
        this.credentials = clients.credentials();
        this.http = clients.http(ANSWER);
    }

    /**
     * Hands out each of these lines of a group, page by page, in no order across its streams.
     *
     * @throws AwsFailure if a page cannot be had: what was handed out is then not all
     */
    public void read(String group, Lines lines, Deadline deadline, Consumer<String> line) {
        ObjectNode query = Json.newObject()
                .put("logGroupName", group)
                .put("startTime", lines.from().toEpochMilli())
                .put("endTime", lines.to().toEpochMilli())
                .put("filterPattern", lines.pattern());
        while (true) {
            JsonNode page = patiently(Json.bytes(query), group, deadline);
            for (JsonNode event : page.path("events")) {
                line.accept(event.path("message").asText());
            }
            // A page may be empty and not the last one.
            if (!page.path("nextToken").isTextual()) {
                return;
            }
            query.set("nextToken", page.get("nextToken"));
        }
    }

    /** Few calls a second are allowed to an account, and somebody may be reading logs. */
    private JsonNode patiently(byte[] body, String group, Deadline deadline) {
        Duration pause = FIRST_PAUSE;
        for (int sent = 1; ; sent++) {
            if (deadline.left().isZero()) {
                throw AwsFailure.noTimeLeft(OPERATION, group);
            }
            try {
                return page(body, group);
            } catch (AwsFailure failure) {
                if (!failure.isTransient() || sent == MOST_SENDS || !waiting.paused(pause)) {
                    throw failure;
                }
                pause = pause.multipliedBy(2);
            }
        }
    }

    private JsonNode page(byte[] body, String group) {
        try {
            SignedRequest signed = signed(body);
            HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
                            .request(signed.request())
                            .contentStreamProvider(signed.payload().orElseThrow())
                            .build())
                    .call();
            int status = response.httpResponse().statusCode();
            // A line of somebody else may be as long as a page, and must not hide those beside it.
            Optional<ObjectNode> answer = Json.object(bytes(response), LONGEST_PAGE);
            if (!response.httpResponse().isSuccessful()) {
                throw AwsFailure.refused(OPERATION, group, status, answer.map(LogGroups::code));
            }
            return answer.filter(page -> page.path("events").isArray())
                    .orElseThrow(() -> AwsFailure.brokenPromise(OPERATION, group, "the answer is no page of events"));
        } catch (SdkException e) {
            throw AwsFailure.of(OPERATION, group, e);
        } catch (IOException e) {
            throw AwsFailure.lost(OPERATION, group, e);
        }
    }

    private SignedRequest signed(byte[] body) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .encodedPath("/")
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("Content-Length", Integer.toString(body.length))
                .putHeader("X-Amz-Target", "Logs_20140328." + OPERATION)
                .build();
        return signer.sign(sign -> sign.identity(credentials.resolveCredentials())
                .request(request)
                .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "logs")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    }

    private static byte[] bytes(HttpExecuteResponse response) throws IOException {
        if (response.responseBody().isEmpty()) {
            return new byte[0];
        }
        try (InputStream in = response.responseBody().get()) {
            return in.readNBytes(LONGEST_PAGE);
        }
    }

    /** Of AWS JSON 1.1: perhaps behind the name of its space. */
    private static String code(ObjectNode error) {
        String type = error.path("__type").asText();
        return type.substring(type.lastIndexOf('#') + 1);
    }
}
