package finance.votis.sessions.aws;

import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.Deadline;
import java.util.Arrays;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * Wraps up to 4,096 secret bytes under one KMS key, bound to a context: what was wrapped in one context unwraps in no other. The context is
 * not secret, CloudTrail shows it. Copies of the plaintext inside the SDK's own request and answer buffers cannot be wiped. Thread-safe.
 */
public final class KeyWrap {

    private static final String ENCRYPT = "kms:Encrypt";
    private static final String DECRYPT = "kms:Decrypt";

    private final KmsClient kms;
    private final String keyId;

    public KeyWrap(AwsClients clients, String keyId) {
        this.kms = clients.kms();
        this.keyId = keyId;
    }

    /**
     * KMS's ciphertext of the secret.
     *
     * @throws AwsFailure if KMS refuses or does not answer in time
     */
    public byte[] wrap(SecretBytes secret, Map<String, String> context, Deadline deadline) {
        var limit = AwsCall.within(deadline, ENCRYPT, keyId);
        byte[] plaintext = secret.dangerouslyCopy();
        try {
            return kms.encrypt(request -> request.overrideConfiguration(limit)
                            .keyId(keyId)
                            .plaintext(SdkBytes.fromByteArrayUnsafe(plaintext))
                            .encryptionContext(context))
                    .ciphertextBlob()
                    .asByteArray();
        } catch (SdkException e) {
            throw AwsFailure.of(ENCRYPT, keyId, e);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    /**
     * The secret; the caller closes it.
     *
     * @throws AwsFailure if it was wrapped by another key, in another context or not at all, or KMS refuses or does not answer in time
     */
    public SecretBytes unwrap(byte[] wrapped, Map<String, String> context, Deadline deadline) {
        var limit = AwsCall.within(deadline, DECRYPT, keyId);
        try {
            return SecretBytes.takeOver(kms.decrypt(request -> request.overrideConfiguration(limit)
                            .keyId(keyId)
                            .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(context))
                    .plaintext()
                    .asByteArrayUnsafe());
        } catch (SdkException e) {
            throw AwsFailure.of(DECRYPT, keyId, e);
        }
    }
}
