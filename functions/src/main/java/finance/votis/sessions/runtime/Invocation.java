package finance.votis.sessions.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One invocation: its deadline, and the one log line that {@link #end} writes. For one thread.
 */
public final class Invocation {

    private static final int FRAMES_OF_A_TRACE = 8;

    private final String function;
    private final String requestId;
    private final String lambdaRequestId;
    private final boolean coldStart;
    private final Deadline deadline;
    private final Platform platform;
    private final long startedAt;
    private final Map<LogField, String> fields = new EnumMap<>(LogField.class);
    private long turnkeyNanos;
    private String event = "invocation";
    private LogLevel level = LogLevel.INFO;

    Invocation(
            String function,
            String requestId,
            String lambdaRequestId,
            boolean coldStart,
            Deadline deadline,
            Platform platform) {
        this.function = function;
        this.requestId = requestId;
        this.lambdaRequestId = lambdaRequestId;
        this.coldStart = coldStart;
        this.deadline = deadline;
        this.platform = platform;
        this.startedAt = platform.nanoTime().getAsLong();
    }

    public String requestId() {
        return requestId;
    }

    public Deadline deadline() {
        return deadline;
    }

    /** Counts the call's time as Turnkey's. Calls do not nest. */
    public <T> T turnkey(Supplier<T> call) {
        long before = platform.nanoTime().getAsLong();
        try {
            return call.get();
        } finally {
            turnkeyNanos += platform.nanoTime().getAsLong() - before;
        }
    }

    public void note(LogField field, String value) {
        fields.put(field, value);
    }

    public void warn(String warning) {
        note(LogField.WARNING, warning);
        raise(LogLevel.WARN);
    }

    /** Makes the line one that an alarm watches for. */
    public void alarm(String event) {
        this.event = event;
        raise(LogLevel.ERROR);
    }

    /** Something is wrong on our side or Turnkey's, without an alarm of its own. */
    public void error() {
        raise(LogLevel.ERROR);
    }

    /** Class names and places only: a message from elsewhere may quote what it was working on. */
    public void note(Throwable thrown) {
        String message = thrown instanceof ExplainedException ? ": " + thrown.getMessage() : "";
        String trace = Arrays.stream(thrown.getStackTrace())
                .limit(FRAMES_OF_A_TRACE)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
        String cause = thrown.getCause() == null
                ? ""
                : " caused by " + thrown.getCause().getClass().getName();
        note(LogField.EXCEPTION, thrown.getClass().getName() + message + cause + " at " + trace);
        raise(LogLevel.ERROR);
    }

    /** Writes the line. Called once, last. */
    public void end() {
        ObjectNode line = Json.newObject()
                .put("timestamp", platform.clock().instant().toString())
                .put("level", level.name())
                .put("event", event)
                .put("function", function)
                .put("requestId", requestId)
                .put("lambdaRequestId", lambdaRequestId)
                .put("coldStart", coldStart);
        fields.forEach((field, value) -> line.put(field.memberName(), value));
        line.put("milliseconds", millis(platform.nanoTime().getAsLong() - startedAt))
                .put("turnkeyMilliseconds", millis(turnkeyNanos));
        platform.log().accept(Json.text(line));
    }

    private void raise(LogLevel to) {
        level = level.compareTo(to) < 0 ? to : level;
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    /** In order of weight; named as Lambda's log filter knows them. */
    private enum LogLevel {
        INFO,
        WARN,
        ERROR
    }
}
