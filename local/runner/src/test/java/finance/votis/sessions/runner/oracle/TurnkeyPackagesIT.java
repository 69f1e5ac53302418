package finance.votis.sessions.runner.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.CompanyKeys;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.KeyPair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Turnkey's own JavaScript packages say of the running stack, of our stamps and of our bundles. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TurnkeyPackagesIT {

    private static final String BODY = "{\"organizationId\":\"00000000-0000-4000-8000-000000000001\",\"ä\":1}";

    private final List<String> logs = new CopyOnWriteArrayList<>();
    private TurnkeyPackages packages;
    private RunningStack stack;
    private DemoWorld world;

    @BeforeAll
    void start() throws Exception {
        packages = TurnkeyPackages.install();
        Workspace checkout = new Workspace(Path.of("../..").toRealPath());
        stack = RunningStack.start(
                Template.read(checkout.template()),
                // The packages stamp with keys that can be read.
                Optional.of(CompanyKeys.SECRET),
                Addresses.free(),
                checkout,
                InstantSource.system(),
                (function, line) -> logs.add(function + ": " + line));
        world = stack.turnkey().demo();
    }

    @AfterAll
    void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void sdkServerAsksTheStandInWhoItIs() throws Exception {
        JsonNode answer = packages.run(
                "whoami", client(world.delegateKey(), world.second().organizationId()));

        assertThat(answer)
                .isEqualTo(TurnkeyPackages.input()
                        .put("organizationId", world.second().organizationId())
                        .put("userId", world.second().delegateUserId()));
    }

    @Test
    void sdkServerMakesASessionWithTheDelegatesKeyAndUsesIt() throws Exception {
        DemoWorld.Customer customer = world.first();

        JsonNode made = packages.run(
                "session",
                client(world.delegateKey(), customer.organizationId()).put("userId", customer.userId()));

        ObjectNode theCustomer = TurnkeyPackages.input()
                .put("organizationId", customer.organizationId())
                .put("userId", customer.userId());
        assertThat(made.path("organizationId")).isEqualTo(theCustomer.path("organizationId"));
        assertThat(made.path("userId")).isEqualTo(theCustomer.path("userId"));
        assertThat(made.path("used")).isEqualTo(theCustomer);
        assertThat(made.path("key").path("publicKey")).isEqualTo(made.path("publicKey"));
        assertThat(made.path("key").path("type").textValue()).isEqualTo("CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256");
        assertThat(stack.turnkey().requests())
                .extracting(request -> Fingerprint.of(request.body()))
                .contains(made.path("fingerprint").textValue());
    }

    @Test
    void sdkServerUnderstandsARefusal() throws Exception {
        KeyPair unknown = KeyPair.generate(new SecureRandom());

        JsonNode refused = packages.run("whoami", client(unknown, world.first().organizationId()));

        assertThat(refused)
                .isEqualTo(TurnkeyPackages.input()
                        .put("error", "TurnkeyRequestError")
                        .put("code", 16));
    }

    @Test
    void cryptoOpensTheBundleThatOurRouteReturnsAndSdkServerUsesIt() throws Exception {
        DemoWorld.Customer customer = world.second();
        String token = stack.token("grace", customer.organizationId(), customer.userId());

        JsonNode made = packages.run(
                "route",
                TurnkeyPackages.input()
                        .put("apiUrl", stack.apiUrl().toString())
                        .put("turnkeyUrl", stack.turnkeyUrl().toString())
                        .put("token", token));

        ObjectNode theCustomer = TurnkeyPackages.input()
                .put("organizationId", customer.organizationId())
                .put("userId", customer.userId());
        assertThat(made)
                .as(String.join("\n", logs))
                .isEqualTo(theCustomer.deepCopy().put("status", 201).set("used", theCustomer));
    }

    @Test
    void cryptoOpensABundleOfOurs() throws Exception {
        KeyPair target = KeyPair.generate(new SecureRandom());
        CredentialBundle bundle;
        KeyPair session = KeyPair.generate(new SecureRandom());
        try (P256PrivateKey key = P256PrivateKey.fromHex(session.dangerouslyPrivateKeyHex())) {
            bundle = CredentialBundle.seal(key, target.publicKey(), new SecureRandom());
        }

        JsonNode opened = packages.run(
                "open",
                TurnkeyPackages.input()
                        .put("bundle", bundle.text())
                        .put("privateKey", target.dangerouslyPrivateKeyHex()));
        JsonNode notOpened = packages.run(
                "open",
                TurnkeyPackages.input()
                        .put("bundle", bundle.text())
                        .put("privateKey", session.dangerouslyPrivateKeyHex()));

        assertThat(opened.path("publicKey").textValue())
                .isEqualTo(session.publicKey().compressedHex());
        assertThat(notOpened.has("error")).isTrue();
    }

    @Test
    void cryptoAcceptsAStampOfOurs() throws Exception {
        Stamp stamp;
        try (LocalStamper stamper = world.rootKey().stamper()) {
            stamp = stamper.stamp(BODY.getBytes(StandardCharsets.UTF_8));
        }

        JsonNode verified = packages.run(
                "verify",
                TurnkeyPackages.input().put("stamp", stamp.headerValue()).put("body", BODY));
        JsonNode altered = packages.run(
                "verify",
                TurnkeyPackages.input().put("stamp", stamp.headerValue()).put("body", BODY + " "));

        assertThat(verified)
                .isEqualTo(TurnkeyPackages.input()
                        .put("scheme", "SIGNATURE_SCHEME_TK_API_P256")
                        .put("publicKey", world.rootKey().publicKey().compressedHex())
                        .put("verifies", true));
        assertThat(altered.path("verifies").booleanValue()).isFalse();
    }

    @Test
    void weAcceptAStampOfApiKeyStamperAndComputeTheSameFingerprint() throws Exception {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);

        JsonNode stamped = packages.run("stamp", keys(world.rootKey()).put("body", BODY));

        Stamp stamp = Stamp.parse(stamped.path("stampHeaderValue").textValue());
        P256PublicKey signer = stamp.publicKey();
        assertThat(stamped.path("stampHeaderName").textValue()).isEqualTo("X-Stamp");
        assertThat(signer).isEqualTo(world.rootKey().publicKey());
        assertThat(stamp.signs(body)).isTrue();
        assertThat(stamped.path("fingerprint").textValue()).isEqualTo(Fingerprint.of(body));
    }

    private ObjectNode client(KeyPair key, String organizationId) {
        return keys(key).put("turnkeyUrl", stack.turnkeyUrl().toString()).put("organizationId", organizationId);
    }

    private static ObjectNode keys(KeyPair key) {
        return TurnkeyPackages.input()
                .put("publicKey", key.publicKey().compressedHex())
                .put("privateKey", key.dangerouslyPrivateKeyHex());
    }
}
