package finance.votis.sessions.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.PortInUseException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsInternalException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InternalServiceErrorException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The protocol around the two services: signatures, errors, faults, start and end. */
class AwsStandInTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD_SIGNATURE =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/eu-central-1/kms/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0a".repeat(32);

    private final AwsStandIn aws = AwsStandIn.start(
            BlockingHttpServer.anyPort(), new TestClock(Instant.parse("2026-11-23T12:00:00Z")), new SecureRandom());
    private final SecretsManagerClient secrets = SdkClients.secretsManager(aws.url());
    private final KmsClient kms = SdkClients.kms(aws.url());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        kms.close();
        secrets.close();
        aws.close();
    }

    @Nested
    class Protocol {
        @Test
        void aSignedRequestIsAnswered() throws Exception {
            aws.createKey("alias/a");
            HttpResponse<String> answer = send(Map.of());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-amz-json-1.1");
            assertThat(UUID.fromString(answer.headers()
                                    .firstValue("x-amzn-requestid")
                                    .orElseThrow())
                            .version())
                    .isEqualTo(4);
            assertThat(aws.requests().getLast().accessKeyId()).isEqualTo("AKIAIOSFODNN7EXAMPLE");
        }

        @Test
        void withoutASignatureATokenIsMissing() throws Exception {
            assertError(Map.of("Authorization", ""), 400, "MissingAuthenticationTokenException");
        }

        static Stream<Arguments> flaws() {
            return Stream.of(
                    Arguments.of("Authorization", "Bearer abc", "IncompleteSignatureException"),
                    Arguments.of(
                            "Authorization",
                            GOOD_SIGNATURE.replaceAll(", Signature.*", ""),
                            "IncompleteSignatureException"),
                    Arguments.of(
                            "Authorization",
                            GOOD_SIGNATURE.replace("/kms/", "/kms/more/"),
                            "IncompleteSignatureException"),
                    Arguments.of(
                            "Authorization",
                            GOOD_SIGNATURE.replace("aws4_request", "aws3_request"),
                            "IncompleteSignatureException"),
                    Arguments.of("Authorization", GOOD_SIGNATURE + "0", "IncompleteSignatureException"),
                    Arguments.of("Authorization", GOOD_SIGNATURE.replace("host;", ""), "IncompleteSignatureException"),
                    Arguments.of(
                            "Authorization",
                            GOOD_SIGNATURE.replace(";x-amz-target", ""),
                            "IncompleteSignatureException"),
                    Arguments.of(
                            "Authorization",
                            GOOD_SIGNATURE.replace("host;", "host;x-amz-nothing;"),
                            "IncompleteSignatureException"),
                    Arguments.of("X-Amz-Date", "", "IncompleteSignatureException"),
                    Arguments.of("X-Amz-Date", "2026-11-23T12:00:00Z", "IncompleteSignatureException"),
                    Arguments.of("X-Amz-Date", "20261124T000000Z", "InvalidSignatureException"),
                    Arguments.of(
                            "Authorization",
                            GOOD_SIGNATURE.replace("/kms/", "/secretsmanager/"),
                            "InvalidSignatureException"));
        }

        @ParameterizedTest
        @MethodSource("flaws")
        void aSignatureWithAFlawIsRefusedAndNotRecorded(String header, String value, String type) throws Exception {
            assertError(Map.of(header, value), 400, type);
            assertThat(aws.requests()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "X-Amz-Target,TrentService.Nothing",
            "X-Amz-Target,secretsmanager.Decrypt",
            "X-Amz-Target,''",
            "Content-Type,application/json"
        })
        void whatIsNoOperationIsUnknown(String header, String value) throws Exception {
            assertError(Map.of(header, value), 404, "UnknownOperationException");
        }

        @Test
        void onlyPostToTheRootIsAnOperation() throws Exception {
            HttpRequest get = HttpRequest.newBuilder(aws.url().resolve("/")).build();
            assertThat(http.send(get, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
            HttpRequest elsewhere = HttpRequest.newBuilder(aws.url().resolve("/path"))
                    .header("Content-Type", "application/x-amz-json-1.1")
                    .header("X-Amz-Target", "TrentService.Decrypt")
                    .POST(BodyPublishers.ofString("{}"))
                    .build();
            assertThat(http.send(elsewhere, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "not JSON | SerializationException",
                    "[] | SerializationException",
                    "'' | SerializationException",
                    "{\"KeyId\":1} | SerializationException",
                    "{\"KeyId\":\"alias/a\",\"Plaintext\":\"*\"} | SerializationException",
                    "{\"KeyId\":\"alias/a\",\"Plaintext\":\"YQ==\",\"EncryptionContext\":[]} | SerializationException",
                    "{\"KeyId\":\"alias/a\",\"Plaintext\":\"YQ==\",\"EncryptionContext\":{\"a\":1}} | SerializationException",
                    "{\"KeyId\":\"alias/a\",\"Plaintext\":\"YQ==\",\"DryRun\":\"no\"} | SerializationException",
                    "{} | ValidationException",
                    "{\"KeyId\":null} | ValidationException",
                    "{\"KeyId\":\"alias/a\"} | ValidationException",
                    "{\"KeyId\":\"\"} | ValidationException"
                })
        void aBodyOfTheWrongFormIsRefused(String body, String type) throws Exception {
            aws.createKey("alias/a");
            HttpResponse<String> answer = send(Map.of("X-Amz-Target", "TrentService.Encrypt"), body);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(answer.body()).path("__type").textValue()).isEqualTo(type);
        }

        @Test
        void aTokenIsForTheCallerToMake() throws Exception {
            HttpResponse<String> answer = send(
                    Map.of(
                            "X-Amz-Target",
                            "secretsmanager.CreateSecret",
                            "Authorization",
                            GOOD_SIGNATURE.replace("/kms/", "/secretsmanager/")),
                    "{\"Name\":\"n\",\"SecretString\":\"v\"}");
            JsonNode error = JSON.readTree(answer.body());
            assertThat(error.path("__type").textValue()).isEqualTo("InvalidRequestException");
            assertThat(error.path("Message").textValue()).contains("ClientRequestToken");
        }

        @Test
        void aBodyThatIsTooLargeIsRefused() throws Exception {
            assertThat(send(Map.of(), "x".repeat(512 * 1024 + 1)).statusCode()).isEqualTo(413);
        }

        private void assertError(Map<String, String> changed, int status, String type) throws Exception {
            HttpResponse<String> answer = send(changed);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(JSON.readTree(answer.body()).path("__type").textValue()).isEqualTo(type);
        }

        private HttpResponse<String> send(Map<String, String> changed) throws Exception {
            return send(changed, "{\"KeyId\":\"alias/a\"}");
        }

        /** A good DescribeKey with some headers changed; an empty value leaves the header out. */
        private HttpResponse<String> send(Map<String, String> changed, String body) throws Exception {
            Map<String, String> headers = new LinkedHashMap<>(Map.of(
                    "Content-Type", "application/x-amz-json-1.1",
                    "X-Amz-Target", "TrentService.DescribeKey",
                    "X-Amz-Date", "20261123T120000Z",
                    "Authorization", GOOD_SIGNATURE));
            headers.putAll(changed);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(aws.url().resolve("/")).POST(BodyPublishers.ofString(body));
            headers.forEach((name, value) -> {
                if (!value.isEmpty()) {
                    request.header(name, value);
                }
            });
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Nested
    class OnRequest {
        @Test
        void throttlingIsOneThatTheSdkKnows() {
            aws.createSecret("s", Optional.of("a"));
            aws.faults().next(Operation.GET_SECRET_VALUE, new Fault.Throttled());
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId("s")))
                    .isInstanceOfSatisfying(AwsServiceException.class, e -> {
                        assertThat(e.isThrottlingException()).isTrue();
                        assertThat(e.statusCode()).isEqualTo(400);
                    });
            assertThat(value("s")).isEqualTo("a");
        }

        @Test
        void eachServiceHasItsOwnInternalError() {
            aws.faults().next(Operation.GET_SECRET_VALUE, new Fault.Broken());
            aws.faults().next(Operation.DESCRIBE_KEY, new Fault.Broken());
            assertThatThrownBy(() -> value("s"))
                    .isInstanceOfSatisfying(
                            InternalServiceErrorException.class,
                            e -> assertThat(e.statusCode()).isEqualTo(500));
            assertThatThrownBy(() -> kms.describeKey(r -> r.keyId("k")))
                    .isInstanceOfSatisfying(
                            KmsInternalException.class,
                            e -> assertThat(e.statusCode()).isEqualTo(500));
        }

        @Test
        void accessIsDeniedForAnAction() {
            String arn = aws.createKey("alias/k");
            aws.faults().always(Operation.DECRYPT, new Fault.AccessDenied());
            SdkBytes blob = kms.encrypt(r -> r.keyId(arn).plaintext(SdkBytes.fromUtf8String("x")))
                    .ciphertextBlob();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> kms.decrypt(r -> r.ciphertextBlob(blob)))
                        .isInstanceOfSatisfying(AwsServiceException.class, e -> {
                            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
                            assertThat(e.getMessage()).contains("kms:Decrypt");
                        });
            }
            aws.faults().clear();
            assertThatCode(() -> kms.decrypt(r -> r.ciphertextBlob(blob))).doesNotThrowAnyException();
        }

        @Test
        void faultsComeInTheirOrderAndEnd() {
            aws.createSecret("s", Optional.of("a"));
            aws.faults().next(Operation.GET_SECRET_VALUE, new Fault.Broken(), new Fault.ResetBefore());
            assertThatThrownBy(() -> value("s")).isInstanceOf(InternalServiceErrorException.class);
            assertThatThrownBy(() -> value("s")).isInstanceOf(SdkClientException.class);
            assertThat(value("s")).isEqualTo("a");
        }

        @Test
        void aResetBeforeHasNoEffect() {
            aws.createSecret("s", Optional.of("a"));
            aws.faults().next(Operation.PUT_SECRET_VALUE, new Fault.ResetBefore());
            assertThatThrownBy(() -> put("b")).isInstanceOf(SdkClientException.class);
            assertThat(value("s")).isEqualTo("a");
        }

        @Test
        void aResetAfterHasTakenEffect() {
            aws.createSecret("s", Optional.of("a"));
            aws.faults().next(Operation.PUT_SECRET_VALUE, new Fault.ResetAfter());
            assertThatThrownBy(() -> put("b")).isInstanceOf(SdkClientException.class);
            assertThat(value("s")).isEqualTo("b");
        }

        @Test
        void aLateAnswerOutlastsTheCallerAndHasTakenEffect() {
            aws.createSecret("s", Optional.of("a"));
            aws.faults().next(Operation.PUT_SECRET_VALUE, new Fault.Late(Duration.ofHours(1)));
            assertThatThrownBy(() -> secrets.putSecretValue(r -> r.secretId("s")
                            .secretString("b")
                            .overrideConfiguration(c -> c.apiCallTimeout(Duration.ofMillis(500)))))
                    .isInstanceOf(SdkClientException.class);
            assertThat(value("s")).isEqualTo("b");
        }

        @Test
        void aLateErrorIsStillAnError() {
            aws.faults().next(Operation.GET_SECRET_VALUE, new Fault.Late(Duration.ZERO));
            assertThatThrownBy(() -> value("s")).isInstanceOf(ResourceNotFoundException.class);
        }

        private void put(String value) {
            secrets.putSecretValue(r -> r.secretId("s").secretString(value));
        }

        private String value(String name) {
            return secrets.getSecretValue(r -> r.secretId(name)).secretString();
        }
    }

    @Test
    void aBusyPortIsNamed() {
        InetSocketAddress taken =
                new InetSocketAddress(aws.url().getHost(), aws.url().getPort());
        assertThatThrownBy(() -> AwsStandIn.start(taken, new TestClock(Instant.EPOCH), new SecureRandom()))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("port " + taken.getPort());
    }
}
