package finance.votis.sessions.aws;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/**
 * Stamps with a key that stays in KMS: one {@code Sign} per stamp, over the SHA-256 of the body. KMS takes no body over 4,096 bytes, and a
 * digest always. A signature that does not verify under the public half never leaves here. S is left as it comes, high or low. Thread-safe.
 */
final class KmsStamper implements Stamper {

    private static final String SIGN = "kms:Sign";

    private final KmsClient kms;
    private final String keyArn;
    private final P256PublicKey publicKey;
    private final Deadline deadline;

    /**
     * For one invocation.
     *
     * @param keyArn of a key of {@code ECC_NIST_P256} for {@code SIGN_VERIFY}
     * @param publicKey its public half
     * @param deadline of all its stamps
     */
    KmsStamper(KmsClient kms, String keyArn, P256PublicKey publicKey, Deadline deadline) {
        this.kms = kms;
        this.keyArn = keyArn;
        this.publicKey = publicKey;
        this.deadline = deadline;
    }

    @Override
    public P256PublicKey publicKey() {
        return publicKey;
    }

    /**
     * One call of KMS, which the SDK repeats where it is throttled.
     *
     * @throws AwsFailure if KMS refuses, does not answer in time, or answers what is no signature of this key
     */
    @Override
    public Stamp stamp(byte[] body) {
        var limit = AwsCall.within(deadline, SIGN, keyArn);
        SdkBytes digest = SdkBytes.fromByteArrayUnsafe(sha256(body));
        byte[] signature;
        try {
            signature = kms.sign(request -> request.overrideConfiguration(limit)
                            .keyId(keyArn)
                            .messageType(MessageType.DIGEST)
                            .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)
                            .message(digest))
                    .signature()
                    .asByteArrayUnsafe();
        } catch (SdkException e) {
            throw AwsFailure.of(SIGN, keyArn, e);
        }
        Stamp stamp;
        try {
            stamp = Stamp.of(publicKey, signature);
        } catch (IllegalArgumentException e) {
            throw AwsFailure.brokenPromise(SIGN, keyArn, "the answer holds no signature in DER");
        }
        if (!stamp.signs(body)) {
            throw AwsFailure.brokenPromise(SIGN, keyArn, "the signature does not verify under the key's public half");
        }
        return stamp;
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    @Override
    public String toString() {
        return "KmsStamper[" + keyArn + ", " + publicKey + "]";
    }
}
