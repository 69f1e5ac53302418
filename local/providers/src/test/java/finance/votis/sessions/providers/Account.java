package finance.votis.sessions.providers;

import finance.votis.sessions.runtime.Waiting;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Somewhere that KMS and Secrets Manager answer, asked by the unmodified SDK with the credentials that the functions' own clients find.
 *
 * @param endpoint of whoever plays AWS; empty: AWS itself
 */
record Account(String region, Optional<URI> endpoint) {

    static final String OPT_IN = "AWS_LIVE";

    private static final String PROFILE = "AWS_PROFILE";

    /** KMS tells that a change can take so long until it is seen everywhere, and mostly takes seconds. */
    private static final int LOOKS = 60;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    static {
        if (!isAwsAskedFor(System.getenv())) {
            // Players take any, and nobody's own must be needed here.
            System.setProperty("aws.accessKeyId", "AKIALOCALTESTSONLY00");
            System.setProperty("aws.secretAccessKey", "for-loopback-only");
        }
    }

    static Account at(URI endpoint, String region) {
        return new Account(region, Optional.of(endpoint));
    }

    static boolean isAwsAskedFor(Map<String, String> variables) {
        return "true".equals(variables.get(OPT_IN));
    }

    /**
     * AWS itself, with the credentials and the region of the profile.
     *
     * @throws IllegalStateException that says which variable is missing or in the way
     */
    static Account ofProfile(Map<String, String> variables) {
        if (variables.getOrDefault(PROFILE, "").isBlank()) {
            throw new IllegalStateException(OPT_IN + " is true, so " + PROFILE + " must name the profile to test with");
        }
        if (variables.containsKey("AWS_ACCESS_KEY_ID")) {
            throw new IllegalStateException("AWS_ACCESS_KEY_ID is set and would be used in place of " + PROFILE);
        }
        return new Account(
                DefaultAwsRegionProviderChain.builder().build().getRegion().id(), Optional.empty());
    }

    KmsClient kms() {
        return at(KmsClient.builder()).build();
    }

    SecretsManagerClient secrets() {
        return at(SecretsManagerClient.builder()).build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B at(B builder) {
        endpoint.ifPresent(builder::endpointOverride);
        return builder.region(Region.of(region))
                .credentialsProvider(DefaultCredentialsProvider.builder().build())
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(30)));
    }

    /** The variables that lead a function here. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("AWS_REGION", region));
        endpoint.map(URI::toString).ifPresent(url -> {
            environment.put("AWS_ENDPOINT_URL_KMS", url);
            environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", url);
        });
        return environment;
    }

    /** After a change: at AWS itself asks until it is seen, at a player once. */
    void seen(ThrowingCallable expectation) throws Throwable {
        int looks = endpoint.isPresent() ? 1 : LOOKS;
        for (int look = 1; look < looks; look++) {
            try {
                expectation.call();
                return;
            } catch (AssertionError notYet) {
                Waiting.asleep().pause(BETWEEN_LOOKS);
            }
        }
        expectation.call();
    }
}
