package finance.votis.sessions.runner.keys;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.stack.LocalKey;
import finance.votis.sessions.runner.stack.Workspace;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.InvalidArnException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/**
 * The public half of a signing key in KMS: asking for it needs {@code kms:GetPublicKey} and nothing else.
 *
 * @param arn of the key itself, whatever it was asked for by
 */
public record KmsPublicKey(P256PublicKey publicKey, String arn) {

    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]+):.*");
    private static final String KIND = "it must be of ECC_NIST_P256 for SIGN_VERIFY";

    /**
     * A key and where it is.
     *
     * @param endpoint empty: where the SDK says
     */
    private record Asked(String keyId, Region region, Optional<URI> endpoint, AwsCredentialsProvider credentials) {}

    /**
     * Asks KMS with the credentials that AWS's tools use; a key of the running {@code ./dev up} is asked for there.
     *
     * @param keyId its id, ARN, alias or alias ARN; of the running {@code ./dev up} also its name in the template
     * @param region empty: that of the ARN, else AWS's own default
     * @param endpoint empty: where AWS says
     */
    public static KmsPublicKey of(Workspace workspace, String keyId, Optional<String> region, Optional<URI> endpoint)
            throws BrokenRuleException {
        GetPublicKeyResponse answer = answer(asked(workspace, keyId, region, endpoint));
        if (answer.keySpec() != KeySpec.ECC_NIST_P256 || answer.keyUsage() != KeyUsageType.SIGN_VERIFY) {
            throw new BrokenRuleException(
                    "key-kind",
                    "the key is of " + answer.keySpecAsString() + " for " + answer.keyUsageAsString() + ": " + KIND);
        }
        try {
            return new KmsPublicKey(
                    P256PublicKey.fromSubjectPublicKeyInfo(answer.publicKey().asByteArrayUnsafe()), answer.keyId());
        } catch (CryptoException.MalformedKey e) {
            throw new BrokenRuleException("kms-answer", "what KMS answered holds no public key of P-256");
        }
    }

    private static Asked asked(Workspace workspace, String keyId, Optional<String> region, Optional<URI> endpoint)
            throws BrokenRuleException {
        if (region.isEmpty() && endpoint.isEmpty()) {
            try {
                Optional<LocalKey> local = LocalKey.of(workspace, keyId);
                if (local.isPresent()) {
                    return new Asked(
                            local.get().arn(),
                            Region.of(local.get().region()),
                            Optional.of(local.get().kms()),
                            StaticCredentialsProvider.create(
                                    AwsBasicCredentials.create(LocalKey.OPERATOR, "made up, checked by nobody")));
                }
            } catch (IOException e) {
                throw new BrokenRuleException("stack-file", String.valueOf(e.getMessage()));
            }
        }
        AwsCredentialsProvider credentials =
                DefaultCredentialsProvider.builder().build();
        try {
            credentials.resolveCredentials();
        } catch (SdkClientException e) {
            throw new BrokenRuleException(
                    "credentials",
                    "no credentials of AWS were found: log in and export them, for example by"
                            + " eval \"$(aws configure export-credentials --format env)\"");
        }
        return new Asked(keyId, Region.of(regionName(keyId, region)), endpoint, credentials);
    }

    private static String regionName(String keyId, Optional<String> region) throws BrokenRuleException {
        if (region.isPresent()) {
            return region.get();
        }
        Matcher arn = ARN.matcher(keyId);
        if (arn.matches()) {
            return arn.group(1);
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion().id();
        } catch (SdkClientException e) {
            throw new BrokenRuleException("region", "no region is known: name it by --region or AWS_REGION");
        }
    }

    private static GetPublicKeyResponse answer(Asked asked) throws BrokenRuleException {
        try (SdkHttpClient http = UrlConnectionHttpClient.create();
                KmsClient kms = client(asked, http)) {
            return kms.getPublicKey(request -> request.keyId(asked.keyId()));
        } catch (NotFoundException | InvalidArnException e) {
            throw new BrokenRuleException("key-id", "KMS in " + asked.region() + " knows no such key");
        } catch (UnsupportedOperationException e) {
            throw new BrokenRuleException("key-kind", "the key is symmetric and has no public half: " + KIND);
        } catch (KmsException e) {
            String code = e.awsErrorDetails() == null
                    ? "status " + e.statusCode()
                    : e.awsErrorDetails().errorCode();
            throw new BrokenRuleException(
                    "kms-"
                            + code.replaceAll("Exception$", "")
                                    .replaceAll("(?<=[a-z])(?=[A-Z])|\\W+", "-")
                                    .toLowerCase(Locale.ROOT),
                    "KMS in " + asked.region() + " refused kms:GetPublicKey: " + code);
        } catch (SdkClientException e) {
            throw new BrokenRuleException("kms-unreachable", "KMS in " + asked.region() + " does not answer");
        }
    }

    private static KmsClient client(Asked asked, SdkHttpClient http) {
        KmsClientBuilder builder = KmsClient.builder()
                .region(asked.region())
                .credentialsProvider(asked.credentials())
                .httpClient(http);
        asked.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
