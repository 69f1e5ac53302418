package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private static final Path ROOT = Path.of("/a/checkout");
    private static final Path BUILT = ROOT.resolve("functions/target/functions.zip");
    private static final Path KEPT = ROOT.resolve("target/dev/1-2");

    @Test
    void theCopyIsTakenInPlaceOfWhatAnotherBuildMayReplace() {
        Workspace kept = new Workspace(ROOT, Optional.of(KEPT));

        assertThat(kept.zip(BUILT)).isEqualTo(KEPT.resolve("functions.zip"));
        assertThat(kept.zip(ROOT.resolve("functions/target/relay.zip"))).isEqualTo(KEPT.resolve("relay.zip"));
        assertThat(kept.zip(Path.of("/elsewhere/functions.zip"))).isEqualTo(Path.of("/elsewhere/functions.zip"));
        assertThat(new Workspace(ROOT).zip(BUILT)).isEqualTo(BUILT);
    }
}
