package finance.votis.sessions.standins.aws;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The unmodified SDK pointed at an endpoint, without retries, so that each answer is seen. */
final class SdkClients {
    static final String ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE";

    private SdkClients() {}

    static SecretsManagerClient secretsManager(URI url) {
        return secretsManager(url, ACCESS_KEY_ID);
    }

    static SecretsManagerClient secretsManager(URI url, String accessKeyId) {
        return at(SecretsManagerClient.builder(), url, accessKeyId).build();
    }

    static KmsClient kms(URI url) {
        return kms(url, ACCESS_KEY_ID);
    }

    static KmsClient kms(URI url, String accessKeyId) {
        return at(KmsClient.builder(), url, accessKeyId).build();
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B at(
            B builder, URI url, String accessKeyId) {
        return builder.endpointOverride(url)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(accessKeyId, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(20)))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
