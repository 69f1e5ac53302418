package finance.votis.sessions.benchmarks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuQuotaTest {
    @TempDir
    private Path root;

    /** A folder that is no control group has no files of one: nothing is made in it, and nothing is left. */
    @Test
    void whereThereAreNoControlGroupsThereIsNoQuota() throws Exception {
        Files.createDirectory(root.resolve("cpu"));

        assertThat(CpuQuota.make(root)).isEmpty();
        try (var left = Files.walk(root)) {
            assertThat(left).containsExactlyInAnyOrder(root, root.resolve("cpu"));
        }
        assertThat(CpuQuota.make(root.resolve("none"))).isEmpty();
    }
}
