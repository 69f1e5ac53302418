package finance.votis.sessions.runtime;

/** All that a log line may hold beside its frame. What is not here cannot be logged; nothing here is a secret. */
public enum LogField {
    /** As Lambda published it: while a deployment goes, two of them answer. */
    FUNCTION_VERSION("functionVersion"),
    OUTCOME("outcome"),
    STATUS("status"),
    PROBLEM("problem"),
    TURNKEY_CODE("turnkeyCode"),
    /** Status of Turnkey's answer, where it is not a failed activity. */
    TURNKEY_STATUS("turnkeyStatus"),
    /** What Turnkey names with an internal error, for its support. */
    INCIDENT("incident"),
    /** What exactly went wrong at Turnkey: a name or rule of ours, or names of exception classes. */
    REASON("reason"),
    ACTIVITY_ID("activityId"),
    /** Of the request that makes a session: the same at Turnkey, and known here also where no answer came. */
    FINGERPRINT("fingerprint"),
    ACTIVITY_TYPE("activityType"),
    CREATED_AT("createdAt"),
    /** Compressed, in hex: a public half is no secret. */
    PUBLIC_KEY("publicKey"),
    ORGANIZATION_ID("organizationId"),
    USER_ID("userId"),
    API_KEY_ID("apiKeyId"),
    /** Ids of session keys that were deleted at Turnkey, since their time was over or their user ended them. */
    DELETED_API_KEY_IDS("deletedApiKeyIds"),
    SESSION("session"),
    VERSION_ID("versionId"),
    EXPIRES_AT("expiresAt"),
    /** What did not go well and did not stop the run, in our words. */
    WARNING("warning"),
    /** Class names of an exception and where it was thrown; its message only if it is an {@link ExplainedException}. */
    EXCEPTION("exception");

    private final String memberName;

    LogField(String memberName) {
        this.memberName = memberName;
    }

    /** Its name in a line. */
    public String memberName() {
        return memberName;
    }
}
