package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.benchmarks.report.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One process in many requests, one after the other. Not thread-safe. */
final class WarmRun implements AutoCloseable {
    /** After these a process counts as warm. */
    static final int WARM_UP = 200;

    private final Scene scene;
    private final Job job;
    private final Sandbox sandbox;
    private final List<Double> own = new ArrayList<>();
    private final List<Double> whole = new ArrayList<>();
    private long cpuBefore;
    private long upstreamCalls;

    private WarmRun(Scene scene, Job job, Sandbox sandbox) {
        this.scene = scene;
        this.job = job;
        this.sandbox = sandbox;
    }

    static WarmRun start(Scene scene, Job job, Launch launch, int megabytes) throws IOException, InterruptedException {
        return new WarmRun(scene, job, Sandbox.start(launch, megabytes, scene.upstreams(), scene.folder()));
    }

    /** Its init or restoring, and one request. */
    double toFirstAnswerMillis() throws IOException, InterruptedException {
        return (sandbox.initNanos() + call().nanos()) / 1e6;
    }

    /** Requests that are not counted. */
    void warmUp(int calls) throws IOException, InterruptedException {
        for (int i = 0; i < calls; i++) {
            call();
        }
        cpuBefore = sandbox.cpuNanos();
    }

    void measure(int calls) throws IOException, InterruptedException {
        for (int i = 0; i < calls; i++) {
            Sandbox.Call call = call();
            upstreamCalls += call.upstreamCalls();
            own.add(call.ownNanos() / 1e6);
            whole.add(call.nanos() / 1e6);
        }
    }

    private Sandbox.Call call() throws IOException, InterruptedException {
        Sandbox.Call call = sandbox.call(scene.freshEvent(job));
        job.check(call.answer());
        return call;
    }

    /** What it took itself, upstreams left out. */
    Series ownMillis() {
        return Series.of(own.stream().mapToDouble(value -> value).toArray());
    }

    /** What is paid for. */
    Series wholeMillis() {
        return Series.of(whole.stream().mapToDouble(value -> value).toArray());
    }

    double upstreamCalls() {
        return (double) upstreamCalls / own.size();
    }

    /** Of the measured requests, what the process did in between included. */
    double cpuMillisPerCall() throws IOException {
        return (sandbox.cpuNanos() - cpuBefore) / 1e6 / own.size();
    }

    double peakMegabytes() throws IOException {
        return sandbox.peakMemoryBytes() / 1e6;
    }

    @Override
    public void close() throws IOException {
        sandbox.close();
    }
}
