package finance.votis.sessions.readonly;

import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadOnlySession;

/** How asking for a read-only session ends. */
sealed interface ReadOnlyOutcome {

    record Created(ReadOnlySession session) implements ReadOnlyOutcome {}

    /** The delegate's key belongs to another organisation than the caller's, as Turnkey's answer or refusal shows: an alarm. */
    record ForeignOrganization(Answer.Incomplete<ReadOnlySession> why) implements ReadOnlyOutcome {}

    record NotCreated(Answer.Incomplete<ReadOnlySession> why) implements ReadOnlyOutcome {}
}
