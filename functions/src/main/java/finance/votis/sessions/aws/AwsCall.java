package finance.votis.sessions.aws;

import finance.votis.sessions.runtime.Deadline;
import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** How long one call of AWS may take, its repeats included. */
final class AwsCall {

    /** Leaves Turnkey its part of a route's ten seconds. */
    static final Duration LONGEST = Duration.ofSeconds(6);

    private AwsCall() {}

    /**
     * At most what is left.
     *
     * @param about the name or ARN of a secret or key
     * @throws AwsFailure if nothing is left: the call must not be made
     */
    static AwsRequestOverrideConfiguration within(Deadline deadline, String operation, String about) {
        Duration left = deadline.left();
        // The SDK counts in milliseconds and takes no zero.
        if (left.toMillis() == 0) {
            throw AwsFailure.noTimeLeft(operation, about);
        }
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(left.compareTo(LONGEST) < 0 ? left : LONGEST)
                .build();
    }
}
