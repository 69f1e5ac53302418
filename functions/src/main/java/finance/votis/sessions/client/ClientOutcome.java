package finance.votis.sessions.client;

import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.SessionKey;
import java.util.Locale;
import java.util.Optional;

/** How asking for a phone's session ends. */
sealed interface ClientOutcome {

    /**
     * There is a session, and Turnkey lists its key.
     *
     * @param key with the times of the session
     * @param isRepeat it was made some time before this request, by the same one
     * @param replaced what became of the session that it replaces; empty if it replaces none
     */
    record Created(ReadWriteSession session, SessionKey key, boolean isRepeat, Optional<Replaced> replaced)
            implements ClientOutcome {}

    /** What became of the session that is replaced. */
    enum Replaced {
        /** Ended now. */
        REVOKED,
        /** There is no live session key of the caller by that id; perhaps an earlier sending of the request ended it. */
        NOT_FOUND,
        /** It lives on, and ends by itself. */
        FAILED;

        /** As it stands in an answer. */
        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The same request made a session before, and that one is over: its time, or its key. */
    record Ended() implements ClientOutcome {}

    /** Turnkey did not make it, or not as asked, or does not say whether its key is there. */
    record NotCreated(Answer.Incomplete<?> why) implements ClientOutcome {}
}
