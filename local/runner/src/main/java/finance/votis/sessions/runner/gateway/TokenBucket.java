package finance.votis.sessions.runner.gateway;

import finance.votis.sessions.runner.template.ApiResource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Throttling of one route by the algorithm of API Gateway, one bucket for all callers. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html">Throttling HTTP APIs</a>
 */
final class TokenBucket {
    /** In billionths of a request a nanosecond fills up whole numbers. */
    private static final long REQUEST = 1_000_000_000;

    private final ApiResource.Throttle throttle;
    private final InstantSource clock;
    private final long capacity;
    private final Duration fullAfter;
    private long level;
    private Instant filled;

    TokenBucket(ApiResource.Throttle throttle, InstantSource clock) {
        this.throttle = throttle;
        this.clock = clock;
        this.capacity = throttle.burst() * REQUEST;
        this.fullAfter = Duration.ofNanos(Math.ceilDiv(capacity, throttle.perSecond()));
        this.level = capacity;
        this.filled = clock.instant();
    }

    /** Whether one more request may pass now. */
    synchronized boolean take() {
        Instant now = clock.instant();
        Duration passed = Duration.between(filled, now);
        filled = now;
        if (passed.compareTo(fullAfter) >= 0) {
            level = capacity;
        } else if (passed.isPositive()) {
            level = Math.min(capacity, level + passed.toNanos() * throttle.perSecond());
        }
        if (level < REQUEST) {
            return false;
        }
        level -= REQUEST;
        return true;
    }
}
