package finance.votis.sessions.standins.turnkey;

import java.util.Arrays;
import java.util.Optional;

/** The paths that the stand-in answers. Everything is a POST, reads too. */
public enum Endpoint {
    CREATE_READ_WRITE_SESSION("submit/create_read_write_session"),
    CREATE_READ_ONLY_SESSION("submit/create_read_only_session"),
    STAMP_LOGIN("submit/stamp_login"),
    CREATE_API_KEYS("submit/create_api_keys"),
    DELETE_API_KEYS("submit/delete_api_keys"),
    APPROVE_ACTIVITY("submit/approve_activity"),
    WHOAMI("query/whoami"),
    GET_API_KEYS("query/get_api_keys"),
    GET_API_KEY("query/get_api_key"),
    GET_USER("query/get_user"),
    LIST_USERS("query/list_users"),
    LIST_POLICIES("query/list_policies"),
    GET_ORGANIZATION_CONFIGS("query/get_organization_configs"),
    GET_ACTIVITY("query/get_activity"),
    LIST_ACTIVITIES("query/list_activities"),
    LIST_SUBORGS("query/list_suborgs");

    private final String path;

    Endpoint(String tail) {
        this.path = "/public/v1/" + tail;
    }

    /** For example {@code /public/v1/query/whoami}. */
    public String path() {
        return path;
    }

    boolean isQuery() {
        return path.startsWith("/public/v1/query/");
    }

    static Optional<Endpoint> at(String path) {
        return Arrays.stream(values())
                .filter(endpoint -> endpoint.path.equals(path))
                .findFirst();
    }
}
