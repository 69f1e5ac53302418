package finance.votis.sessions.runtime;

/** All that a log line may hold beside its frame. What is not here cannot be logged; nothing here is a secret. */
public enum LogField {
    OUTCOME("outcome"),
    STATUS("status"),
    PROBLEM("problem"),
    TURNKEY_CODE("turnkeyCode"),
    ACTIVITY_ID("activityId"),
    ORGANIZATION_ID("organizationId"),
    USER_ID("userId"),
    API_KEY_ID("apiKeyId"),
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

    String memberName() {
        return memberName;
    }
}
