package finance.votis.sessions.runner.crash;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.crash.Stores.Version;
import finance.votis.sessions.runner.lambda.Outcome;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What must hold would be noticed if it did not. */
class StoresTest {
    private static final Version NONE = new Version("v0", "none", "");
    private static final Version OLD = new Version("v1", "credential", "old key");
    private static final Version ATTEMPT = new Version("v2", "attempt", "target key");
    private static final Version NEW = new Version("v3", "credential", "new key");

    private static final Outcome KILLED = new Outcome.Crashed(137);

    @Test
    void aWholeRunLeavesACurrentSessionAndTheOneBeforeForItsGrace() {
        assertThat(stores(NEW, null, OLD, "new key", "old key").broken()).isEmpty();
        assertThat(stores(NEW, null, NONE, "new key").broken()).isEmpty();
        assertThat(stores(NEW, NEW, OLD, "new key").broken()).isEmpty();
    }

    @Test
    void noSessionIsNoticed() {
        assertThat(stores(NONE, null, null).broken()).containsExactly("AWSCURRENT is no credential but none");
        assertThat(stores(NEW, null, OLD, "old key").broken())
                .containsExactly("the key of AWSCURRENT is not live at Turnkey");
    }

    @Test
    void whatIsHalfMovedIsNoticed() {
        assertThat(stores(OLD, ATTEMPT, null, "old key").broken())
                .containsExactly("half moved: AWSPENDING is left at a version of the state attempt");
        assertThat(stores(OLD, NEW, null, "old key", "new key").broken())
                .containsExactly("half moved: AWSPENDING is left at a version of the state credential");
    }

    @Test
    void anOrphanIsNoticed() {
        // The key of an attempt is not the session's: it knows no live key.
        assertThat(stores(NEW, null, ATTEMPT, "new key", "target key", "another")
                        .broken())
                .containsExactly(
                        "orphan: the live key another is known to no version with a stage",
                        "orphan: the live key target key is known to no version with a stage");
    }

    @Test
    void whereAKillFellIsToldByWhatItLeft() {
        Stores before = stores(OLD, null, null);

        assertThat(Fell.of(before, before, KILLED)).isEqualTo(Fell.NOTHING_STORED);
        assertThat(Fell.of(before, stores(OLD, ATTEMPT, null), KILLED)).isEqualTo(Fell.ATTEMPT_STORED);
        assertThat(Fell.of(before, stores(OLD, ATTEMPT, null, "new key"), KILLED))
                .isEqualTo(Fell.KEY_MADE);
        assertThat(Fell.of(before, stores(OLD, NEW, null, "new key"), KILLED)).isEqualTo(Fell.CREDENTIAL_STORED);
        assertThat(Fell.of(before, stores(NEW, NEW, OLD, "new key"), KILLED)).isEqualTo(Fell.MADE_CURRENT);
        assertThat(Fell.of(before, stores(NEW, null, OLD, "new key"), new Outcome.Answered("{}")))
                .isEqualTo(Fell.ANSWERED);
        assertThat(Fell.of(before, before, new Outcome.InitFailed("Runtime.ExitError", "{}")))
                .isEqualTo(Fell.NOT_READY);
    }

    private static Stores stores(
            Version current, @Nullable Version pending, @Nullable Version previous, String... liveKeys) {
        return new Stores(current, Optional.ofNullable(pending), Optional.ofNullable(previous), Set.of(liveKeys));
    }
}
