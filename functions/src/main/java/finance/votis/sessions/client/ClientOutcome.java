package finance.votis.sessions.client;

import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadWriteSession;
import java.time.Instant;

/** How asking for a phone's session ends. */
sealed interface ClientOutcome {

    /**
     * There is a session.
     *
     * @param expiresAt by Turnkey's clock: creation plus the lifetime that was asked for
     */
    record Created(ReadWriteSession session, Instant expiresAt) implements ClientOutcome {}

    /** Turnkey did not make it, or not as asked. */
    record NotCreated(Answer.Incomplete<ReadWriteSession> why) implements ClientOutcome {}
}
