package finance.votis.sessions.aws;

import finance.votis.sessions.runtime.ExplainedException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** A call to AWS that did not work. Names the operation, what it was about, and AWS's error code or the kind of the SDK's exception. */
public final class AwsFailure extends ExplainedException {

    private AwsFailure(String message) {
        super(message);
    }

    /**
     * Of what the SDK threw; it is not kept as a cause.
     *
     * @param about the name or ARN of a secret or key
     */
    static AwsFailure of(String operation, String about, SdkException thrown) {
        String kind = thrown.getClass().getSimpleName();
        String code = thrown instanceof AwsServiceException refused
                ? Optional.ofNullable(refused.awsErrorDetails())
                        .map(AwsErrorDetails::errorCode)
                        .orElse(kind)
                : kind;
        return new AwsFailure(operation + " of " + about + " did not work: " + code);
    }
}
