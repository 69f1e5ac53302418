package finance.votis.sessions.aws;

import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;

/** A place that a stamping key is had from. */
sealed interface KeySource permits SecretKeyPair, KmsSigningKey {

    /**
     * The key that is there now; the caller closes it.
     *
     * @throws AwsFailure if AWS refuses, or does not answer in time
     * @throws ExplainedException if what is there cannot stamp
     */
    StampingKey load(Deadline deadline);
}
