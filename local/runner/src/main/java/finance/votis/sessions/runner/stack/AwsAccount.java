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

/** Secrets Manager and KMS as people and jobs of the company use them: AWS's own SDK over the wire. Thread-safe. */
public final class AwsAccount implements AutoCloseable {
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final SecretsManagerClient secrets;
    private final KmsClient kms;

    AwsAccount(URI url, String region) {
        StaticCredentialsProvider credentials = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("LOCALOPERATOR0000", "made up, checked by nobody"));
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
