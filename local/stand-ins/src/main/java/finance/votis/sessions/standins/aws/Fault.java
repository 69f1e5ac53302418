package finance.votis.sessions.standins.aws;

import java.time.Duration;

/** What can go wrong with one call, on request. Unless said otherwise the call has no effect. */
public sealed interface Fault {
    /** {@code ThrottlingException}, 400. */
    record Throttled() implements Fault {}

    /** {@code InternalServiceError} or {@code KMSInternalException}, 500. */
    record Broken() implements Fault {}

    /** {@code AccessDeniedException}, 400. */
    record AccessDenied() implements Fault {}

    /** Takes effect at once; its answer comes late. */
    record Late(Duration delay) implements Fault {}

    /** The connection is reset instead of doing anything. */
    record ResetBefore() implements Fault {}

    /** Takes effect; the connection is reset instead of an answer. */
    record ResetAfter() implements Fault {}
}
