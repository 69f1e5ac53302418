package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.benchmarks.peer.NodePackages;
import finance.votis.sessions.benchmarks.report.Series;
import finance.votis.sessions.benchmarks.report.Table;
import finance.votis.sessions.benchmarks.report.Target;
import finance.votis.sessions.runner.lambda.Start;
import finance.votis.sessions.runner.stack.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Whole functions beside the peer on Node: cold, and warm. */
public final class FlowPart {
    /** In which both processes take turns, so that a load of the machine falls on both. */
    private static final int TURN = 50;

    private static final int FULL_CORE = CpuQuota.MEGABYTES_OF_A_CORE;
    private static final int SMALL = 512;
    private static final List<Integer> SIZES = List.of(256, 512, 1024, FULL_CORE, 3008);

    private final Workspace workspace;
    private final NodePackages node;
    private final Path folder;
    private final Consumer<String> progress;

    /** @param folder for what belongs to this run */
    public FlowPart(Workspace workspace, NodePackages node, Path folder, Consumer<String> progress) {
        this.workspace = workspace;
        this.node = node;
        this.folder = folder;
        this.progress = progress;
    }

    /** A line on the memory sizes, for what can be had here. */
    public static String quota() throws IOException {
        return CpuQuota.isPossible()
                ? "memory sizes are shares of a core by a control group: MB/" + FULL_CORE + ", a whole one during init"
                : "no control group can be made here (it takes root and a writable /sys/fs/cgroup): every size has all cores";
    }

    public List<Table> client(int rounds, int calls) throws IOException, InterruptedException {
        try (Scene scene = Scene.open(workspace, node, folder)) {
            List<Table> tables = new ArrayList<>();
            for (int megabytes : List.of(FULL_CORE, SMALL)) {
                tables.add(cold(scene, megabytes, rounds));
            }
            for (Kind ours : List.of(Kind.SNAPSHOT, Kind.JAVA)) {
                tables.add(warm(scene, Job.CLIENT, ours, Targets.OF_CLIENT, rounds, calls));
            }
            return tables;
        }
    }

    public List<Table> server(int rounds, int calls) throws IOException, InterruptedException {
        try (Scene scene = Scene.open(workspace, node, folder)) {
            int megabytes = scene.megabytes(Job.SERVER);
            ColdStarts starts = new ColdStarts();
            for (int round = 0; round <= rounds; round++) {
                progress.accept("server cold at " + megabytes + " MB, round " + round + " of " + rounds);
                for (Kind kind : List.of(Kind.JAVA, Kind.NODE)) {
                    start(scene, Job.SERVER, kind, megabytes, round == 0 ? new ColdStarts() : starts);
                }
            }
            Table cold = Table.ofRatios("server: cold starts at " + megabytes + " MB");
            cold.ratio("init", starts.initMillis(Kind.JAVA), starts.initMillis(Kind.NODE), " ms", Target.none());
            cold.ratio("first run", starts.firstMillis(Kind.JAVA), starts.firstMillis(Kind.NODE), " ms", Target.none());
            cold.ratio(
                    "init and first run",
                    starts.wholeMillis(Kind.JAVA),
                    starts.wholeMillis(Kind.NODE),
                    " ms",
                    Target.none());
            return List.of(cold, warm(scene, Job.SERVER, Kind.JAVA, Targets.OF_SERVER, rounds, calls));
        }
    }

    /** Of a warm run. */
    private record Targets(Target p50, Target p99, Target cpu, Target peak, Target cost, Target zip) {
        static final Targets OF_CLIENT = new Targets(
                Target.atMost(1.3),
                Target.atMost(0.7),
                Target.atMost(0.8),
                Target.atMost(1.6),
                Target.atMost(1),
                Target.atMost(16));
        static final Targets OF_SERVER = new Targets(
                Target.atMost(1), Target.none(), Target.atMost(0.8), Target.none(), Target.none(), Target.none());
    }

    private Table cold(Scene scene, int megabytes, int rounds) throws IOException, InterruptedException {
        ColdStarts client = new ColdStarts();
        ColdStarts relay = new ColdStarts();
        for (int round = 0; round <= rounds; round++) {
            progress.accept("cold starts at " + megabytes + " MB, round " + round + " of " + rounds);
            // The first one fills the system's caches and warms the stand-ins.
            ColdStarts clients = round == 0 ? new ColdStarts() : client;
            ColdStarts relays = round == 0 ? new ColdStarts() : relay;
            start(scene, Job.CLIENT, Kind.NODE, megabytes, clients);
            start(scene, Job.CLIENT, Kind.JAVA, megabytes, clients);
            start(scene, Job.CLIENT, Kind.SNAPSHOT, megabytes, clients);
            start(scene, Job.RELAY, Kind.JAVA, megabytes, relays);
        }
        Table table = Table.ofRatios("Cold starts at " + megabytes + " MB");
        Series peer = client.wholeMillis(Kind.NODE);
        table.ratio(
                "client, from a primed snapshot to the first answer, over init and first request",
                client.wholeMillis(Kind.SNAPSHOT),
                peer,
                " ms",
                Target.atMost(megabytes < FULL_CORE ? 0.75 : 0.3));
        table.ratio(
                "client, first request after init",
                client.firstMillis(Kind.JAVA),
                client.firstMillis(Kind.NODE),
                " ms",
                Target.atMost(0.75));
        table.ratio("client, init", client.initMillis(Kind.JAVA), client.initMillis(Kind.NODE), " ms", Target.none());
        table.ratio(
                "client, init and first request",
                client.wholeMillis(Kind.JAVA),
                peer,
                " ms",
                Target.atMost(megabytes < FULL_CORE ? 3 : 4));
        table.ratio("relay, init and first request", relay.wholeMillis(Kind.JAVA), peer, " ms", Target.atMost(2.5));
        return table;
    }

