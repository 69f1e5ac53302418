package finance.votis.sessions.runtime;

/** What kind of session an invocation is about. A dimension of metrics, so there are few of them. */
public enum SessionKind {
    READ_WRITE("read-write"),
    READ_ONLY("read-only"),
    SERVER("server"),
    /** A server session that its canary tries. */
    CANARY("canary"),
    /** Sessions of phones and read-only ones, that are looked at afterwards. */
    WATCH("watch"),
    /** Made by one of Turnkey's logins, not by us. */
    LOGIN("login"),
    /** The request ended before that was known, or is about sessions of any kind. */
    ANY("any");

    private final String text;

    SessionKind(String text) {
        this.text = text;
    }

    /** As it stands in a log line and in a metric's dimension. */
    public String text() {
        return text;
    }
}
