package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.sample.NightlyJob;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.turnkey.OrganizationId;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NightlyJobTest {

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final Scene scene = new Scene();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ServerSessionReader session = new ServerSessionReader(
            new AwsClients(new AwsPlace(
                    scene.aws().region(),
                    Optional.of(scene.aws().url()),
                    Optional.of(scene.aws().url()),
                    Optional.empty())),
            scene.sessionSecret(),
            scene.wrappingKey(),
            new OrganizationId(scene.world().parentId()),
            "nightly",
            scene.clock());

    @AfterEach
    void close() {
        session.close();
        http.close();
        scene.close();
    }

    @Test
    void itUsesTheSession() throws Exception {
        keepNightly();

        assertThat(runJob()).isEqualTo(200);
    }

    @Test
    void itGoesOnWithTheNewSessionWhereTurnkeyRefusesTheOldOnesKey() throws Exception {
        keepNightly();
        assertThat(runJob()).isEqualTo(200);
        scene.clock().advance(Duration.ofMinutes(65));
        removeTheKeyInHand();
        keepNightly();

        assertThat(runJob()).isEqualTo(200);

        assertThat(scene.turnkey().requests(Endpoint.LIST_USERS)).hasSize(3);
    }

    @Test
    void itGivesUpWhereTheSessionIsTheSame() throws Exception {
        keepNightly();
        removeTheKeyInHand();

        assertThat(runJob()).isEqualTo(401);

        assertThat(scene.turnkey().requests(Endpoint.LIST_USERS)).hasSize(1);
    }

    @Test
    void theDocumentationShowsItToTheLetter() throws IOException {
        Matcher shown = JAVA_BLOCK.matcher(Files.readString(Path.of("../docs/operations.md")));
        String source = Files.readString(Path.of("src/test/java/finance/votis/sessions/sample/NightlyJob.java"));

        assertThat(shown.results().map(block -> withoutIndent(block.group(1))).toList())
                .isNotEmpty()
                .allSatisfy(block -> assertThat(withoutIndent(source)).contains(block));
    }

    private void keepNightly() {
        new ServerSessionFunction(scene.environment(), scene.platform())
                .handleRequest(Map.of("session", "nightly"), Scene.context());
    }

    private int runJob() throws IOException, InterruptedException {
        return NightlyJob.usersOf(
                        session, http, scene.turnkey().url(), scene.world().parentId())
                .statusCode();
    }

    private void removeTheKeyInHand() {
        String id = session.session(Deadline.after(Scene.AMPLE)).apiKeyId().value();
        scene.turnkey().world().removeApiKey(id);
    }

    private static String withoutIndent(String text) {
        return text.replaceAll("(?m)^ +", "");
    }
}
