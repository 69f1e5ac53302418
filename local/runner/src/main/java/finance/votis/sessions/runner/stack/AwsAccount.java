package finance.votis.sessions.runner.stack;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Secrets Manager and KMS as somebody of the company uses them, a person or a job: AWS's own SDK over the wire. What is refused is AWS's
 * {@code AccessDeniedException}. Thread-safe.
 */
public final class AwsAccount implements AutoCloseable {
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final SecretsManagerClient secrets;
    private final KmsClient kms;

    /** @param accessKeyId says who it is */
    AwsAccount(URI url, String region, String accessKeyId) {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, "made up, checked by nobody"));
        this.secrets = SecretsManagerClient.builder()
                .endpointOverride(url)
                .region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClient(http)
                .build();
        this.kms = KmsClient.builder()
                .endpointOverride(url)
                .region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClient(http)
                .build();
    }

    /** As an operator fills a secret that the stack made empty. */
    void putSecret(String arn, String value) {
        secrets.putSecretValue(request -> request.secretId(arn).secretString(value));
    }

    /** The version at {@code AWSCURRENT}. */
    public String currentSecret(String arn) {
        return secrets.getSecretValue(request -> request.secretId(arn).versionStage("AWSCURRENT"))
                .secretString();
    }

    /**
     * A version of a secret.
     *
     * @param stages none: it is only kept for a while
     */
    public record SecretVersion(String id, Set<String> stages) {}

    /** All that there are, at most a hundred. */
    public List<SecretVersion> secretVersions(String arn) {
        return secrets
                .listSecretVersionIds(
                        request -> request.secretId(arn).includeDeprecated(true).maxResults(100))
                .versions()
                .stream()
                .map(version -> new SecretVersion(version.versionId(), Set.copyOf(version.versionStages())))
                .toList();
    }

    /** What a version holds, whatever its stages. */
    public String secretVersion(String arn, String id) {
        return secrets.getSecretValue(request -> request.secretId(arn).versionId(id))
                .secretString();
    }

    /** Makes the version before the current one. */
    void putBack(String arn) {
        secrets.updateSecretVersionStage(request -> request.secretId(arn)
                .versionStage("AWSCURRENT")
                .removeFromVersionId(holder(arn, "AWSCURRENT"))
                .moveToVersionId(holder(arn, "AWSPREVIOUS")));
    }

    private String holder(String arn, String stage) {
        return secretVersions(arn).stream()
                .filter(version -> version.stages().contains(stage))
                .map(SecretVersion::id)
                .findFirst()
                .orElseThrow();
    }

    /** DER of a key pair's public half. */
    byte[] publicKey(String keyArn) {
        return kms.getPublicKey(request -> request.keyId(keyArn)).publicKey().asByteArray();
    }

    /** The key's state, such as {@code Enabled}. */
    String keyState(String keyArn) {
        return kms.describeKey(request -> request.keyId(keyArn)).keyMetadata().keyStateAsString();
    }

    /** The plaintext, which the caller wipes. */
    public byte[] decrypt(String keyArn, byte[] ciphertext, Map<String, String> context) {
        return kms.decrypt(request -> request.keyId(keyArn)
                        .ciphertextBlob(SdkBytes.fromByteArray(ciphertext))
                        .encryptionContext(context))
                .plaintext()
                .asByteArrayUnsafe();
    }

    @Override
    public void close() {
        secrets.close();
        kms.close();
        http.close();
    }
}
