package finance.votis.sessions.relay;

import finance.votis.sessions.runtime.SessionKind;
import java.util.Arrays;
import java.util.Optional;

/** What can be relayed at all (Turnkey docs: activities). A setting says which of these are. */
enum RelayActivity {
    CREATE_READ_WRITE_SESSION("create_read_write_session", SessionKind.READ_WRITE),
    CREATE_READ_ONLY_SESSION("create_read_only_session", SessionKind.READ_ONLY),
    DELETE_API_KEYS("delete_api_keys", SessionKind.ANY);

    private final String path;
    private final SessionKind kind;

    RelayActivity(String path, SessionKind kind) {
        this.path = path;
        this.kind = kind;
    }

    static Optional<RelayActivity> of(String path) {
        return Arrays.stream(values())
                .filter(activity -> activity.path.equals(path))
                .findFirst();
    }

    /** The last part of Turnkey's path, and of ours. */
    String path() {
        return path;
    }

    SessionKind kind() {
        return kind;
    }

    boolean makesSession() {
        return switch (this) {
            case CREATE_READ_WRITE_SESSION, CREATE_READ_ONLY_SESSION -> true;
            case DELETE_API_KEYS -> false;
        };
    }

    /** The one version that can be the caller's own for certain: the first read-write session names its user by e-mail alone. */
    String type() {
        return switch (this) {
            case CREATE_READ_WRITE_SESSION -> "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2";
            case CREATE_READ_ONLY_SESSION -> "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION";
            case DELETE_API_KEYS -> "ACTIVITY_TYPE_DELETE_API_KEYS";
        };
    }
}
