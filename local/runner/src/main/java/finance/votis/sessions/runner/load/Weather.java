package finance.votis.sessions.runner.load;

import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.turnkey.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What goes wrong at Turnkey and on the way back to the phones, drawn for every request. Thread-safe. */
final class Weather {
    /** A function waits four seconds for an exchange: this is too late for it, the others are not. */
    private static final Duration TOO_LATE = Duration.ofMillis(4_500);

    private static final int SHORTEST_DELAY = 100;
    private static final int LONGEST_DELAY = 1_000;

    private final RunningStack stack;
    private final boolean oneASecond;
    private final SplittableRandom random;
    private final double chance;
    private final Map<String, Integer> drawn = new TreeMap<>();
    private boolean calm = true;

    /** Calm until it begins. */
    Weather(RunningStack stack, Plan plan) {
        this.stack = stack;
        this.random = new SplittableRandom(plan.seed());
        this.chance = plan.faultPercent() / 100.0;
        this.oneASecond = plan.oneASecond();
    }

    void begin() {
        synchronized (this) {
            calm = false;
        }
        stack.turnkey().faults().byChance(this::atTurnkey);
        if (oneASecond) {
            stack.turnkey().faults().limitRate(1);
        }
        stack.wayBack(reply -> losesAnswer() ? new Reply.Reset() : reply);
    }

    /** Nothing goes wrong any more. */
    void end() {
        synchronized (this) {
            calm = true;
        }
        stack.turnkey().faults().clear();
    }

    synchronized boolean isCalm() {
        return calm;
    }

    /** How often each was drawn. */
    synchronized Map<String, Integer> drawn() {
        return new TreeMap<>(drawn);
    }

    private synchronized Optional<Fault> atTurnkey() {
        return strikes() ? Optional.of(fault()) : Optional.empty();
    }

    private synchronized boolean losesAnswer() {
        if (strikes()) {
            count("answer of ours lost");
            return true;
        }
        return false;
    }

    private boolean strikes() {
        return !calm && random.nextDouble() < chance;
    }

    private Fault fault() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> counted("429", Fault.tooManyRequests());
            case 3, 4 -> counted("500", Fault.internalError());
            case 5, 6 -> counted("502", Fault.badGateway());
            case 7, 8 -> counted("reset before the effect", Fault.resetBeforeEffect());
            case 9, 10, 11 -> counted("reset after the effect", Fault.resetAfterEffect());
            case 12 -> counted("half an answer", Fault.halfABody());
            case 13, 14 ->
                counted("late", Fault.delay(Duration.ofMillis(random.nextInt(SHORTEST_DELAY, LONGEST_DELAY))));
            default -> counted("too late", Fault.delay(TOO_LATE));
        };
    }

    private Fault counted(String name, Fault fault) {
        count("Turnkey's " + name);
        return fault;
    }

    private void count(String name) {
        drawn.merge(name, 1, Integer::sum);
    }
}
