package finance.votis.sessions.runner.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts what happened. One thread. */
final class Tally {
    private static final int ENOUGH_KILLS = 20;

    private final Map<Fell, Integer> firstRuns = new EnumMap<>(Fell.class);
    private final Map<Fell, Integer> recoveringRuns = new EnumMap<>(Fell.class);
    private final Map<String, Integer> nextWholeRuns = new TreeMap<>();
    private final Map<String, Integer> runsAtOnce = new TreeMap<>();
    private int rounds;
    private int failedRounds;
    private long deletedKeys;

    void killed(Fell fell) {
        firstRuns.merge(fell, 1, Integer::sum);
    }

    void killedWhileRecovering(Fell fell) {
        recoveringRuns.merge(fell, 1, Integer::sum);
    }

    /** @param ending a status, or what else it ended with */
    void wholeRun(String ending) {
        nextWholeRuns.merge(ending, 1, Integer::sum);
    }

    void runAtOnce(String ending) {
        runsAtOnce.merge(ending, 1, Integer::sum);
    }

    void roundAtOnce() {
        rounds++;
    }

    void failedRound() {
        failedRounds++;
    }

    void deletedKeys(long keys) {
        deletedKeys += keys;
    }

    boolean held() {
        return failedRounds == 0 && !isBesideThePoint();
    }

    /** So many kills, and none of them between the first write and the answer: that shows nothing. */
    private boolean isBesideThePoint() {
        return sum(firstRuns) >= ENOUGH_KILLS
                && Stream.of(firstRuns, recoveringRuns)
                        .flatMap(runs -> runs.keySet().stream())
                        .noneMatch(Fell::isInTheMiddle);
    }

    List<String> summary(long seed, int atOnce, Duration time) {
        List<String> lines = new ArrayList<>();
        lines.add("seed %d: %d kills, %d more of the recovering run, %d rounds of %d runs at once, in %d s"
                .formatted(seed, sum(firstRuns), sum(recoveringRuns), rounds, atOnce, time.toSeconds()));
        lines.add("  %-38s %6s %12s".formatted("what the killed run left", "run", "recovering"));
        for (Fell fell : Fell.values()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "    %-36s %6d %12d",
                    fell.text(),
                    firstRuns.getOrDefault(fell, 0),
                    recoveringRuns.getOrDefault(fell, 0)));
        }
        lines.add("  the next whole run                     " + list(nextWholeRuns));
        lines.add("  runs at once                           " + list(runsAtOnce));
        lines.add("  keys swept at Turnkey                  " + deletedKeys);
        lines.add("  rounds that did not hold               " + failedRounds);
        if (isBesideThePoint()) {
            lines.add("no kill fell in the middle of a run, so this shows nothing: try another seed");
        }
        return lines;
    }

    private static int sum(Map<Fell, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String list(Map<String, Integer> counts) {
        List<String> parts = new ArrayList<>();
        counts.forEach((ending, count) -> parts.add(ending + " " + count));
        return parts.isEmpty() ? "-" : String.join(", ", parts);
    }
}
