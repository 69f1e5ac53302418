package finance.votis.sessions.benchmarks.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A control group whose processes get a share of a core, as Lambda gives one by memory size: 1,769 MB are one core. Each is made for one
 * process and removed after it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html">Memory and processor</a>
 */
final class CpuQuota implements AutoCloseable {
    static final int MEGABYTES_OF_A_CORE = 1769;

    /** Short, so that a process that is out of its share waits for milliseconds, as on Lambda, and not for a tenth of a second. */
    private static final long PERIOD_MICROS = 20_000;

    /** Where Linux has its two kinds. */
    static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path group;
    private final boolean second;

    private CpuQuota(Path group, boolean second) {
        this.group = group;
        this.second = second;
    }

    /** Empty where no group can be made: measured without a quota, a memory size says nothing. */
    static Optional<CpuQuota> make(Path root) throws IOException {
        String name = "bench-" + UUID.randomUUID();
        for (Path parent : List.of(root.resolve("cpu"), root.resolve("cpu,cpuacct"), root)) {
            Path group = parent.resolve(name);
            try {
                Files.createDirectory(group);
            } catch (IOException notWritable) {
                continue;
            }
            Optional<CpuQuota> quota = of(group);
            if (quota.isPresent()) {
                return quota;
            }
            Files.delete(group); // a folder without the controller for processors
        }
        return Optional.empty();
    }

    /** A group that is there, of the kind that its files tell. Empty if it has none for processors. */
    static Optional<CpuQuota> of(Path group) {
        boolean first = Files.exists(group.resolve("cpu.cfs_quota_us"));
        return first || Files.exists(group.resolve("cpu.max"))
                ? Optional.of(new CpuQuota(group, !first))
                : Optional.empty();
    }

    static boolean isPossible() throws IOException {
        Optional<CpuQuota> one = make(ROOT);
        if (one.isPresent()) {
            one.get().close();
        }
        return one.isPresent();
    }

    /** From now on, of all its processes together. */
    void cores(double cores) throws IOException {
        long quota = Math.round(cores * PERIOD_MICROS);
        if (second) {
            Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
        } else {
            Files.writeString(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
        }
    }

    /** The command in this group from its first instruction on, under the same process id. */
    List<String> around(List<String> command) {
        List<String> wrapped = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "echo $$ >\"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString()));
        wrapped.addAll(command);
        return wrapped;
    }

    /** Once its process is dead. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
