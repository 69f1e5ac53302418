package finance.votis.sessions.standins.turnkey;

/** The activities of the stand-in, with every name that Turnkey has for each. */
enum ActivityType {
    CREATE_READ_WRITE_SESSION(
            Endpoint.CREATE_READ_WRITE_SESSION,
            "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",
            "createReadWriteSessionIntentV2",
            "createReadWriteSessionResultV2",
            "AUTH",
            "CREATE"),
    CREATE_READ_ONLY_SESSION(
            Endpoint.CREATE_READ_ONLY_SESSION,
            "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION",
            "createReadOnlySessionIntent",
            "createReadOnlySessionResult",
            "AUTH",
            "CREATE"),
    STAMP_LOGIN(
            Endpoint.STAMP_LOGIN,
            "ACTIVITY_TYPE_STAMP_LOGIN",
            "stampLoginIntent",
            "stampLoginResult",
            "AUTH",
            "CREATE"),
    CREATE_API_KEYS(
            Endpoint.CREATE_API_KEYS,
            "ACTIVITY_TYPE_CREATE_API_KEYS_V2",
            "createApiKeysIntentV2",
            "createApiKeysResult",
            "CREDENTIAL",
            "CREATE"),
    DELETE_API_KEYS(
            Endpoint.DELETE_API_KEYS,
            "ACTIVITY_TYPE_DELETE_API_KEYS",
            "deleteApiKeysIntent",
            "deleteApiKeysResult",
            "CREDENTIAL",
            "DELETE");

    private final Endpoint endpoint;
    private final String wireName;
    private final String intentName;
    private final String resultName;
    private final String resource;
    private final String action;

    ActivityType(
            Endpoint endpoint, String wireName, String intentName, String resultName, String resource, String action) {
        this.endpoint = endpoint;
        this.wireName = wireName;
        this.intentName = intentName;
        this.resultName = resultName;
        this.resource = resource;
        this.action = action;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** With its version. */
    String wireName() {
        return wireName;
    }

    String intentName() {
        return intentName;
    }

    String resultName() {
        return resultName;
    }

    /** The name without a version, as policies have it. */
    String kind() {
        return name();
    }

    String resource() {
        return resource;
    }

    String action() {
        return action;
    }
}
