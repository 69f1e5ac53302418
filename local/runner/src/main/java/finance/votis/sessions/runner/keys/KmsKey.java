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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

@Command(
        name = "kms-key",
        description = {
            "Prints the public half of a signing key in AWS KMS as Turnkey wants it, and how to register it there.",
            "%nCredentials and region come from where AWS's tools look for them. A key of the running ./dev up needs no more than its name,",
            "for example DelegateSigningKey."
        },
        footer = {
            "%nThe first line is the public half: 66 hex digits, compressed.",
            "%n--json: {\"ok\":true,\"publicKey\":\"<66 hex digits>\",\"keyArn\":\"<ARN>\"}.",
            KeyCommand.JSON_FAILURE,
            KeyCommand.EXIT_CODES
        })
public final class KmsKey extends KeyCommand {

    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]+):.*");
    private static final String KIND = "it must be of ECC_NIST_P256 for SIGN_VERIFY";

    @Option(
            names = "--key-id",
            required = true,
            paramLabel = "KEY",
            description = "Its id, ARN, alias (alias/...) or alias ARN.")
    private String keyId = "";

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Default: that of the ARN, else AWS's own default.")
    private @Nullable String region;

    @Option(names = "--endpoint-url", paramLabel = "URL", description = "Where KMS answers, if not where AWS says.")
    private @Nullable URI endpoint;

    private final Workspace workspace;

    KmsKey() {
        this(Workspace.current());
    }

    KmsKey(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * A key and where it is.
     *
     * @param endpoint empty: where the SDK says
     */
    private record Asked(String keyId, Region region, Optional<URI> endpoint, AwsCredentialsProvider credentials) {}

    @Override
    Result run() throws BrokenRuleException {
        Asked asked = asked();
        GetPublicKeyResponse answer = publicKey(asked);
        if (answer.keySpec() != KeySpec.ECC_NIST_P256 || answer.keyUsage() != KeyUsageType.SIGN_VERIFY) {
            throw new BrokenRuleException(
                    "key-kind",
                    "the key is of " + answer.keySpecAsString() + " for " + answer.keyUsageAsString() + ": " + KIND);
        }
        try {
            String publicKey = P256PublicKey.fromSubjectPublicKeyInfo(
                            answer.publicKey().asByteArrayUnsafe())
                    .compressedHex();
            return new Result(
                    publicKey + steps(publicKey),
                    object().put("publicKey", publicKey).put("keyArn", answer.keyId()));
        } catch (CryptoException.MalformedKey e) {
            throw new BrokenRuleException("kms-answer", "what KMS answered holds no public key of P-256");
        }
    }

    private Asked asked() throws BrokenRuleException {
        if (region == null && endpoint == null) {
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
        return new Asked(keyId, Region.of(regionName()), Optional.ofNullable(endpoint), credentials);
    }

    private String regionName() throws BrokenRuleException {
        String named = region;
        if (named != null) {
            return named;
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

    private static GetPublicKeyResponse publicKey(Asked asked) throws BrokenRuleException {
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

    private static String steps(String publicKey) {
        return """


                Register it at Turnkey; the private half never leaves KMS.

                A delegate's key, in each sub-organisation and never in the parent: docs/operations.md, "The delegate, in each
                sub-organisation", with this public key. Where the delegate is a user already, the end user stamps and posts this to
                /public/v1/submit/create_api_keys, with the ids and the time in place of <...>:

                {"type":"ACTIVITY_TYPE_CREATE_API_KEYS_V2","timestampMs":"<now>","organizationId":"<sub-organisation>","parameters":{"userId":"<delegate>","apiKeys":[{"apiKeyName":"delegate in KMS","publicKey":"%s","curveType":"API_KEY_CURVE_P256"}]}}

                An admin's key, in the organisation that its session works in: create the session's own API-only user with this public
                key, or have a root user post the same there for a user that is there already.

                The old key, if there is one, is deleted at Turnkey once the functions stamp with this one.""".formatted(publicKey);
    }
}
