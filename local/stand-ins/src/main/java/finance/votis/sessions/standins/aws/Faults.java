package finance.votis.sessions.standins.aws;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The faults that are asked for, by operation. Thread-safe. */
public final class Faults {
    private final Map<Operation, Deque<Fault>> next = new EnumMap<>(Operation.class);
    private final Map<Operation, Fault> always = new EnumMap<>(Operation.class);

    Faults() {}

    /** Each of the coming calls of this operation takes one of these, in their order, after those asked for before. */
    public synchronized void next(Operation operation, Fault... faults) {
        next.computeIfAbsent(operation, any -> new ArrayDeque<>()).addAll(List.of(faults));
    }

    /** Every call of this operation for which {@link #next} has nothing left. */
    public synchronized void always(Operation operation, Fault fault) {
        always.put(operation, fault);
    }

    public synchronized void clear() {
        next.clear();
        always.clear();
    }

    synchronized Optional<Fault> take(Operation operation) {
        Deque<Fault> waiting = next.get(operation);
        Fault first = waiting == null ? null : waiting.poll();
        return Optional.ofNullable(first).or(() -> Optional.ofNullable(always.get(operation)));
    }
}
