package finance.votis.sessions.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.client.ClientSessionFunction;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.lifecycle.SessionsFunction;
import finance.votis.sessions.readonly.ReadOnlySessionFunction;
import finance.votis.sessions.relay.RelayFunction;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.server.ServerSessionFunction;
import finance.votis.sessions.server.SessionCanaryFunction;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKey;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A session of each kind is made, used, listed and revoked, by the functions as they are. Where that happens is a matter of variables: at
 * Turnkey and AWS themselves, or beside the stand-ins. Each run names its keys at Turnkey by a mark of its own, and at its end deletes all of that
 * mark, whatever became of its tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LiveFlows {

    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final String NONE = "{\"state\":\"none\"}";

    private final SecureRandom random = new SecureRandom();
    private final String mark = "tests-" + HexFormat.of().formatHex(bytes(4));
    private @Nullable Setting setting;

    private record Setting(LiveSettings live, Account account, Made made, TurnkeyClient turnkey, Functions functions) {}

    /** What says where to run, or skips the class with a sentence. */
    abstract Map<String, String> variables() throws Exception;

    /** Where KMS and Secrets Manager are. */
    abstract Account account(Map<String, String> variables);

    @BeforeAll
    void begin() throws Exception {
        Map<String, String> variables = variables();
        LiveSettings live = LiveSettings.read(variables);
        Account account = account(variables);
        KmsClient kms = account.kms();
        SecretsManagerClient secrets = account.secrets();
        Made made = new Made(kms, secrets);
        Functions functions = new Functions(account, live.turnkey());
        TurnkeyClient turnkey =
                TurnkeyClient.over(live.turnkey(), InstantSource.system(), Waiting.asleep(), SecureRandom::new);
        setting = new Setting(live, account, made, turnkey, functions);

        String delegate = "secret:" + made.secret(LiveSettings.credential(live.delegateKeyFile()));
        functions
                .with("DELEGATE_CREDENTIAL", delegate)
                .with("SESSIONS_CREDENTIAL", delegate)
                .with("ADMIN_CREDENTIAL", "secret:" + made.secret(LiveSettings.credential(live.adminKeyFile())))
                .with("SERVER_SESSION", mark)
                .with("SERVER_SESSION_ORGANIZATION_ID", live.organizationId())
                .with("SERVER_SESSION_SECRET", made.secret(NONE))
                .with("WRAPPING_KEY", made.key());
    }

    @AfterAll
    void end() throws Exception {
        if (setting == null) {
            return;
        }
        try {
            deleteMarked(live().subOrganizationId(), live().userId(), live().delegateKeyFile());
            deleteMarked(live().organizationId(), adminId(), live().adminKeyFile());
        } finally {
            setting.made().close();
        }
    }

    @Test
    void aPhonesSessionIsMadeUsedListedAndRevoked() throws Exception {
        try (TargetKeyPair phone = TargetKeyPair.generate(random);
                TargetKeyPair next = TargetKeyPair.generate(random)) {
            ObjectNode made = expect(
                    201,
                    call(
                            ClientSessionFunction.class,
                            "POST /v1/sessions/read-write",
                            Map.of(),
                            Map.of(),
                            Json.newObject()
                                    .put("targetPublicKey", phone.publicKey().uncompressedHex())
                                    .put("apiKeyName", mark)));
            String first = made.path("apiKeyId").asText();
            try (LocalStamper session = open(made.path("credentialBundle").asText(), phone)) {
                assertThat(whoami(live().subOrganizationId(), session)).isEqualTo(new Answer.Completed<>(endUser()));
                String second = relayed(session, next);
                assertThat(listed()).contains(first, second);

                revoke(first);
                assertThat(listed()).contains(second).doesNotContain(first);
                assertThat(whoami(live().subOrganizationId(), session).saysKeyIsGone())
                        .isTrue();

                revoke(second);
                assertThat(listed()).doesNotContain(first, second);
            }
        }
    }

    /** The next session, stamped by the one that the phone has; its key's id. */
    private String relayed(LocalStamper session, TargetKeyPair target) throws Exception {
        ObjectNode request = Json.newObject()
                .put("type", "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2")
                .put("timestampMs", Long.toString(Instant.now().toEpochMilli()))
                .put("organizationId", live().subOrganizationId());
        request.putObject("parameters")
                .put("targetPublicKey", target.publicKey().uncompressedHex())
                .put("userId", live().userId())
                .put("apiKeyName", mark)
                .put("expirationSeconds", "900");
        byte[] body = Json.bytes(request);
        JsonNode result = expect(
                        200,
                        call(
                                RelayFunction.class,
                                "POST /v1/relay/submit/{activity}",
                                Map.of("activity", "create_read_write_session"),
                                Map.of("x-stamp", session.stamp(body).headerValue()),
                                request))
                .at("/activity/result/createReadWriteSessionResultV2");
        try (LocalStamper opened = open(result.path("credentialBundle").asText(), target)) {
            assertThat(whoami(live().subOrganizationId(), opened)).isEqualTo(new Answer.Completed<>(endUser()));
        }
        return result.path("apiKeyId").asText();
    }

    /** It can be neither listed nor revoked: it ends by itself, an hour later. */
    @Test
    void aReadOnlySessionIsMadeAndUsed() throws Exception {
        ObjectNode made = expect(
                201, call(ReadOnlySessionFunction.class, "POST /v1/sessions/read-only", Map.of(), Map.of(), null));

        HttpRequest whoami = HttpRequest.newBuilder(live().turnkey().resolve("/public/v1/query/whoami"))
                .timeout(AMPLE)
                .header("content-type", "application/json")
                .header("X-Session", made.path("session").asText())
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Json.bytes(Json.newObject().put("organizationId", live().subOrganizationId()))))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = http.send(whoami, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode identity = Json.object(answer.body()).orElseThrow();
            assertThat(identity.path("organizationId").asText()).isEqualTo(live().subOrganizationId());
            assertThat(identity.path("userId").asText())
                    .isEqualTo(made.path("userId").asText());
        }
    }

    @Test
    void aServerSessionIsMadeUsedListedAndRevoked() throws Exception {
        Map<String, String> made = functions().run(ServerSessionFunction.class, mark);
        assertThat(made).containsEntry("status", "created").containsEntry("organizationId", live().organizationId());
        assertThat(functions().run(ServerSessionFunction.class, mark))
                .containsEntry("status", "reused")
                .containsEntry("apiKeyId", made.get("apiKeyId"));
        assertThat(functions().<Object>run(SessionCanaryFunction.class, mark))
                .containsEntry("status", "usable")
                .containsEntry("apiKeyId", made.get("apiKeyId"));
        String userId = String.valueOf(made.get("userId"));
        assertThat(userId).isEqualTo(adminId());
        assertThat(marked(live().organizationId(), userId, live().adminKeyFile()))
                .extracting(key -> key.apiKeyId().value())
                .containsExactly(made.get("apiKeyId"));

        deleteMarked(live().organizationId(), userId, live().adminKeyFile());

        assertThat(functions().run(ServerSessionFunction.class, mark))
                .as("the next run makes another")
                .containsEntry("status", "created")
                .doesNotContainEntry("apiKeyId", made.get("apiKeyId"));
    }

    /** All that this run made of the user's keys: those in the answers that came, and those whose answer was lost. */
    List<ApiKey> marked(String organizationId, String userId, Path keyFile) throws Exception {
        try (LocalStamper stamper = LiveSettings.stamper(keyFile)) {
            return value(turnkey()
                            .apiKeys(
                                    new OrganizationId(organizationId),
                                    new UserId(userId),
                                    stamper,
                                    Deadline.after(AMPLE)))
                    .stream()
                    .filter(key -> key.apiKeyName().endsWith(" " + mark)
                            || key.apiKeyName().equals(mark))
                    .toList();
        }
    }

    private void deleteMarked(String organizationId, String userId, Path keyFile) throws Exception {
        List<ApiKeyId> doomed = marked(organizationId, userId, keyFile).stream()
                .map(ApiKey::apiKeyId)
                .toList();
        if (doomed.isEmpty()) {
            return;
        }
        try (LocalStamper stamper = LiveSettings.stamper(keyFile)) {
            var request = turnkey().deleteApiKeys(new OrganizationId(organizationId), new UserId(userId), doomed);
            value(turnkey().deleteApiKeys(request, stamper, Deadline.after(AMPLE)));
        }
    }

    /** Whose key the admin's is. */
    String adminId() throws Exception {
        try (LocalStamper stamper = LiveSettings.stamper(live().adminKeyFile())) {
            return value(whoami(live().organizationId(), stamper)).userId().value();
        }
    }

    private Answer<Identity> whoami(String organizationId, Stamper stamper) {
        return turnkey().whoami(new OrganizationId(organizationId), stamper, Deadline.after(AMPLE));
    }

    private Identity endUser() {
        return new Identity(new OrganizationId(live().subOrganizationId()), new UserId(live().userId()));
    }

    private Set<String> listed() {
        Set<String> ids = new HashSet<>();
        expect(200, call(SessionsFunction.class, "GET /v1/sessions", Map.of(), Map.of(), null))
                .path("sessions")
                .forEach(session -> ids.add(session.path("apiKeyId").asText()));
        return ids;
    }

    private void revoke(String apiKeyId) {
        assertThat(call(
                                SessionsFunction.class,
                                "DELETE /v1/sessions/{apiKeyId}",
                                Map.of("apiKeyId", apiKeyId),
                                Map.of(),
                                null)
                        .getStatusCode())
                .as("%s", functions().log())
                .isEqualTo(204);
    }

    private APIGatewayV2HTTPResponse call(
            Class<? extends RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> function,
            String routeKey,
            Map<String, String> pathParameters,
            Map<String, String> headers,
            @Nullable ObjectNode body) {
        return functions()
                .call(
                        function,
                        routeKey,
                        new Functions.Caller(live().subOrganizationId(), live().userId()),
                        pathParameters,
                        headers,
                        Optional.ofNullable(body).map(Json::bytes));
    }

    private ObjectNode expect(int status, APIGatewayV2HTTPResponse response) {
        assertThat(response.getStatusCode()).as("%s", functions().log()).isEqualTo(status);
        return Json.object(response.getBody().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private static <T> T value(Answer<T> answer) {
        if (answer instanceof Answer.Completed<T>(T value)) {
            return value;
        }
        throw new AssertionError("Turnkey answered " + answer);
    }

    private static LocalStamper open(String bundle, TargetKeyPair target) throws Exception {
        return new LocalStamper(target.open(CredentialBundle.parse(bundle)));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Setting setting() {
        if (setting == null) {
            throw new IllegalStateException("the class was not begun");
        }
        return setting;
    }

    LiveSettings live() {
        return setting().live();
    }

    private TurnkeyClient turnkey() {
        return setting().turnkey();
    }

    private Functions functions() {
        return setting().functions();
    }
}
