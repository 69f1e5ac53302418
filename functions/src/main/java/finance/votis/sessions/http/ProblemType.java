package finance.votis.sessions.http;

/** The problems of the API (RFC 9457): stable names, each with one status and one action. */
public enum ProblemType {
    MALFORMED_BODY("malformed-body", 400, Action.FIX_REQUEST, "The body is not one JSON object"),
    INVALID_FIELD("invalid-field", 400, Action.FIX_REQUEST, "A field is not as it must be"),
    INVALID_PARAMETER("invalid-parameter", 400, Action.FIX_REQUEST, "A parameter of the URL is not as it must be"),
    UNKNOWN_FIELD("unknown-field", 400, Action.FIX_REQUEST, "The API has no such field"),
    BODY_TOO_LARGE("body-too-large", 413, Action.FIX_REQUEST, "The body is too large"),
    UNSUPPORTED_CONTENT_TYPE("unsupported-content-type", 415, Action.FIX_REQUEST, "The body is not application/json"),
    MALFORMED_STAMP("malformed-stamp", 400, Action.FIX_REQUEST, "The device's stamp is not one of this body"),
    STALE_TIMESTAMP("stale-timestamp", 400, Action.FIX_REQUEST, "What the device stamped is too old, or of the future"),
    MISSING_CLAIM("missing-claim", 403, Action.SIGN_IN, "The token does not say who calls"),
    NOT_YOURS("not-yours", 403, Action.FIX_REQUEST, "The body names another caller's id"),
    ACTIVITY_NOT_ALLOWED("activity-not-allowed", 403, Action.FIX_REQUEST, "The relay does not pass this activity on"),
    NO_SUCH_SESSION("no-such-session", 404, Action.FIX_REQUEST, "The caller has no live session of this id"),
    SESSION_ENDED("session-ended", 409, Action.NEW_KEY, "The session that this request made is over"),
    NEEDS_APPROVAL("needs-approval", 409, Action.CONTACT_SUPPORT, "Somebody must approve this at Turnkey"),
    AUTHENTICATORS_NEEDED(
            "authenticators-needed", 409, Action.CONTACT_SUPPORT, "Turnkey's policy asks for another factor"),
    REJECTED("rejected", 409, Action.CONTACT_SUPPORT, "This was rejected at Turnkey"),
    TOO_MANY_KEYS("too-many-keys", 409, Action.CONTACT_SUPPORT, "The user has as many keys as Turnkey allows"),
    TOO_MANY_REQUESTS("too-many-requests", 429, Action.WAIT, "Turnkey asks to slow down"),
    TURNKEY_REFUSED("turnkey-refused", 502, Action.CONTACT_SUPPORT, "Turnkey refused"),
    ACTIVITY_FAILED("activity-failed", 502, Action.NEW_KEY, "Turnkey tried, and could not make the session"),
    TURNKEY_UNREADABLE("turnkey-unreadable", 502, Action.CONTACT_SUPPORT, "Turnkey's answer cannot be used"),
    TURNKEY_UNREACHABLE("turnkey-unreachable", 502, Action.RETRY_SAME, "Turnkey cannot be reached or fails"),
    TURNKEY_UNAVAILABLE("turnkey-unavailable", 503, Action.WAIT, "Turnkey does not serve us at the moment"),
    TURNKEY_QUOTA_EXCEEDED("turnkey-quota-exceeded", 503, Action.CONTACT_SUPPORT, "Our quota at Turnkey is spent"),
    TURNKEY_SLOW("turnkey-slow", 504, Action.RETRY_SAME, "Turnkey did not answer in time"),
    BACKEND_BUSY("backend-busy", 503, Action.WAIT, "A service that we need is busy"),
    INTERNAL_ERROR("internal-error", 500, Action.CONTACT_SUPPORT, "Something is wrong on our side");

    private static final String PREFIX = "urn:votis:sessions:problem:";

    private final String slug;
    private final int status;
    private final Action action;
    private final String title;

    ProblemType(String slug, int status, Action action, String title) {
        this.slug = slug;
        this.status = status;
        this.action = action;
        this.title = title;
    }

    /** The last part of the URI. */
    public String slug() {
        return slug;
    }

    public String uri() {
        return PREFIX + slug;
    }

    public int status() {
        return status;
    }

    public Action action() {
        return action;
    }

    public String title() {
        return title;
    }
}
