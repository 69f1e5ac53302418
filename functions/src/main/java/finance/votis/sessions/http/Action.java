package finance.votis.sessions.http;

/** What an app does about a problem. It branches on this and not on the problem's type. */
public enum Action {
    FIX_REQUEST("fix-request"),
    NEW_KEY("new-key"),
    SIGN_IN("sign-in"),
    RETRY_SAME("retry-same"),
    WAIT("wait"),
    CONTACT_SUPPORT("contact-support");

    private final String text;

    Action(String text) {
        this.text = text;
    }

    /** As it stands in an answer. */
    public String text() {
        return text;
    }
}
