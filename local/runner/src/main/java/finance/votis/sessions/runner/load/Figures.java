package finance.votis.sessions.runner.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts and times of exchanges. Thread-safe. */
final class Figures {
    private final Map<Action, List<Duration>> times = new EnumMap<>(Action.class);
    private final Map<Action, Integer> repeats = new EnumMap<>(Action.class);
    private final Map<String, Integer> kinds = new TreeMap<>();

    /**
     * One exchange.
     *
     * @param kind of what was not an answer that was asked for
     */
    synchronized void exchange(Action action, boolean isRepeat, Duration time, Optional<String> kind) {
        times.computeIfAbsent(action, first -> new ArrayList<>()).add(time);
        if (isRepeat) {
            repeats.merge(action, 1, Integer::sum);
        }
        kind.ifPresent(one -> kinds.merge(one, 1, Integer::sum));
    }

    /** What was before does not count. */
    synchronized void clear() {
        times.clear();
        repeats.clear();
        kinds.clear();
    }

    synchronized List<String> lines(Duration whole) {
        List<String> lines = new ArrayList<>();
        lines.add("  %-30s %9s %9s %9s %9s".formatted("exchanges", "requests", "repeats", "p50 ms", "p99 ms"));
        int allRepeats = 0;
        for (Map.Entry<Action, List<Duration>> one : times.entrySet()) {
            int repeated = repeats.getOrDefault(one.getKey(), 0);
            allRepeats += repeated;
            lines.add(line(one.getKey().text(), one.getValue(), repeated));
        }
        List<Duration> all = times.values().stream().flatMap(List::stream).toList();
        lines.add(line("all", all, allRepeats));
        int requests = all.size() - allRepeats;
        lines.add(String.format(
                Locale.ROOT,
                "  %d requests had their answer in %.1f s: %.1f a second",
                requests,
                seconds(whole),
                requests / Math.max(seconds(whole), 0.001)));
        lines.add("  no answer, or a refusal");
        lines.addAll(counts(kinds));
        return lines;
    }

    /** A line each, indented; a dash if there is nothing. */
    static List<String> counts(Map<String, Integer> counts) {
        return counts.isEmpty()
                ? List.of("    -")
                : counts.entrySet().stream()
                        .map(one -> "    %-48s %6d".formatted(one.getKey(), one.getValue()))
                        .toList();
    }

    private static String line(String name, List<Duration> times, int repeated) {
        long[] sorted = times.stream().mapToLong(Duration::toNanos).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "    %-28s %9d %9d %9.1f %9.1f",
                name,
                sorted.length - repeated,
                repeated,
                milliseconds(sorted, 50),
                milliseconds(sorted, 99));
    }

    /** Nearest rank: the least that so many percent are not above. */
    private static double milliseconds(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return 0;
        }
        return sorted[(sorted.length * percent + 99) / 100 - 1] / 1e6;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
