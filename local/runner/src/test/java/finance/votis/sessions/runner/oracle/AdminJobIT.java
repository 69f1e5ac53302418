package finance.votis.sessions.runner.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import finance.votis.sessions.standins.turnkey.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The script of {@code docs/examples} reads the session that the function keeps, and uses it. */
class AdminJobIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPT = Checkout.root().resolve("docs/examples/admin-job.mjs");
    private static final int MAX_BODY = 100_000;

    private final List<String> logs = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private TurnkeyPackages packages;
    private RunningStack stack;

    @BeforeEach
    void start() throws Exception {
        packages = TurnkeyPackages.install();
        stack = RunningStack.startWith(
                function -> function.logicalId().equals("NightlySessionFunction"),
                Template.read(Checkout.root().resolve("template.yaml")),
                Addresses.free(),
                new Workspace(Checkout.root()),
                InstantSource.system(),
                (function, line) -> logs.add(function + ": " + line));
    }

    @AfterEach
    void stop() {
        http.close();
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void itUsesTheSessionAndSaysSoWhereThereIsNone() throws Exception {
        TurnkeyPackages.Printed unset = packages.run(SCRIPT, Map.of());
        assertThat(unset.exitCode()).isOne();
        assertThat(unset.err()).contains("SECRET_ARN is not set");

        TurnkeyPackages.Printed tooEarly = runJob(stack.turnkeyUrl());
        assertThat(tooEarly.exitCode()).isOne();
        assertThat(tooEarly.err())
                .contains("the server session nightly cannot be used: its secret's current version is no credential");

        keep();
        assertUsed(runJob(stack.turnkeyUrl()));
        assertThat(stack.turnkey().requests(Endpoint.WHOAMI).getLast().stampedBy())
                .isPresent();
    }

    @Test
    void whereTurnkeyKnowsTheKeyNoMoreItReadsTheSessionOnceMore() throws Exception {
        JsonNode old = keep();
        // Renewed after the job has read it, before its request arrives.
        try (BlockingHttpServer late = BlockingHttpServer.start(BlockingHttpServer.anyPort(), MAX_BODY, request -> {
            if (stack.turnkey().world().apiKeys(adminUser()).stream()
                    .anyMatch(key -> key.id().equals(old.get("apiKeyId").textValue()))) {
                stack.turnkey().world().removeApiKey(old.get("apiKeyId").textValue());
                keep();
            }
            return passedOn(request);
        })) {
            assertUsed(runJob(late.url()));
        }
    }

    @Test
    void whereTheSessionIsTheSameTheRefusalStands() throws Exception {
        JsonNode session = keep();
        stack.turnkey().world().removeApiKey(session.get("apiKeyId").textValue());
        int asked = stack.turnkey().requests(Endpoint.WHOAMI).size();

        TurnkeyPackages.Printed refused = runJob(stack.turnkeyUrl());

        assertThat(refused.exitCode()).isOne();
        assertThat(refused.err()).contains("PUBLIC_KEY_NOT_FOUND").doesNotContain(keyInHex());
        assertThat(stack.turnkey().requests(Endpoint.WHOAMI)).hasSize(asked + 1);
    }

    private TurnkeyPackages.Printed runJob(URI turnkey) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SECRET_ARN", stack.output("NightlySessionSecretArn"));
        environment.put("WRAPPING_KEY_ARN", stack.output("NightlyWrappingKeyArn"));
        environment.put("ORGANIZATION_ID", stack.turnkey().demo().parentId());
        environment.put("SESSION", "nightly");
        environment.put("TURNKEY_BASE_URL", turnkey.toString());
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", stack.awsUrl().toString());
        environment.put("AWS_ENDPOINT_URL_KMS", stack.awsUrl().toString());
        environment.put("AWS_ACCESS_KEY_ID", stack.accessKeys().get("NightlyJob"));
        environment.put("AWS_SECRET_ACCESS_KEY", "made up, checked by nobody");
        return packages.run(SCRIPT, environment);
    }

    private String keyInHex() throws Exception {
        JsonNode version = JSON.readTree(stack.account().currentSecret(stack.output("NightlySessionSecretArn")));
        byte[] packed = stack.accountOf("NightlyJob")
                .decrypt(
                        stack.output("NightlyWrappingKeyArn"),
                        Base64.getDecoder().decode(version.get("wrapped").textValue()),
                        Map.of(
                                "app", "votis-sessions",
                                "purpose", "credential",
                                "organization", stack.turnkey().demo().parentId(),
                                "session", "nightly",
                                "publicKey", version.get("publicKey").textValue()));
        return HexFormat.of().formatHex(packed, 0, 32);
    }

    private void assertUsed(TurnkeyPackages.Printed job) throws IOException {
        assertThat(job.exitCode()).as(job.err()).isZero();
        assertThat(JSON.readTree(job.out()))
                .isEqualTo(JSON.createObjectNode()
                        .put("organizationId", stack.turnkey().demo().parentId())
                        .put("userId", adminUser()));
    }

    private String adminUser() {
        return stack.turnkey().demo().adminUserId();
    }

    private JsonNode keep() {
        Outcome outcome = stack.function("NightlySessionFunction")
                .invoke("{\"session\":\"nightly\"}")
                .join()
                .outcome();
        assertThat(outcome).as(String.join("\n", logs)).isInstanceOf(Outcome.Answered.class);
        try {
            return JSON.readTree(outcome.payload());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply passedOn(Request request) {
        HttpRequest same = HttpRequest.newBuilder(URI.create(stack.turnkeyUrl() + request.target()))
                .header("Content-Type", "application/json")
                .header("X-Stamp", request.header("x-stamp").orElseThrow())
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(same, HttpResponse.BodyHandlers.ofByteArray());
            return Reply.of(answer.statusCode(), "application/json", answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
