package finance.votis.sessions.turnkey;

import java.time.Duration;
import java.util.Optional;

/**
 * What Turnkey answered to a request that a device stamped, to be handed on as it is.
 *
 * @param body one JSON object, byte for byte once written as UTF-8
 * @param retryAfter of the answer's header in its form of seconds
 * @param error what a refusal means
 * @param activityId of the activity, if there is one
 * @param apiKeyId of a session's key that was made
 */
public record RelayedAnswer(
        int status,
        String body,
        Optional<Duration> retryAfter,
        Optional<TurnkeyError> error,
        Optional<String> activityId,
        Optional<ApiKeyId> apiKeyId) {

    /** The body may hold a session. */
    @Override
    public String toString() {
        return "RelayedAnswer[" + status + ", <redacted>]";
    }
}
