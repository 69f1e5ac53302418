package finance.votis.sessions.aws;

import finance.votis.sessions.runtime.ExplainedException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A call to AWS that did not work. Names the operation, what it was about, and AWS's error code, the kind of the SDK's exception or what is wrong
 * with the answer. It is transient where AWS throttled, failed itself or did not answer in time.
 */
public final class AwsFailure extends ExplainedException {

    private static final int SERVER_ERROR = 500;
    private static final Pattern NAME = Pattern.compile("[A-Za-z]{1,64}");

    private final boolean isTransient;

    private AwsFailure(String operation, String about, String kind, boolean isTransient) {
        super(operation + " of " + about + " did not work: " + kind);
        this.isTransient = isTransient;
    }

    /**
     * Of what the SDK threw; it is not kept as a cause.
     *
     * @param about the name or ARN of a secret, key or log group
     */
    static AwsFailure of(String operation, String about, SdkException thrown) {
        String kind = thrown.getClass().getSimpleName();
        return thrown instanceof AwsServiceException refused
                ? new AwsFailure(
                        operation,
                        about,
                        Optional.ofNullable(refused.awsErrorDetails())
                                .map(AwsErrorDetails::errorCode)
                                .orElse(kind),
                        refused.isThrottlingException() || refused.statusCode() >= SERVER_ERROR)
                : new AwsFailure(operation, about, kind, isTimeout(thrown));
    }

    /**
     * Of an error that was answered to a call which the SDK has no client for.
     *
     * @param code its name at AWS; shown only if it looks like one
     */
    static AwsFailure refused(String operation, String about, int status, Optional<String> code) {
        String kind = code.filter(name -> NAME.matcher(name).matches()).orElse("status " + status);
        return new AwsFailure(operation, about, kind, status >= SERVER_ERROR || kind.equals("ThrottlingException"));
    }

    /** Of such a call whose answer did not come. */
    static AwsFailure lost(String operation, String about, IOException thrown) {
        return new AwsFailure(operation, about, thrown.getClass().getSimpleName(), true);
    }

    /** Of an answer that is not what AWS promises. */
    static AwsFailure brokenPromise(String operation, String about, String what) {
        return new AwsFailure(operation, about, what, false);
    }

    /** Of a call that was not made, since the invocation's time is over. */
    static AwsFailure noTimeLeft(String operation, String about) {
        return new AwsFailure(operation, about, "no time left", true);
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    private static boolean isTimeout(SdkException thrown) {
        return Stream.<Throwable>iterate(thrown, one -> one != null, Throwable::getCause)
                .anyMatch(one -> one instanceof ApiCallTimeoutException
                        || one instanceof ApiCallAttemptTimeoutException
                        || one instanceof SocketTimeoutException);
    }
}
