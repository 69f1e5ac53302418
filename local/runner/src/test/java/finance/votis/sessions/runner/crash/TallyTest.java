package finance.votis.sessions.runner.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void tellsWhatHappened() {
        tally.killed(Fell.KEY_MADE);
        tally.killed(Fell.KEY_MADE);
        tally.killedWhileRecovering(Fell.NOT_READY);
        tally.wholeRun("recovered");
        tally.wholeRun("created");
        tally.roundAtOnce();
        tally.runAtOnce("created");
        tally.runAtOnce("attempt in progress");
        tally.deletedKeys(3);

        assertThat(tally.summary(7, 2, Duration.ofMillis(61_900)))
                .containsExactly("""
                seed 7: 2 kills, 1 more of the recovering run, 1 rounds of 2 runs at once, in 61 s
                  what the killed run left                  run   recovering
                    before the process was ready              0            1
                    before the attempt was stored             0            0
                    attempt stored                            0            0
                    key made                                  2            0
                    credential stored                         0            0
                    made current                              0            0
                    after the answer                          0            0
                  the next whole run                     created 1, recovered 1
                  runs at once                           attempt in progress 1, created 1
                  keys swept at Turnkey                  3
                  rounds that did not hold               0""".lines().toArray(String[]::new));
        assertThat(tally.held()).isTrue();
    }

    @Test
    void oneRoundThatDidNotHoldIsEnough() {
        tally.failedRound();

        assertThat(tally.held()).isFalse();
        assertThat(tally.summary(7, 2, Duration.ZERO)).contains("  rounds that did not hold               1");
    }

    @Test
    void manyKillsOfWhichNoneFellInTheMiddleShowNothing() {
        for (int kills = 0; kills < 20; kills++) {
            tally.killed(kills % 2 == 0 ? Fell.ANSWERED : Fell.NOTHING_STORED);
        }

        assertThat(tally.held()).isFalse();
        assertThat(tally.summary(7, 2, Duration.ZERO).getLast()).contains("this shows nothing");

        tally.killedWhileRecovering(Fell.KEY_MADE);
        assertThat(tally.held()).isTrue();
    }
}
