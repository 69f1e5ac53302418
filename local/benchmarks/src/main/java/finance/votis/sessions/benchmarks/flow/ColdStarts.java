package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.benchmarks.report.Series;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Of several kinds, round by round: a process, its init, its first request. Not thread-safe. */
final class ColdStarts {
    private final Map<Kind, List<Double>> init = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Double>> first = new EnumMap<>(Kind.class);

    void add(Kind kind, long initNanos, long firstNanos) {
        init.computeIfAbsent(kind, any -> new ArrayList<>()).add(initNanos / 1e6);
        first.computeIfAbsent(kind, any -> new ArrayList<>()).add(firstNanos / 1e6);
    }

    Series initMillis(Kind kind) {
        return series(init, kind);
    }

    Series firstMillis(Kind kind) {
        return series(first, kind);
    }

    Series wholeMillis(Kind kind) {
        return initMillis(kind).plus(firstMillis(kind));
    }

    private static Series series(Map<Kind, List<Double>> values, Kind kind) {
        return Series.of(values.getOrDefault(kind, List.of()).stream()
                .mapToDouble(value -> value)
                .toArray());
    }
}
