package finance.votis.sessions.server;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.turnkey.Answer;
import java.util.Optional;

/** How a run ends. */
sealed interface ServerOutcome {

    /**
     * There is a usable session at {@code AWSCURRENT}.
     *
     * @param unasked why Turnkey did not say whether it still lists the key of a session that is reused
     */
    record Usable(How how, Session session, Optional<Answer.Incomplete<?>> unasked) implements ServerOutcome {}

    /** How it came to be there. */
    enum How {
        CREATED,
        REUSED,
        /** Another run asked for it or stored it, and did not come to its end. */
        RECOVERED
    }

    /** Names and times of the session, never its key. */
    record Session(String secretArn, String versionId, P256PublicKey publicKey, SessionCredential.Details details) {}

    /** Another run wrote the state that this one was about to write, or moved {@code AWSCURRENT}. */
    record AnotherRunWasFirst() implements ServerOutcome {}

    /** Too little time is left for the steps after Turnkey's, so Turnkey was not asked. */
    record TooLateToCreate() implements ServerOutcome {}

    /** Turnkey did not do one of the steps. */
    record TurnkeyDidNot(Step step, Answer.Incomplete<?> why) implements ServerOutcome {}

    /** What Turnkey is asked for. */
    enum Step {
        WHO_IS_THE_ADMIN("whoami of the admin key"),
        CREATE("create read-write session"),
        RECOVER("the session that an earlier run asked for"),
        LIST_KEYS("get API keys"),
        PROVE("whoami of the new session");

        private final String text;

        Step(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** A key is not of the organisation or user that it must be of. */
    record WrongIdentity(Step step) implements ServerOutcome {}

    /** The bundle was not sealed to our target key, or holds no key. */
    record DoesNotOpen(String activityId) implements ServerOutcome {}

    /** Turnkey does not list the key that was in the bundle under the id that its answer names. */
    record KeyNotListed(String activityId) implements ServerOutcome {}
}
