package finance.votis.sessions.runtime;

/** How an invocation about sessions ended. A dimension of metrics, so there are few of them. */
public enum SessionOutcome {
    CREATED("created"),
    /** A session that was there already: the server's goes on, a phone's is given once more to whoever repeats its request. */
    REUSED("reused"),
    /** The server session that an earlier run asked for. */
    RECOVERED("recovered"),
    /** A session was made in place of another. */
    REFRESHED("refreshed"),
    /** Turnkey's answer to what the device stamped was passed on. */
    RELAYED("relayed"),
    /** The same, where Turnkey said no to the device, at once or by a failed activity. */
    RELAYED_REFUSAL("relayed-refusal"),
    /** A session was tried, and works. */
    USABLE("usable"),
    LISTED("listed"),
    REVOKED("revoked"),
    /** A problem was answered; the log says which. */
    REFUSED("refused"),
    /** A scheduled run ended without a usable session. */
    FAILED("failed");

    private final String text;

    SessionOutcome(String text) {
        this.text = text;
    }

    /** As it stands in a log line, a metric's dimension and an answer. */
    public String text() {
        return text;
    }
}
