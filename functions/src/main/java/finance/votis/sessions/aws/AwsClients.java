package finance.votis.sessions.aws;

import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Network;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's clients of one function instance, each made when it is first asked for, over one HTTP client. Credentials come from the SDK's
 * default chain, which knows that a function started from a snapshot has no key variables. Thread-safe.
 */
public final class AwsClients {

    private static final Duration CONNECT = Duration.ofSeconds(1);

    /** Under a second once warm; the first one of a cold instance loads its classes within it. */
    private static final Duration ATTEMPT = Duration.ofSeconds(3);

    /** Ends calls that take too long. The SDK's own would be five threads for each client. */
    private static final ScheduledExecutorService TIMER = timer();

    private final AwsPlace place;
    private final Network network;
    private @Nullable DefaultCredentialsProvider credentials;
    private @Nullable SdkHttpClient http;
    private @Nullable KmsClient kms;
    private @Nullable SecretsManagerClient secretsManager;

    public AwsClients(AwsPlace place) {
        this(place, Network.real());
    }

    /** Over this network. */
    public AwsClients(AwsPlace place, Network network) {
        this.place = place;
        this.network = network;
    }

    synchronized KmsClient kms() {
        if (kms == null) {
            kms = build(KmsClient.builder(), place.kms());
        }
        return kms;
    }

    synchronized SecretsManagerClient secretsManager() {
        if (secretsManager == null) {
            secretsManager = build(SecretsManagerClient.builder(), place.secretsManager());
        }
        return secretsManager;
    }

    // The endpoint that was checked is the one that is used; without one the SDK takes the region's.
    private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C extends SdkAutoCloseable> C build(
            B builder, Optional<URI> endpoint) {
        endpoint.ifPresent(builder::endpointOverride);
        return network.holding(builder.httpClient(http())
                .credentialsProvider(credentials())
                .region(Region.of(place.region()))
                .defaultsMode(DefaultsMode.IN_REGION)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .scheduledExecutorService(TIMER)
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(AwsCall.LONGEST)
                        .retryStrategy(RetryMode.STANDARD)
                        .build())
                .build());
    }

    private static ScheduledExecutorService timer() {
        var timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("aws-timer").daemon().factory());
        // Most calls end in time: their ends would pile up.
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** One of our own: the SDK's would be one for the process, and keep what it found in a rehearsal. */
    synchronized DefaultCredentialsProvider credentials() {
        if (credentials == null) {
            credentials = network.holding(DefaultCredentialsProvider.builder().build());
        }
        return credentials;
    }

    private SdkHttpClient http() {
        if (http == null) {
            http = http(ATTEMPT);
        }
        return http;
    }

    /**
     * One more.
     *
     * @param answer how long it waits for the next part of an answer
     */
    synchronized SdkHttpClient http(Duration answer) {
        UrlConnectionHttpClient.Builder builder =
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(answer);
        network.trusted().ifPresent(trust -> builder.tlsTrustManagersProvider(() -> new TrustManager[] {trust}));
        return network.holding(builder.build());
    }

    AwsPlace place() {
        return place;
    }
}
