package finance.votis.sessions.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts one {@link Invocation} after the other in one function instance; the first one is its cold start. Thread-safe. */
public final class Invocations {

    /** Kept free at the end, so that an answer of ours leaves before Lambda stops the function. */
    private static final Duration MARGIN = Duration.ofMillis(750);

    private final String function;
    private final SessionKind kind;
    private final Platform platform;
    private final AtomicBoolean isCold = new AtomicBoolean(true);

    /** Of one function, which is for sessions of this kind. */
    public Invocations(Class<?> function, SessionKind kind, Platform platform) {
        this.function = function.getSimpleName();
        this.kind = kind;
        this.platform = platform;
    }

    /**
     * The next invocation.
     *
     * @param requestId what a caller can name to support: the gateway's id, or Lambda's own
     */
    public Invocation begin(Context context, String requestId) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MARGIN);
        Invocation invocation = new Invocation(
                function,
                kind,
                requestId,
                context.getAwsRequestId(),
                isCold.getAndSet(false),
                Deadline.after(left.isNegative() ? Duration.ZERO : left, platform.nanoTime()),
                platform);
        invocation.note(LogField.FUNCTION_VERSION, context.getFunctionVersion());
        return invocation;
    }
}
