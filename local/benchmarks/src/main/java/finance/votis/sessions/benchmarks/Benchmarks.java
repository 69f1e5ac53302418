package finance.votis.sessions.benchmarks;

import finance.votis.sessions.benchmarks.crypto.CryptoPart;
import finance.votis.sessions.benchmarks.flow.FlowPart;
import finance.votis.sessions.benchmarks.peer.NodePackages;
import finance.votis.sessions.benchmarks.report.Table;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./dev bench}. Exit codes: 0 measured, whether or not the targets held; 1 it cannot be measured here; 2 the command line is wrong. */
@Command(
        name = "./dev bench",
        description = {
            "Measures, and prints tables of ratios: medians, ranges and targets.",
            "It needs Node 20 with npm, and openssl; the packages that it compares with are installed under target/bench.",
            "%nAll parts take about half an hour; a busy machine widens the ranges.%n"
        })
public final class Benchmarks implements Callable<Integer> {
    /** What can be measured by itself. */
    enum Part {
        CRYPTO,
        CLIENT,
        SERVER,
        MEMORY;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "PART", arity = "0..*", description = "${COMPLETION-CANDIDATES}. Default: all")
    private Set<Part> parts = EnumSet.noneOf(Part.class);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Each measures ours and the peers. Default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "Warm requests that a round measures. Default: ${DEFAULT-VALUE}")
    private int calls = 1_000;

    @Mixin
    private final Terminal terminal = new Terminal();

    private final Workspace workspace;

    Benchmarks(Workspace workspace) {
        this.workspace = workspace;
    }

    public static void main(String[] args) {
        System.exit(commandLine(Workspace.current()).execute(args));
    }

    static CommandLine commandLine(Workspace workspace) {
        return new CommandLine(new Benchmarks(workspace))
                .setOut(new PrintWriter(System.out, true, System.out.charset()))
                .setErr(new PrintWriter(System.err, true, System.err.charset()))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 1 || rounds > 1_000) {
            throw terminal.wrong("--rounds takes a number from 1 to 1000");
        }
        if (calls < 1 || calls > 100_000) {
            throw terminal.wrong("--calls takes a number from 1 to 100000");
        }
        PrintWriter out = terminal.out();
        PrintWriter err = terminal.err();
        try {
            Path folder =
                    Files.createDirectories(workspace.root().resolve("target").resolve("bench"));
            NodePackages node = NodePackages.install(workspace.root());
            Machine.describe(node).forEach(out::println);
            out.println(FlowPart.quota());
            out.println();
            for (Part part : parts.isEmpty() ? EnumSet.allOf(Part.class) : parts) {
                for (Table table : measure(part, node, folder, err)) {
                    table.lines().forEach(out::println);
                }
                out.println(Machine.load());
                out.flush();
            }
            return 0;
        } catch (IOException e) {
            err.println(Objects.requireNonNullElse(e.getMessage(), "cannot be measured"));
            err.flush();
            return 1;
        }
    }

    private List<Table> measure(Part part, NodePackages node, Path folder, PrintWriter err)
            throws IOException, InterruptedException {
        return switch (part) {
            case CRYPTO -> new CryptoPart(node, folder, err::println).measure(rounds);
            case CLIENT -> new FlowPart(workspace, node, folder, err::println).client(rounds, calls);
            case SERVER -> new FlowPart(workspace, node, folder, err::println).server(rounds, calls);
            case MEMORY -> new FlowPart(workspace, node, folder, err::println).memory(Math.min(calls, 300));
        };
    }
}
