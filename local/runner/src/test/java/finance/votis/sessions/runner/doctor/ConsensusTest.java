package finance.votis.sessions.runner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.doctor.Consensus.Alone;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the user "me", who has the tag "ops", does it alone. */
class ConsensusTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "approvers.any(user, user.id == 'me'); YES",
                "approvers.any(user, user.id == 'other'); NO",
                "approvers.any(u, u.id == 'other' || u.id == 'me'); YES",
                "approvers.any(u, u.id == 'me') && approvers.any(u, u.id == 'other'); NO",
                "approvers.any(u, u.id == 'other') || approvers.any(u, u.id == 'me'); YES",
                "(approvers . any ( u , ( u.id=='me' ) )); YES",
                "approvers.any(user, user.tags.contains('ops')); YES",
                "approvers.any(user, user.tags.contains('finance')); NO",
                "approvers.filter(user, user.tags.contains('ops')).count() >= 2; NO",
                "approvers.filter(user, user.tags.contains('ops')).count() >= 1; YES",
                "approvers.filter(user, user.tags.contains('finance')).count() > 0; NO",
                "approvers.count() == 1; YES",
                "approvers.count() >= 2; NO",
                "credentials.any(c, c.type == 'X'); UNKNOWN",
                "credentials.any(c, c.type == 'X') && approvers.any(u, u.id == 'other'); NO",
                "credentials.any(c, c.type == 'X') && approvers.any(u, u.id == 'me'); UNKNOWN",
                "''; YES"
            })
    void whatIsReadIsAnswered(String consensus, Alone alone) {
        assertThat(Consensus.satisfies(consensus, "me", Set.of("ops"))).isEqualTo(alone);
    }

    /** A finding hangs on it, so nothing that is not understood may pass as a no. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "approvers.all(user, user.id == 'other')",
                "!approvers.any(user, user.id == 'other')",
                "approvers.any(user, user.id != 'other')",
                "approvers.any(user, user.email == 'other')",
                "approvers.any(user, someone.id == 'other')",
                "approvers.any(user, user.id == 'other'",
                "approvers.any(user, user.id == 'other') approvers",
                "approvers.any(user, user.id == 'it''s')",
                "approvers.count() == x",
                "true",
                "ä"
            })
    void anythingElseCannotBeTold(String consensus) {
        assertThat(Consensus.satisfies(consensus, "me", Set.of())).isEqualTo(Alone.UNKNOWN);
    }
}
