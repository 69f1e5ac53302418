package finance.votis.sessions.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
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
    private final Map<Metric, Long> metrics = new EnumMap<>(Metric.class);
    private SessionKind kind;
    private boolean isCounted;
    private long sessions = 1;
    private long turnkeyNanos;
    private String event = "invocation";
    private LogLevel level = LogLevel.INFO;

    Invocation(
            String function,
            SessionKind kind,
            String requestId,
            String lambdaRequestId,
            boolean coldStart,
            Deadline deadline,
            Platform platform) {
        this.function = function;
        this.kind = kind;
        this.requestId = requestId;
        this.lambdaRequestId = lambdaRequestId;
        this.coldStart = coldStart;
        this.deadline = deadline;
        this.platform = platform;
        this.startedAt = platform.nanoTime().getAsLong();
    }

    /** The same invocation with a line of its own, for something that is to be found by itself. */
    public Invocation another() {
        return new Invocation(function, kind, requestId, lambdaRequestId, coldStart, deadline, platform);
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

    /** Counts the call's time as Turnkey's, without the time of stamping: a key that lies in KMS takes some. */
    public <T> T turnkey(Stamper stamper, Function<Stamper, T> call) {
        return turnkey(() -> call.apply(new Stamper() {
            @Override
            public P256PublicKey publicKey() {
                return stamper.publicKey();
            }

            @Override
            public Stamp stamp(byte[] body) throws IOException {
                long before = platform.nanoTime().getAsLong();
                try {
                    return stamper.stamp(body);
                } finally {
                    turnkeyNanos -= platform.nanoTime().getAsLong() - before;
                }
            }
        }));
    }

    /** What kind of session it is about, where that is not the function's own. */
    public void kind(SessionKind known) {
        kind = known;
    }

    /** How it ended, which makes it an event that is counted. */
    public void outcome(SessionOutcome outcome) {
        note(LogField.OUTCOME, outcome.text());
        isCounted = true;
    }

    /** How many sessions that is about; one unless told. */
    public void sessions(long count) {
        sessions = count;
    }

    public void note(LogField field, String value) {
        fields.put(field, value);
    }

    /** Those of one invocation stand one after the other. */
    public void warn(String warning) {
        fields.merge(LogField.WARNING, warning, (before, another) -> before + "; " + another);
        raise(LogLevel.WARN);
    }

    /** The ids of one invocation stand one after the other. */
    public void deletedApiKey(String id) {
        fields.merge(LogField.DELETED_API_KEY_IDS, id, (before, another) -> before + " " + another);
    }

    /** That it is about something else than a call or a run. */
    public void event(String other) {
        event = other;
    }

    /** Makes the line one that an alarm watches for, and counts it. */
    public void alarm(String event) {
        this.event = event;
        measure(Metric.ALARMS, 1);
        raise(LogLevel.ERROR);
    }

    /** Whether an alarm watches for the line. */
    public boolean isAlarm() {
        return metrics.containsKey(Metric.ALARMS);
    }

    /** Something is wrong on our side or Turnkey's, without an alarm of its own. */
    public void error() {
        raise(LogLevel.ERROR);
    }

    public void note(Throwable thrown) {
        note(LogField.EXCEPTION, describe(thrown));
        raise(LogLevel.ERROR);
    }

    /** Class names and places only: a message from elsewhere may quote what it was working on. */
    static String describe(Throwable thrown) {
        String message = thrown instanceof ExplainedException ? ": " + thrown.getMessage() : "";
        String trace = Arrays.stream(thrown.getStackTrace())
                .limit(FRAMES_OF_A_TRACE)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
        String cause = thrown.getCause() == null
                ? ""
                : " caused by " + thrown.getCause().getClass().getName();
        return thrown.getClass().getName() + message + cause + " at " + trace;
    }

    public void measure(Metric metric, long value) {
        metrics.put(metric, value);
    }

    /** Writes the line. Called once, last. */
    public void end() {
        long nanos = platform.nanoTime().getAsLong() - startedAt;
        ObjectNode line = Json.newObject()
                .put("timestamp", platform.clock().instant().toString())
                .put("level", level.name())
                .put("event", event)
                .put("function", function)
                .put("requestId", requestId)
                .put("lambdaRequestId", lambdaRequestId)
                .put("coldStart", coldStart)
                .put("kind", kind.text());
        fields.forEach((field, value) -> line.put(field.memberName(), value));
        line.put("milliseconds", millis(nanos)).put("turnkeyMilliseconds", millis(turnkeyNanos));
        if (isCounted) {
            measure(Metric.SESSIONS, sessions);
            measure(Metric.COLD_STARTS, coldStart ? 1 : 0);
            measure(Metric.TURNKEY_MILLISECONDS, millis(turnkeyNanos));
            measure(Metric.OWN_MILLISECONDS, millis(nanos - turnkeyNanos));
        }
        if (!metrics.isEmpty()) {
            embed(line);
        }
        platform.log().accept(Json.text(line));
    }

    /** CloudWatch reads metrics out of a line that says which of its members they are (AWS docs: "Embedded metric format specification"). */
    private void embed(ObjectNode line) {
        ObjectNode embedded =
                Json.newObject().put("Timestamp", platform.clock().instant().toEpochMilli());
        ArrayNode directives = embedded.putArray("CloudWatchMetrics");
        Map<Metric.By, ArrayNode> definitions = new EnumMap<>(Metric.By.class);
        metrics.forEach((metric, value) -> {
            define(metric, metric.by(), definitions, directives);
            line.put(metric.metricName(), value);
        });
        if (isCounted && fields.containsKey(LogField.PROBLEM)) {
            define(Metric.SESSIONS, Metric.By.PROBLEM, definitions, directives);
        }
        line.set("_aws", embedded);
    }

    private void define(Metric metric, Metric.By by, Map<Metric.By, ArrayNode> definitions, ArrayNode directives) {
        definitions
                .computeIfAbsent(by, dimensions -> directive(dimensions, directives))
                .addObject()
                .put("Name", metric.metricName())
                .put("Unit", metric.unit());
    }

    private ArrayNode directive(Metric.By by, ArrayNode directives) {
        ObjectNode directive = directives.addObject().put("Namespace", platform.metricsNamespace());
        ArrayNode dimensions = directive.putArray("Dimensions").addArray();
        by.members().forEach(dimensions::add);
        return directive.putArray("Metrics");
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
