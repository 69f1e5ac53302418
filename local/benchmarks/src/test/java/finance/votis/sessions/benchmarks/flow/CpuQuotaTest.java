package finance.votis.sessions.benchmarks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** A kernel makes these files with the folder. */
    @Test
    void ofTheSecondKindAShareIsOneLineAndAProcessIsInTheGroupFromItsFirstInstruction() throws Exception {
        Path limit = Files.writeString(root.resolve("cpu.max"), "max 100000");
        Path processes = Files.createFile(root.resolve("cgroup.procs"));
        CpuQuota quota = CpuQuota.of(root).orElseThrow();

        quota.cores(0.5);
        Process process = new ProcessBuilder(quota.around(List.of("cat", processes.toString()))).start();

        assertThat(limit).hasContent("10000 20000");
        assertThat(process.inputReader().readLine()).isEqualTo(Long.toString(process.pid()));
    }

    @Test
    void ofTheFirstKindAShareIsTwoFiles() throws Exception {
        Path share = Files.writeString(root.resolve("cpu.cfs_quota_us"), "-1");
        Path period = Files.writeString(root.resolve("cpu.cfs_period_us"), "100000");

        CpuQuota.of(root).orElseThrow().cores(2);

        assertThat(share).hasContent("40000");
        assertThat(period).hasContent("20000");
    }
}