    private static void start(Scene scene, Job job, Kind kind, int megabytes, ColdStarts into)
            throws IOException, InterruptedException {
        String event = scene.freshEvent(job);
        try (Sandbox sandbox =
                Sandbox.start(launch(scene, job, kind, megabytes), megabytes, scene.upstreams(), scene.folder())) {
            Sandbox.Call call = sandbox.call(event);
            job.check(call.answer());
            into.add(kind, sandbox.initNanos(), call.nanos());
        }
    }

    private static Launch launch(Scene scene, Job job, Kind kind, int megabytes)
            throws IOException, InterruptedException {
        return switch (kind) {
            case JAVA -> scene.java(job, Start.ON_DEMAND, megabytes);
            case SNAPSHOT -> scene.java(job, Start.SNAPSHOT, megabytes);
            case NODE -> scene.node(job, megabytes);
        };
    }

    private Table warm(Scene scene, Job job, Kind ours, Targets targets, int rounds, int calls)
            throws IOException, InterruptedException {
        int megabytes = scene.megabytes(job);
        Warm java = new Warm();
        Warm peer = new Warm();
        Map<Kind, Warm> all = new EnumMap<>(Map.of(ours, java, Kind.NODE, peer));
        for (int round = 1; round <= rounds; round++) {
            progress.accept(
                    job + " warm, " + ours.text() + ", at " + megabytes + " MB, round " + round + " of " + rounds);
            Map<Kind, WarmRun> runs = new EnumMap<>(Kind.class);
            try {
                for (Kind kind : all.keySet()) {
                    WarmRun run = WarmRun.start(scene, job, launch(scene, job, kind, megabytes), megabytes);
                    runs.put(kind, run);
                    run.warmUp(Math.min(calls, WarmRun.WARM_UP));
                }
                for (int done = 0; done < calls; done += TURN) {
                    for (WarmRun run : runs.values()) {
                        run.measure(Math.min(TURN, calls - done));
                    }
                }
                for (Map.Entry<Kind, Warm> figures : all.entrySet()) {
                    WarmRun run = runs.get(figures.getKey());
                    if (run != null) {
                        figures.getValue().add(run, megabytes);
                    }
                }
            } finally {
                for (WarmRun run : runs.values()) {
                    run.close();
                }
            }
        }
        Table table = Table.ofRatios(job + ", warm, " + ours.text() + ", at " + megabytes + " MB");
        table.ratio("own time, p50", java.p50(), peer.p50(), " ms", targets.p50());
        table.ratio("own time, p99", java.p99(), peer.p99(), " ms", targets.p99());
        table.ratio("processor time of a request", java.cpu(), peer.cpu(), " ms", targets.cpu());
        table.ratio("peak memory", java.peak(), peer.peak(), " MB", targets.peak());
        table.ratio("cost of a million requests", java.cost(), peer.cost(), " $", targets.cost());
        table.ratio("calls of upstreams in a request", java.upstreamCalls(), peer.upstreamCalls(), "", Target.none());
        Path zip = scene.zip(job);
        table.value("zip, " + zip.getFileName(), Series.of(Files.size(zip) / 1e6), "%.1f", " MB", targets.zip());
        return table;
    }

    /** What each function takes and costs by memory size, started as it is deployed; no peer. */
    public List<Table> memory(int calls) throws IOException, InterruptedException {
        Table table = new Table(
                "Memory sizes", "", "MB", "to the first answer", "answer, p50", "p99", "own, p50", "$ for a million");
        try (Scene scene = Scene.open(workspace, node, folder)) {
            for (Job job : Job.values()) {
                Kind kind = job.isScheduled() ? Kind.JAVA : Kind.SNAPSHOT;
                for (int megabytes : SIZES) {
                    progress.accept(job + " at " + megabytes + " MB");
                    try (WarmRun run = WarmRun.start(scene, job, launch(scene, job, kind, megabytes), megabytes)) {
                        double first = run.toFirstAnswerMillis();
                        run.warmUp(Math.min(calls, WarmRun.WARM_UP));
                        run.measure(calls);
                        table.row(
                                job + ", " + kind.text(),
                                Integer.toString(megabytes),
                                Table.figure(first) + " ms",
                                Table.figure(run.wholeMillis().median()) + " ms",
                                Table.figure(run.wholeMillis().percentile(99)) + " ms",
                                Table.figure(run.ownMillis().median()) + " ms",
                                Table.figure(Price.ofAMillion(run.wholeMillis(), megabytes)));
                    }
                }
            }
        }
        return List.of(table);
    }

    /** Figures of a kind, a round each. */
    private static final class Warm {
        private final List<Double> p50 = new ArrayList<>();
        private final List<Double> p99 = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();
        private final List<Double> peak = new ArrayList<>();
        private final List<Double> cost = new ArrayList<>();
        private final List<Double> upstreamCalls = new ArrayList<>();

        void add(WarmRun run, int megabytes) throws IOException {
            p50.add(run.ownMillis().median());
            p99.add(run.ownMillis().percentile(99));
            cpu.add(run.cpuMillisPerCall());
            peak.add(run.peakMegabytes());
            cost.add(Price.ofAMillion(run.wholeMillis(), megabytes));
            upstreamCalls.add(run.upstreamCalls());
        }

        Series p50() {
            return series(p50);
        }

        Series p99() {
            return series(p99);
        }

        Series cpu() {
            return series(cpu);
        }

        Series peak() {
            return series(peak);
        }

        Series cost() {
            return series(cost);
        }

        Series upstreamCalls() {
            return series(upstreamCalls);
        }

        private static Series series(List<Double> values) {
            return Series.of(values.stream().mapToDouble(value -> value).toArray());
        }
    }
}
