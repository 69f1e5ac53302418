package finance.votis.sessions.benchmarks.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.benchmarks.peer.NodePackages;
import finance.votis.sessions.benchmarks.report.Series;
import finance.votis.sessions.benchmarks.report.Table;
import finance.votis.sessions.benchmarks.report.Target;
import finance.votis.sessions.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Stamp, verify and open under both compilers, beside OpenSSL and Turnkey's packages: each round measures all of them. */
public final class CryptoPart {
    /** Of one measurement of one operation. */
    private static final TimeValue SLICE = TimeValue.milliseconds(500);

    private static final int SLICES = 4;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final NodePackages node;
    private final Path folder;
    private final Consumer<String> progress;

    /** @param folder for what belongs to this run */
    public CryptoPart(NodePackages node, Path folder, Consumer<String> progress) {
        this.node = node;
        this.folder = folder;
        this.progress = progress;
    }

    private enum Compiler {
        /** What Lambda gives a function without a snapshot. */
        C1("-XX:TieredStopAtLevel=1"),
        /** And with one. */
        C2("-XX:+TieredCompilation");

        private final String option;

        Compiler(String option) {
            this.option = option;
        }
    }

    /** A figure of each round, by what it is of. */
    private static final class Rounds {
        private final Map<String, List<Double>> values = new LinkedHashMap<>();

        void add(String what, double value) {
            values.computeIfAbsent(what, any -> new ArrayList<>()).add(value);
        }

        Series of(String what) {
            return Series.of(values.getOrDefault(what, List.of()).stream()
                    .mapToDouble(value -> value)
                    .toArray());
        }

        Series micros(String what) {
            Series nanos = of(what);
            return nanos.with(nanos, (value, same) -> value / 1000);
        }
    }

    public List<Table> measure(int rounds) throws IOException, InterruptedException {
        Rounds figures = new Rounds();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("crypto, round " + round + " of " + rounds);
            figures.add("openssl", OpenSsl.measure(1).signNanos());
            javascript().forEach((operation, nanos) -> figures.add("node " + operation, nanos));
            for (Compiler compiler : Compiler.values()) {
                java(compiler, figures);
            }
        }
        return List.of(times(figures), beginnings(figures));
    }

    private static Table times(Rounds figures) {
        Table table = Table.ofRatios("Cryptography: median time of an operation, warm");
        table.ratio(
                "stamp, C2, over OpenSSL's signature",
                figures.micros("C2 stamp"),
                figures.micros("openssl"),
                " µs",
                Target.atMost(4));
        table.ratio(
                "stamp, C1, over OpenSSL's signature",
                figures.micros("C1 stamp"),
                figures.micros("openssl"),
                " µs",
                Target.atMost(7));
        table.speed(
                "stamp, C2, beside api-key-stamper",
                figures.micros("C2 stamp"),
                figures.micros("node stamp"),
                " µs",
                Target.atLeast(2.5));
        table.speed(
                "stamp, C1, beside api-key-stamper",
                figures.micros("C1 stamp"),
                figures.micros("node stamp"),
                " µs",
                Target.none());
        table.speed(
                "verify, C2, beside @turnkey/crypto",
                figures.micros("C2 verify"),
                figures.micros("node verify"),
                " µs",
                Target.atLeast(12));
        table.speed(
                "verify, C1, beside @turnkey/crypto",
                figures.micros("C1 verify"),
                figures.micros("node verify"),
                " µs",
                Target.none());
        table.speed(
                "open, C2, beside @turnkey/crypto",
                figures.micros("C2 open"),
                figures.micros("node open"),
                " µs",
                Target.atLeast(10));
        table.speed(
                "open, C1, beside @turnkey/crypto",
                figures.micros("C1 open"),
                figures.micros("node open"),
                " µs",
                Target.atLeast(6));
        return table;
    }

    private Table beginnings(Rounds figures) throws IOException, InterruptedException {
        Set<String> classes = LoadedClasses.ofAFirstStamp(folder);
        List<String> unwanted = LoadedClasses.unwanted(classes);
        Table table = new Table("Cryptography: memory and classes", "", "ours", "target");
        for (String operation : List.of("stamp", "open")) {
            for (Compiler compiler : Compiler.values()) {
                Series bytes = figures.of(compiler + " " + operation + " bytes");
                table.row(
                        "bytes allocated, " + operation + ", " + compiler,
                        Table.figure(bytes.median()),
                        Target.atMost(operation.equals("stamp") ? 64_000 : 250_000)
                                .verdict(bytes.median()));
            }
        }
        table.row(
                "classes of a first stamp beyond a bare JVM's",
                Integer.toString(classes.size()),
                Target.atMost(1_700).verdict(classes.size()));
        table.row(
                "of these Jackson's or a security provider's",
                unwanted.isEmpty()
                        ? "0"
                        : unwanted.size() + ": " + String.join(", ", LoadedClasses.samples(unwanted)) + ", …",
                Target.atMost(0).verdict(unwanted.size()));
        return table;
    }

    private Map<String, Double> javascript() throws IOException, InterruptedException {
        CryptoInputs inputs = CryptoInputs.fresh();
        String printed = node.run(
                "crypto.mjs",
                JSON.createObjectNode()
                        .put("body", inputs.body())
                        .put("publicKey", inputs.stampingKey().publicKey().compressedHex())
                        .put("privateKey", hex(inputs.stampingKey().dangerouslyCopyScalar()))
                        .put("targetKey", hex(inputs.targetKey().dangerouslyCopyScalar()))
                        .put("bundle", inputs.bundle())
                        .put("millis", SLICES * SLICE.convertTo(TimeUnit.MILLISECONDS) / 2)
                        .toString());
        Map<String, Double> medians = new LinkedHashMap<>();
        JsonNode result = JSON.readTree(printed);
        result.properties()
                .forEach(entry -> medians.put(entry.getKey(), entry.getValue().asDouble()));
        return medians;
    }

    /** The key was made for this measurement and is good for nothing else. */
    private static String hex(SecretBytes scalar) {
        try (scalar) {
            return HexFormat.of().formatHex(scalar.dangerouslyCopy());
        }
    }

    private void java(Compiler compiler, Rounds figures) throws IOException {
        Path log = folder.resolve("jmh-" + compiler + ".log");
        try {
            for (RunResult result : new Runner(new OptionsBuilder()
                            .include(CryptoBenchmark.class.getName())
                            .jvmArgs("-XX:+UseSerialGC", compiler.option)
                            .forks(1)
                            .warmupIterations(SLICES)
                            .warmupTime(SLICE)
                            .measurementIterations(SLICES)
                            .measurementTime(SLICE)
                            .addProfiler(GCProfiler.class)
                            .output(log.toString())
                            .build())
                    .run()) {
                String operation = result.getPrimaryResult().getLabel();
                figures.add(
                        compiler + " " + operation,
                        result.getPrimaryResult().getStatistics().getPercentile(50));
                figures.add(
                        compiler + " " + operation + " bytes",
                        Objects.requireNonNull(
                                        result.getSecondaryResults().get("gc.alloc.rate.norm"), "the profiler tells it")
                                .getScore());
            }
        } catch (RunnerException e) {
            throw new IOException("JMH did not end well, see " + log, e);
        }
    }
}
