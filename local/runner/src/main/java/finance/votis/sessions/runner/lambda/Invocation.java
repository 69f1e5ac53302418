package finance.votis.sessions.runner.lambda;

import java.time.Duration;
import java.util.Optional;

/**
 * One run of a handler.
 *
 * @param duration from handing over the event to the answer
 * @param initDuration start of the process, or its snapshot, to ready, if this invocation is the first of its process
 */
public record Invocation(String requestId, Outcome outcome, Duration duration, Optional<Duration> initDuration) {}
