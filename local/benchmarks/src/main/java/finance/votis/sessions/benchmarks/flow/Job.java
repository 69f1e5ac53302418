package finance.votis.sessions.benchmarks.flow;

import java.io.IOException;
import java.util.Locale;

/** What a function does here. */
enum Job {
    /** The first, since no line tells it of what the others make; so it finds nothing in three organisations, and waits between them. */
    WATCH("MintWatchFunction", "mint-watch.json", "\"status\":\"clear\""),
    CLIENT("ClientSessionFunction", "client-session.json", "\"statusCode\":201"),
    READ_ONLY("ReadOnlySessionFunction", "read-only-session.json", "\"statusCode\":201"),
    LIST("SessionsFunction", "sessions.json", "\"statusCode\":200"),
    RELAY("RelayFunction", "relay.json", "\"statusCode\":200"),
    SERVER("ServerSessionFunction", "server-session.json", "\"status\":\"created\""),
    /** Uses the session that the server's last run made. */
    CANARY("SessionCanaryFunction", "session-canary.json", "\"status\":\"usable\"");

    private final String function;
    private final String event;
    private final String success;

    Job(String function, String event, String success) {
        this.function = function;
        this.event = event;
        this.success = success;
    }

    /**
     * An answer that is quick because it refuses is no measurement.
     *
     * @throws IOException if it is none that does the job
     */
    void check(String answer) throws IOException {
        if (!answer.contains(success)) {
            throw new IOException("the function of " + this + " did not do its job");
        }
    }

    /** The simple name of its class. */
    String function() {
        return function;
    }

    /** Name of its file in {@code events/}. */
    String event() {
        return event;
    }

    /** By a schedule, and not by somebody who waits. */
    boolean isScheduled() {
        return this == WATCH || this == SERVER || this == CANARY;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
