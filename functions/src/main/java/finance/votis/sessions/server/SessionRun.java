package finance.votis.sessions.server;

import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.OrganizationId;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One run of a function that has one session: the frame that all of them have. */
final class SessionRun {

    private static final String SESSION = "session";

    /** Told back only if it is an ordinary one: it is the one thing sent that an answer repeats. */
    private static final Pattern NAMEABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

    private SessionRun() {}

    /**
     * Checks the input, which is {@code {"session": name}} from a schedule, by hand and from a file alike, and does the work. Writes the
     * invocation's line.
     *
     * @throws ExplainedException whatever went wrong, so that the platform's alarm sees it; of the input it names the field
     */
    static <T> T of(
            Invocation invocation,
            String session,
            OrganizationId organizationId,
            @Nullable Map<String, Object> input,
            Supplier<T> work) {
        invocation.note(LogField.SESSION, session);
        invocation.note(LogField.ORGANIZATION_ID, organizationId.value());
        try {
            check(input == null ? Map.of() : input, session);
            return work.get();
        } catch (ExplainedException e) {
            failed(invocation, e);
            throw e;
        } catch (RuntimeException | Error e) {
            failed(invocation, e);
            // Lambda logs and returns the message of what is thrown, and those of its causes.
            throw new ExplainedException("internal error: " + e.getClass().getName());
        } finally {
            invocation.end();
        }
    }

    /** Of a step that Turnkey did not do. */
    static ExplainedException notDone(String step, Problem problem, Answer.Incomplete<?> why) {
        return new ExplainedException(step + ": " + problem.type().slug() + ", " + problem.detail()
                + TurnkeyProblems.code(why).map(code -> ", code " + code).orElse("")
                + problem.activityId().map(id -> ", activity " + id).orElse(""));
    }

    private static void failed(Invocation invocation, Throwable thrown) {
        invocation.outcome(SessionOutcome.FAILED);
        invocation.note(thrown);
    }

    private static void check(Map<String, Object> input, String session) {
        for (String field : input.keySet()) {
            if (!field.equals(SESSION)) {
                throw new ExplainedException(
                        "input: " + (NAMEABLE.matcher(field).matches() ? field : "a field with an unusual name")
                                + " is not a field of this input, session is the only one");
            }
        }
        if (!session.equals(input.get(SESSION))) {
            throw new ExplainedException("input: session must be \"" + session + "\", this function's own session");
        }
    }
}
