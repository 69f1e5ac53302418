package finance.votis.sessions.benchmarks;

import finance.votis.sessions.benchmarks.peer.Command;
import finance.votis.sessions.benchmarks.peer.NodePackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Where and when it was measured. */
final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Machine() {}

    static List<String> describe(NodePackages node) throws IOException, InterruptedException {
        return List.of(
                Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores of "
                        + processor(),
                System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version") + ", Node "
                        + node.version() + ", "
                        + Command.of("openssl", "version").run().strip(),
                load(),
                "");
    }

    /** How many processes wanted to run, over the last 1, 5 and 15 minutes: what was measured is among them. */
    static String load() throws IOException {
        return Files.isReadable(LOAD)
                ? "load: "
                        + String.join(
                                " ",
                                List.of(Files.readString(LOAD).split(" ", -1)).subList(0, 3))
                : "load: not known on this system";
    }

    private static String processor() throws IOException {
        if (!Files.isReadable(PROCESSORS)) {
            return "a processor that this system does not name";
        }
        return Files.readAllLines(PROCESSORS).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("a processor that this system does not name");
    }
}
