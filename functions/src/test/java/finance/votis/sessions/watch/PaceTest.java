package finance.votis.sessions.watch;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runtime.Platform;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

    private long nanos;
    private final List<Duration> pauses = new ArrayList<>();
    private final Pace pace = new Pace(
            4,
            new Platform(
                    () -> Instant.EPOCH,
                    () -> nanos,
                    pause -> {
                        pauses.add(pause);
                        nanos += pause.toNanos();
                    },
                    SecureRandom::new,
                    line -> {}));

    @Test
    void theFirstRequestBeginsAtOnceAndEachOtherAQuarterOfASecondAfterTheOneBefore() {
        pace.next();
        pace.next();
        nanos += Duration.ofMillis(100).toNanos();
        pace.next();
        nanos += Duration.ofSeconds(1).toNanos();
        pace.next();
        pace.next();

        assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(150), Duration.ofMillis(250));
    }
}
