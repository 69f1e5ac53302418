package finance.votis.sessions.runner.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.aws.Fault;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the stand-in, as it would ask AWS. */
class KmsKeyTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private final AwsStandIn aws =
            AwsStandIn.start(BlockingHttpServer.anyPort(), InstantSource.system(), new SecureRandom());
    private final String key = aws.createSigningKey("alias/delegate");

    @BeforeEach
    void giveCredentials() {
        // Found by the SDK's default chain.
        System.setProperty("aws.accessKeyId", "AKIALOCALTESTSONLY00");
        System.setProperty("aws.secretAccessKey", "for-loopback-only");
    }

    @AfterEach
    void close() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        aws.close();
    }

    private Ran ran(String keyId, String... more) {
        String[] arguments = new String[4 + more.length];
        arguments[0] = "--key-id";
        arguments[1] = keyId;
        arguments[2] = "--endpoint-url";
        arguments[3] = aws.url().toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Ran.command(new KmsKey(new Workspace(folder)), arguments);
    }

    @Test
    void theFirstLineIsThePublicHalfAndTheRestTellsWhereToRegisterIt() throws Exception {
        String publicKey =
                P256PublicKey.fromSubjectPublicKeyInfo(aws.publicKey(key)).compressedHex();

        Ran ran = ran(key);

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines().findFirst()).contains(publicKey);
        assertThat(ran.out()).contains("never in the parent", "ACTIVITY_TYPE_CREATE_API_KEYS_V2");
        JsonNode request = JSON.readTree(ran.out()
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow());
        assertThat(request.at("/parameters/apiKeys/0/publicKey").asText()).isEqualTo(publicKey);
    }

    @Test
    void anAliasIsTakenAndJsonHasTheArn() throws Exception {
        Ran ran = ran("alias/delegate", "--region", "eu-central-1", "--json");

        assertThat(ran.exitCode()).as(ran.output()).isZero();
        JsonNode json = JSON.readTree(ran.out());
        assertThat(json.get("ok").asBoolean()).isTrue();
        assertThat(json.get("keyArn").asText()).isEqualTo(key);
        assertThat(json.get("publicKey").asText()).matches("0[23][0-9a-f]{64}");
    }

    @Test
    void aKeyOfTheRunningStackNeedsItsNameOnly() throws Exception {
        Path stackFile = folder.resolve("target/local/stack.json");
        Files.createDirectories(folder.resolve("target/local"));
        Files.writeString(stackFile, """
                {"turnkeyUrl":"%1$s","awsUrl":"%1$s","issuerUrl":"%1$s","region":"eu-central-1","accountId":"111122223333",
                "organizationId":"o","keys":{"DelegateSigningKey":"%2$s"},"secrets":{}}
                """.formatted(aws.url(), key));
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");

        for (String name : new String[] {"DelegateSigningKey", "alias/DelegateSigningKey", key}) {
            Ran ran = Ran.command(new KmsKey(new Workspace(folder)), "--key-id", name, "--json");

            assertThat(ran.exitCode()).as(ran.output()).isZero();
            assertThat(JSON.readTree(ran.out()).get("keyArn").asText()).isEqualTo(key);
        }
    }

    @Test
    void whatIsWrongIsOneLineAndNamesTheRule() throws Exception {
        String symmetric = aws.createKey("alias/wrapping");

        refused("alias/nobody", "key-id", "KMS in eu-central-1 knows no such key");
        refused(
                symmetric,
                "key-kind",
                "the key is symmetric and has no public half: it must be of ECC_NIST_P256 for SIGN_VERIFY");
        aws.faults().next(Operation.GET_PUBLIC_KEY, new Fault.AccessDenied());
        refused(key, "kms-access-denied", "KMS in eu-central-1 refused kms:GetPublicKey: AccessDeniedException");
        aws.close();
        refused(key, "kms-unreachable", "KMS in eu-central-1 does not answer");
    }

    private void refused(String keyId, String rule, String message) throws Exception {
        Ran ran = ran(keyId, "--region", "eu-central-1", "--json");

        assertThat(ran.exitCode()).isEqualTo(1);
        JsonNode json = JSON.readTree(ran.out());
        assertThat(json.get("rule").asText()).isEqualTo(rule);
        assertThat(json.get("message").asText()).isEqualTo(message);
    }
}
