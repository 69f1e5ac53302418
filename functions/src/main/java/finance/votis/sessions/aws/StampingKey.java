package finance.votis.sessions.aws;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;

/** A key as it was found, with its own copy of whatever is secret in it. */
interface StampingKey extends AutoCloseable {

    P256PublicKey publicKey();

    /** Stamps within this time; where a call of AWS is needed for that it may throw {@link AwsFailure}. */
    Stamper stamper(Deadline deadline);

    /** Wipes what is secret. */
    @Override
    void close();
}
