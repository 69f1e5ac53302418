package finance.votis.sessions.standins.aws;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A signed request that came in for a known operation, as it was asked: nothing of it is a secret, and no plaintext, secret
 * value or ciphertext is kept.
 *
 * @param accessKeyId whose key the signature names
 * @param resource {@code SecretId}, {@code KeyId} or {@code Name} as sent, where there was one
 * @param versionId of a secret: {@code VersionId}, or {@code ClientRequestToken} of a write
 * @param versionStage of a secret, where one was asked for by name
 * @param encryptionContext empty for what is not KMS
 */
public record RecordedRequest(
        Instant at,
        Operation operation,
        String accessKeyId,
        Optional<String> resource,
        Optional<String> versionId,
        Optional<String> versionStage,
        Map<String, String> encryptionContext) {

    static RecordedRequest of(Instant at, Operation operation, String accessKeyId, Input input) {
        return new RecordedRequest(
                at,
                operation,
                accessKeyId,
                input.shown("SecretId").or(() -> input.shown("KeyId")).or(() -> input.shown("Name")),
                input.shown("VersionId").or(() -> input.shown("ClientRequestToken")),
                input.shown("VersionStage"),
                Map.copyOf(input.map("EncryptionContext")));
    }
}
