package finance.votis.sessions.benchmarks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.benchmarks.peer.NodePackages;
import finance.votis.sessions.runner.lambda.Start;
import finance.votis.sessions.runner.stack.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That each job can be measured: a start and a few calls, whatever they take. */
class FlowIT {
    /** Why a peer cannot be had, without a fault of ours: no Node, or no registry. */
    private static final Pattern NOT_HERE = Pattern.compile(
            "cannot be started|needs Node|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENOTCACHED");

    private static final Workspace WORKSPACE =
            new Workspace(Path.of("..", "..").toAbsolutePath().normalize());

    @TempDir
    private Path folder;

    /** In one scene: the canary uses what the server's function made, and the watch must come before anything was. */
    @Test
    void eachOfOurFunctionsIsMeasuredWithoutNode() throws Exception {
        try (Scene scene = Scene.withoutPeer(WORKSPACE, folder)) {
            for (Job job : Job.values()) {
                Start start = job.isScheduled() ? Start.ON_DEMAND : Start.SNAPSHOT;
                int megabytes = scene.megabytes(job);
                try (WarmRun run = WarmRun.start(scene, job, scene.java(job, start, megabytes), megabytes)) {
                    assertThat(run.toFirstAnswerMillis()).as(job.toString()).isPositive();
                    figuresOf(run);
                }
            }
        }
    }

    @Test
    void soIsThePeer() throws Exception {
        try (Scene scene = Scene.open(WORKSPACE, packages(), folder)) {
            int megabytes = scene.megabytes(Job.CLIENT);
            try (WarmRun run = WarmRun.start(scene, Job.CLIENT, scene.node(Job.CLIENT, megabytes), megabytes)) {
                figuresOf(run);
            }
        }
    }

    private static void figuresOf(WarmRun run) throws Exception {
        run.warmUp(1);
        run.measure(2);
        assertThat(run.upstreamCalls()).isPositive();
        assertThat(run.ownMillis().median())
                .isPositive()
                .isLessThanOrEqualTo(run.wholeMillis().median());
        assertThat(run.peakMegabytes()).isPositive();
        assertThat(run.cpuMillisPerCall()).isNotNegative();
    }

    /** Skips the test where they cannot be had, and says why. */
    private static NodePackages packages() throws IOException, InterruptedException {
        try {
            return NodePackages.install(WORKSPACE.root());
        } catch (IOException e) {
            String message = "the peer was not measured: " + e.getMessage();
            if (!NOT_HERE.matcher(message).find()) {
                throw e;
            }
            System.out.println("SKIPPED: " + message);
            return Assumptions.abort(message);
        }
    }
}
