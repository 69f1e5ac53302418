package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.Snapshot;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A function that makes keys, from a snapshot. */
class ServerSnapshotTest {

    private final Scene scene = new Scene();
    private final Snapshot snapshot = new Snapshot();
    private final AtomicBoolean isRestored = new AtomicBoolean();
    private final AtomicInteger before = new AtomicInteger();
    private final AtomicInteger after = new AtomicInteger();

    @AfterEach
    void close() {
        scene.close();
    }

    /** All that start from one snapshot would share it, and make the same keys. */
    @Test
    void aGeneratorThatWasThereBeforeTheSnapshotIsNotUsedAfterIt() throws Exception {
        var function = new ServerSessionFunction(
                Snapshot.environment(scene.environmentWith(Map.of("SNAPSHOT_REHEARSALS", "20"))),
                snapshot.platform(scene.platform(), this::generator));
        snapshot.take();
        assertThat(scene.log()).isEmpty();
        // At each play a session is made, which draws a target key.
        assertThat(before.get()).isGreaterThan(20);
        isRestored.set(true);
        snapshot.restore();

        Map<String, String> answer = function.handleRequest(Map.of("session", "nightly"), Scene.context());

        assertThat(answer).containsEntry("status", "created");
        assertThat(after.get()).isPositive();
    }

    @Test
    void theCanaryIsRehearsedToo() throws Exception {
        new SessionCanaryFunction(
                Snapshot.environment(scene.environment()), snapshot.platform(scene.platform(), this::generator));

        snapshot.take();

        assertThat(snapshot.hooks()).isEqualTo(1);
        assertThat(scene.log()).isEmpty();
        assertThat(scene.aws().requests()).isEmpty();
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    private SecureRandom generator() {
        (isRestored.get() ? after : before).incrementAndGet();
        return isRestored.get() ? new SecureRandom() : new UsableBefore(isRestored);
    }

    private static final class UsableBefore extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final transient AtomicBoolean isRestored;

        UsableBefore(AtomicBoolean isRestored) {
            this.isRestored = isRestored;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (isRestored.get()) {
                throw new AssertionError("drawn from before the snapshot");
            }
            super.nextBytes(bytes);
        }
    }
}
