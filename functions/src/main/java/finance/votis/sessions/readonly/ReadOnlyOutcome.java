package finance.votis.sessions.readonly;

import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadOnlySession;

/** How asking for a read-only session ends. */
sealed interface ReadOnlyOutcome {

    record Created(ReadOnlySession session) implements ReadOnlyOutcome {}

    /** Turnkey did not make it, or not the delegate's. */
    record NotCreated(Answer.Incomplete<ReadOnlySession> why) implements ReadOnlyOutcome {}
}
