package finance.votis.sessions.watch;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.Snapshot;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MintWatchSnapshotTest {

    private final Scene scene = new Scene();
    private final Snapshot snapshot = new Snapshot();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aWholeRunIsRehearsedWithNobodyOutside() throws Exception {
        Map<String, String> slow = scene.environmentWith(Map.of(
                "MINT_WATCH_DELAY_MINUTES", "60", "MINT_WATCH_TURNS", "12", "MINT_WATCH_REQUESTS_PER_SECOND", "1"));
        var function = new MintWatchFunction(
                Snapshot.environment(slow), snapshot.platform(scene.platform(), SecureRandom::new));

        snapshot.take();

        assertThat(snapshot.hooks()).isEqualTo(1);
        // A rehearsal that found nothing, or something unasked, would be told here.
        assertThat(scene.log()).isEmpty();
        assertThat(scene.aws().requests()).isEmpty();
        assertThat(scene.turnkey().requests()).isEmpty();
        snapshot.restore();
        assertThat(function.handleRequest(Map.of(), Scene.context())).containsEntry("status", "clear");
    }
}
