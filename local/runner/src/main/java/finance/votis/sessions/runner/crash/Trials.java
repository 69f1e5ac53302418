package finance.votis.sessions.runner.crash;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Round after round, on benches that are renewed as they fill up. A round that does not hold is a line, and the next begins anew. */
final class Trials implements AutoCloseable {
    /** Of the measured time, so that some kills come after the answer. */
    private static final double SPAN = 1.2;

    private static final int PROGRESS = 20;

    /** How a run fails on a machine that is too slow for so many processes; one that comes after it has to mend what it left. */
    private static final Pattern OUT_OF_TIME =
            Pattern.compile("ApiCall(Attempt)?TimeoutException|no time left|too little time is left");

    private interface Round {
        List<String> run(Bench bench) throws InterruptedException, IOException, DidNotHold;
    }

    private final long seed;
    private final Template template;
    private final Workspace workspace;
    private final InstantSource clock;
    private final Consumer<String> screen;
    private final Tally tally = new Tally();
    private final List<LambdaFunction> environments = new ArrayList<>();
    private @Nullable Bench bench;

    Trials(long seed, Template template, Workspace workspace, InstantSource clock, Consumer<String> screen) {
        this.seed = seed;
        this.template = template;
        this.workspace = workspace;
        this.clock = clock;
        this.screen = screen;
    }

    Tally tally() {
        return tally;
    }

    void kill(int times) throws TemplateException, IOException, InterruptedException {
        for (int round = 1; round <= times; round++) {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + round);
            List<String> story = new ArrayList<>();
            round("kill " + round, story, on -> killRound(on, random, story));
            progress("kills", round, times);
        }
    }

    private List<String> killRound(Bench on, SplittableRandom random, List<String> story)
            throws InterruptedException, DidNotHold {
        on.evict();
        Stores before = on.look();
        List<String> broken = new ArrayList<>();
        tally.killed(killOnce(on, before, on.warmRun(), random, story, broken));
        if (random.nextBoolean()) {
            tally.killedWhileRecovering(killOnce(on, before, on.coldRun(), random, story, broken));
        }
        String status = on.wholeRun();
        tally.wholeRun(status);
        story.add(status);
        return broken;
    }

    private static Fell killOnce(
            Bench on, Stores before, Duration span, SplittableRandom random, List<String> story, List<String> broken)
            throws InterruptedException {
        Duration after = Duration.ofNanos((long) (span.toNanos() * SPAN * random.nextDouble()));
        Outcome outcome = on.runAndKill(after);
        Fell fell = Fell.of(before, on.look(), outcome);
        story.add("killed after " + after.toMillis() + " ms, " + fell.text());
        if (outcome instanceof Outcome.Failed || outcome instanceof Outcome.TimedOut) {
            broken.add("before it was killed the run failed: " + outcome.payload());
        }
        return fell;
    }

    /** The first round of each bench in new processes, the others in the same: there the runs are closest together. */
    void atOnce(int runs, int rounds) throws TemplateException, IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            round("runs at once " + round, new ArrayList<>(), on -> roundAtOnce(on, runs));
            progress("rounds of runs at once", round, rounds);
        }
    }

    private List<String> roundAtOnce(Bench on, int runs) throws IOException, InterruptedException, DidNotHold {
        tally.roundAtOnce();
        on.evict();
        Stores before = on.look();
        if (environments.isEmpty()) {
            environments.addAll(on.startEnvironments(runs));
        }
        List<String> broken = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        boolean aRunLacksTime = false;
        for (Outcome outcome : on.runAtOnce(environments)) {
            JsonNode payload = Wire.json(outcome.payload());
            String error = payload.path("errorMessage").asText();
            if (error.startsWith("attempt in progress")) {
                tally.runAtOnce("attempt in progress");
            } else if (OUT_OF_TIME.matcher(error).find()) {
                tally.runAtOnce("out of time");
                aRunLacksTime = true;
            } else {
                try {
                    tally.runAtOnce(Bench.status(outcome));
                    named.add(payload.path("publicKey").asText());
                } catch (DidNotHold e) {
                    tally.runAtOnce("failed");
                    broken.add(Objects.requireNonNull(e.getMessage()));
                }
            }
        }
        if (aRunLacksTime) {
            on.wholeRun();
            named.add(on.look().current().publicKey());
        }
        Stores after = on.look();
        if (!named.equals(Set.of(after.current().publicKey()))) {
            broken.add("the answers name " + named.size() + " sessions, or not the one at AWSCURRENT");
        }
        if (!after.keysSince(before).equals(Set.of(after.current().publicKey()))) {
            broken.add(after.keysSince(before).size() + " keys came to be at Turnkey, or not the one at AWSCURRENT");
        }
        return broken;
    }

    private void round(String name, List<String> story, Round round)
            throws TemplateException, IOException, InterruptedException {
        List<String> broken = new ArrayList<>();
        Bench on = null;
        try {
            on = bench();
            broken.addAll(round.run(on));
        } catch (DidNotHold e) {
            broken.add(Objects.requireNonNull(e.getMessage()));
        }
        if (on != null) {
            broken.addAll(on.broken());
        }
        if (!broken.isEmpty()) {
            tally.failedRound();
            screen.accept("seed " + seed + ", " + name + (story.isEmpty() ? "" : " (" + String.join("; ", story) + ")")
                    + ": " + String.join("; ", broken));
            if (on != null) {
                screen.accept("  what the functions wrote is in " + keep(on.output()));
            }
            leaveBench();
        }
    }

    private Bench bench() throws TemplateException, IOException, DidNotHold, InterruptedException {
        Bench now = bench;
        if (now != null && !now.isFull()) {
            return now;
        }
        leaveBench();
        Bench started = Bench.start(template, workspace, clock);
        bench = started;
        return started;
    }

    private void leaveBench() {
        closeEnvironments();
        Bench old = bench;
        bench = null;
        if (old != null) {
            tally.deletedKeys(old.deletions());
            List<String> leaked = old.end();
            if (!leaked.isEmpty()) {
                tally.failedRound();
                screen.accept("seed " + seed + ", at the end of a stack: " + String.join("; ", leaked));
            }
        }
    }

    private Path keep(List<String> output) throws IOException {
        Path file = workspace.local().resolve("crash.log");
        Files.createDirectories(workspace.local());
        Files.write(file, output, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        return file;
    }

    private void progress(String what, int done, int all) {
        if (done % PROGRESS == 0 && done < all) {
            screen.accept(done + " of " + all + " " + what);
        }
    }

    private void closeEnvironments() {
        environments.forEach(LambdaFunction::close);
        environments.clear();
    }

    @Override
    public void close() {
        leaveBench();
    }
}
