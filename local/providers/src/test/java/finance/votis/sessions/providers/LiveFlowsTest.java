package finance.votis.sessions.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same variables name the stand-ins here: so what runs against an account is known to run, and to leave nothing. */
class LiveFlowsTest extends LiveFlows {

    @TempDir
    static Path keys = Path.of("");

    private final TurnkeyStandIn turnkey = TurnkeyStandIn.builder().start();
    private final AwsStandIn aws =
            AwsStandIn.start(BlockingHttpServer.anyPort(), InstantSource.system(), new SecureRandom());

    @Override
    Map<String, String> variables() throws IOException {
        DemoWorld world = turnkey.demo();
        return Map.of(
                LiveSettings.BASE_URL,
                turnkey.url().toString(),
                LiveSettings.ORGANIZATION_ID,
                world.parentId(),
                LiveSettings.ADMIN_KEY_FILE,
                file("admin.json", world.adminKey()),
                LiveSettings.SUB_ORGANIZATION_ID,
                world.first().organizationId(),
                LiveSettings.USER_ID,
                world.first().userId(),
                LiveSettings.DELEGATE_KEY_FILE,
                file("delegate.json", world.delegateKey()));
    }

    private static String file(String name, KeyPair key) throws IOException {
        return Files.writeString(
                        keys.resolve(name),
                        Functions.credential(key.publicKey().compressedHex(), key.dangerouslyPrivateKeyHex()))
                .toString();
    }

    @Override
    Account account(Map<String, String> variables) {
        return Account.at(aws.url(), aws.region());
    }

    @Test
    void variablesThatAreMissingAreNamed() {
        assertThat(LiveSettings.areAskedFor(Map.of(LiveSettings.USER_ID, "any")))
                .isTrue();
        assertThat(LiveSettings.areAskedFor(Map.of())).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LiveSettings.read(Map.of(LiveSettings.USER_ID, "any")))
                .withMessage("not set: TURNKEY_LIVE_ORGANIZATION_ID, TURNKEY_LIVE_ADMIN_KEY_FILE,"
                        + " TURNKEY_LIVE_SUB_ORGANIZATION_ID, TURNKEY_LIVE_DELEGATE_KEY_FILE");
    }

    @Override
    @AfterAll
    void end() throws Exception {
        super.end();
        try {
            assertThat(turnkey.world().apiKeys(turnkey.demo().adminUserId()))
                    .as("keys of the admin")
                    .hasSize(1);
            assertThat(turnkey.world().apiKeys(turnkey.demo().first().userId()))
                    .as("keys of the end user")
                    .hasSize(1);
            assertThat(count(Operation.DELETE_SECRET)).isEqualTo(3);
            assertThat(count(Operation.SCHEDULE_KEY_DELETION)).isEqualTo(1);
        } finally {
            turnkey.close();
            aws.close();
        }
    }

    private long count(Operation operation) {
        return aws.requests().stream()
                .filter(request -> request.operation() == operation)
                .count();
    }
}
