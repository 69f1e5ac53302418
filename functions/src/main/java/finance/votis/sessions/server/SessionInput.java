package finance.votis.sessions.server;

import finance.votis.sessions.runtime.ExplainedException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The input {@code {"session": name}} of a function that has one session: the same from a schedule, by hand and from a file. */
final class SessionInput {

    private static final String SESSION = "session";

    /** Told back only if it is an ordinary one: it is the one thing sent that an answer repeats. */
    private static final Pattern NAMEABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

    private SessionInput() {}

    /**
     * Refuses everything but the session's name.
     *
     * @throws ExplainedException that names the field
     */
    static void check(@Nullable Map<String, Object> input, String session) {
        Map<String, Object> fields = input == null ? Map.of() : input;
        for (String field : fields.keySet()) {
            if (!field.equals(SESSION)) {
                throw new ExplainedException("input: "
                        + (NAMEABLE.matcher(field).matches() ? field : "a field with an unusual name")
                        + " is not a field of this input, session is the only one");
            }
        }
        if (!session.equals(fields.get(SESSION))) {
            throw new ExplainedException("input: session must be \"" + session + "\", this function's own session");
        }
    }
}
