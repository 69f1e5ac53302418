package finance.votis.sessions.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.crac.Context;
import org.crac.Resource;

/**
 * What a function does before anybody asks it for something, by the way in which Lambda starts it. Before a snapshot: a {@link Rehearsal},
 * and nothing with anybody outside. Otherwise: a short one, as an initialisation has more of a core than a call, and then what the first
 * call would wait for, side by side. Whatever fails here is told in the log and waits for the first invocation.
 */
public final class Startup implements Resource {

    static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

    /** How often a snapshot is rehearsed; once if absent. */
    private static final String SNAPSHOT_REHEARSALS = "SNAPSHOT_REHEARSALS";

    /** With the early work half of what Lambda gives an initialisation; as a rule it takes a tenth of this. */
    private static final Duration REHEARSAL = Duration.ofSeconds(2);

    private static final Duration EARLY = Duration.ofSeconds(3);

    private static final String UNREHEARSED = "the first call is not rehearsed";

    private final String function;
    private final Map<String, String> environment;
    private final Platform platform;
    private final Supplier<Rehearsal<?, ?>> rehearsal;

    private Startup(
            Class<?> function,
            Map<String, String> environment,
            Platform platform,
            Supplier<Rehearsal<?, ?>> rehearsal) {
        this.function = function.getSimpleName();
        this.environment = environment;
        this.platform = platform;
        this.rehearsal = rehearsal;
    }

    /**
     * Called last in a function's constructor.
     *
     * @param early what may be done early, each within the deadline and in a thread of its own
     * @param rehearsal asked for where Lambda starts the function
     */
    public static void begin(
            Class<?> function,
            Map<String, String> environment,
            Platform platform,
            List<Consumer<Deadline>> early,
            Supplier<Rehearsal<?, ?>> rehearsal) {
        var startup = new Startup(function, environment, platform, rehearsal);
        switch (environment.getOrDefault(INITIALIZATION_TYPE, "")) {
            case "snap-start" -> platform.checkpoints().register(startup);
            case "on-demand", "provisioned-concurrency" -> startup.ahead(early);
            default -> {
                // Not started by Lambda: a rehearsal, a test.
            }
        }
    }

    private void ahead(List<Consumer<Deadline>> early) {
        try {
            // Before the others, who would otherwise have to load the same classes.
            if (!thread(this::rehearseFirstCall).join(REHEARSAL)) {
                tell(UNREHEARSED, new TimeoutException());
            }
            Deadline deadline = Deadline.after(EARLY, platform.nanoTime());
            List<Thread> threads = early.stream()
                    .map(task -> thread(() -> attempt(task, deadline)))
                    .toList();
            for (Thread thread : threads) {
                thread.join(deadline.left());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(Runnable task) {
        return Thread.ofPlatform().daemon().name("early").start(task);
    }

    private void rehearseFirstCall() {
        try {
            rehearsal.get().playBeforeFirstCall(environment, platform);
        } catch (IOException | RuntimeException | Error failed) {
            tell(UNREHEARSED, failed);
        }
    }

    private void attempt(Consumer<Deadline> task, Deadline deadline) {
        try {
            task.accept(deadline);
        } catch (RuntimeException | Error failed) {
            tell("early work did not work", failed);
        }
    }

    /** Never fails: a function that was not rehearsed is a slow one, not a broken one. */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        try {
            int times = Integer.parseInt(environment.getOrDefault(SNAPSHOT_REHEARSALS, "1"));
            rehearsal.get().playBeforeSnapshot(environment, platform, times);
        } catch (IOException | RuntimeException | LinkageError failed) {
            tell("the snapshot is not primed", failed);
        }
    }

    /** Nothing was kept that a second instance could not share. */
    @Override
    public void afterRestore(Context<? extends Resource> context) {}

    private void tell(String warning, Throwable failed) {
        platform.log()
                .accept(Json.text(Json.newObject()
                        .put("timestamp", platform.clock().instant().toString())
                        .put("level", "WARN")
                        .put("event", "startup")
                        .put("function", function)
                        .put(LogField.WARNING.memberName(), warning)
                        .put(LogField.EXCEPTION.memberName(), Invocation.describe(failed))));
    }
}
