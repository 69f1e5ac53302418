package finance.votis.sessions.aws;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** A key pair in KMS. Loading it asks for the public half; the private half has no way out. */
final class KmsSigningKey implements KeySource {

    private static final String GET_PUBLIC_KEY = "kms:GetPublicKey";
    private static final String RULE = "it must be of ECC_NIST_P256 for SIGN_VERIFY";

    private final KmsClient kms;
    private final CredentialPlace.KmsKey place;

    KmsSigningKey(KmsClient kms, CredentialPlace.KmsKey place) {
        this.kms = kms;
        this.place = place;
    }

    /**
     * An alias that moves changes nothing here: public half and signatures stay of one key.
     *
     * @param arn of the key itself
     */
    private record InKms(KmsClient kms, String arn, P256PublicKey publicKey) implements StampingKey {

        @Override
        public Stamper stamper(Deadline deadline) {
            return new KmsStamper(kms, arn, publicKey, deadline);
        }

        @Override
        public void close() {}
    }

    @Override
    public StampingKey load(Deadline deadline) {
        var limit = AwsCall.within(deadline, GET_PUBLIC_KEY, place.keyId());
        GetPublicKeyResponse answer;
        try {
            answer = kms.getPublicKey(
                    request -> request.overrideConfiguration(limit).keyId(place.keyId()));
        } catch (UnsupportedOperationException e) {
            throw wrong("has no public half");
        } catch (SdkException e) {
            throw AwsFailure.of(GET_PUBLIC_KEY, place.keyId(), e);
        }
        if (answer.keySpec() != KeySpec.ECC_NIST_P256 || answer.keyUsage() != KeyUsageType.SIGN_VERIFY) {
            throw wrong("is of " + answer.keySpecAsString() + " for " + answer.keyUsageAsString());
        }
        try {
            return new InKms(
                    kms,
                    answer.keyId(),
                    P256PublicKey.fromSubjectPublicKeyInfo(answer.publicKey().asByteArrayUnsafe()));
        } catch (CryptoException.MalformedKey e) {
            throw AwsFailure.brokenPromise(GET_PUBLIC_KEY, place.keyId(), "the answer holds no public key of P-256");
        }
    }

    private ExplainedException wrong(String what) {
        return new ExplainedException(
                place.setting() + " names the KMS key " + place.keyId() + ", which " + what + ": " + RULE);
    }
}
