package finance.votis.sessions.standins.turnkey;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** What goes wrong, on request: faults of single requests by path or by chance, switches, the rate limit, the clock. Thread-safe. */
public final class Faults {
    private final InstantSource clock;
    private final Map<Endpoint, Deque<Fault>> next = new EnumMap<>(Endpoint.class);
    private final Set<Switch> on = EnumSet.noneOf(Switch.class);
    private Supplier<Optional<Fault>> chance = Optional::empty;
    private Duration skew = Duration.ZERO;
    private OptionalInt requestsPerSecond = OptionalInt.empty();

    Faults(InstantSource clock) {
        this.clock = clock;
    }

    /** The next requests to this path meet these faults, one each, in this order, after those that wait already. */
    public synchronized void next(Endpoint endpoint, Fault... faults) {
        next.computeIfAbsent(endpoint, key -> new ArrayDeque<>()).addAll(Arrays.asList(faults));
    }

    /** As {@link #next(Endpoint, Fault...)}, by path. @throws IllegalArgumentException if there is no such path */
    public void next(String path, Fault... faults) {
        next(Endpoint.at(path).orElseThrow(() -> new IllegalArgumentException("no such path: " + path)), faults);
    }

    /**
     * From now on every request for which no fault waits meets what this gives, if it gives one.
     *
     * @param drawn asked once a request, by one thread at a time
     */
    public synchronized void byChance(Supplier<Optional<Fault>> drawn) {
        chance = drawn;
    }

    public synchronized void switchOn(Switch one) {
        on.add(one);
    }

    public synchronized void switchOff(Switch one) {
        on.remove(one);
    }

    /** Turnkey's clock goes wrong by this much against the one that it was started with. */
    public synchronized void skewClock(Duration by) {
        skew = by;
    }

    /**
     * At most so many requests in one second of the clock from one address (plans: 1, 3, 60), and ten to one
     * sub-organisation; the rest is answered 429.
     */
    public synchronized void limitRate(int perSecond) {
        requestsPerSecond = OptionalInt.of(perSecond);
    }

    /** Everything as at the start. */
    public synchronized void clear() {
        next.clear();
        chance = Optional::empty;
        on.clear();
        skew = Duration.ZERO;
        requestsPerSecond = OptionalInt.empty();
    }

    synchronized Optional<Fault> take(Endpoint endpoint) {
        Deque<Fault> waiting = next.get(endpoint);
        return waiting == null || waiting.isEmpty() ? chance.get() : Optional.of(waiting.remove());
    }

    synchronized boolean isOn(Switch one) {
        return on.contains(one);
    }

    synchronized OptionalInt requestsPerSecond() {
        return requestsPerSecond;
    }

    synchronized Instant now() {
        return clock.instant().plus(skew);
    }
}
