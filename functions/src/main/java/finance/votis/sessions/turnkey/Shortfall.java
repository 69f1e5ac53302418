package finance.votis.sessions.turnkey;

/** How an activity, or the result of a completed one, can fall short of the request. */
public enum Shortfall {
    /** No result under the versioned name that belongs to the activity. */
    RESULT_MISSING,
    BUNDLE_MISSING,
    BUNDLE_MALFORMED,
    SESSION_MISSING,
    /** It names another organization than the request. */
    WRONG_ORGANIZATION,
    /** The activity has another type or another fingerprint than the request. */
    WRONG_ACTIVITY,
    /** It names another user than the request. */
    WRONG_USER
}
