package finance.votis.sessions.lifecycle;

import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.SessionKey;
import java.util.List;

/** How looking at sessions, or ending some, ends. */
sealed interface SessionsOutcome {

    /**
     * The live ones.
     *
     * @param sessions newest first
     * @param expired how many Turnkey lists besides, whose time is over
     */
    record Listed(List<SessionKey> sessions, int expired) implements SessionsOutcome {}

    /** These are gone; perhaps none, where there was no other. */
    record Revoked(List<SessionKey> sessions) implements SessionsOutcome {}

    /** The id that was named is not that of a live session key of the caller. Nothing was ended. */
    record NoSuchSession() implements SessionsOutcome {}

    /** Turnkey did not tell, or did not do it. */
    record NotDone(Answer.Incomplete<?> why) implements SessionsOutcome {}
}
