package finance.votis.sessions.watch;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.turnkey.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {

    private static final Duration PERIOD = Duration.ofMinutes(15);
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final Instant MADE = Instant.parse("2026-11-23T21:00:00Z");
    private static final OrganizationId ORGANIZATION =
            OrganizationId.parse("00000000-0000-4000-8000-000000000001").orElseThrow();

    /** A run that comes just before a boundary of the clock's periods and one just after the next leave out the turn between them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, Window.MOST_TURNS})
    void aSessionIsLookedAtFourTimesSoThatThreeTurnsMayBePassedOver(int turns) {
        List<Window> looks = LongStream.rangeClosed(0, 6L * turns)
                .mapToObj(run -> Window.at(
                        MADE.plusSeconds(1).plus(DELAY).plus(PERIOD.multipliedBy(run)),
                        new Window.Times(PERIOD, DELAY, turns)))
                .filter(window -> window.isTurnOf(ORGANIZATION) && window.holds(MADE))
                .toList();

        assertThat(looks).hasSize(4);
    }
}
