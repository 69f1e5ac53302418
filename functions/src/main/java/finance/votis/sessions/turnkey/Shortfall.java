package finance.votis.sessions.turnkey;

/** How the result of a completed activity can fall short. */
public enum Shortfall {
    /** No result under the versioned name that belongs to the activity. */
    RESULT_MISSING,
    BUNDLE_MISSING,
    BUNDLE_MALFORMED,
    SESSION_MISSING,
    /** It names another organization than the request. */
    WRONG_ORGANIZATION,
    /** It names another user than the request. */
    WRONG_USER
}
