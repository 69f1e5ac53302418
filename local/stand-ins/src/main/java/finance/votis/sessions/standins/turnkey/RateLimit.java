package finance.votis.sessions.standins.turnkey;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Check 3, switchable. Turnkey counts by source address and plan; here every caller has one address. A window is a second
 * of the clock: how Turnkey's slides is not known. Thread-safe.
 */
final class RateLimit {
    private static final int PER_SUB_ORGANIZATION = 10;
    private static final String CALLER = "";

    private final Faults faults;
    private final Map<String, Integer> counts = new HashMap<>();
    private long second;

    RateLimit(Faults faults) {
        this.faults = faults;
    }

    void countCaller() throws Refusal {
        OptionalInt limit = faults.requestsPerSecond();
        if (limit.isPresent() && count(CALLER) > limit.getAsInt()) {
            throw Refusal.tooManyRequests();
        }
    }

    void countSubOrganization(String id) throws Refusal {
        if (faults.requestsPerSecond().isPresent() && count(id) > PER_SUB_ORGANIZATION) {
            throw Refusal.tooManyRequests();
        }
    }

    /** {@code ratelimit-limit} and {@code ratelimit-remaining}, when there is a limit. */
    synchronized Map<String, String> headers() {
        OptionalInt limit = faults.requestsPerSecond();
        if (limit.isEmpty()) {
            return Map.of();
        }
        int remaining = Math.max(0, limit.getAsInt() - counts.getOrDefault(CALLER, 0));
        return Map.of(
                "ratelimit-limit", Integer.toString(limit.getAsInt()),
                "ratelimit-remaining", Integer.toString(remaining));
    }

    private synchronized int count(String whom) {
        long now = faults.now().getEpochSecond();
        if (now != second) {
            counts.clear();
            second = now;
        }
        return counts.merge(whom, 1, Integer::sum);
    }
}
