package finance.votis.sessions.runner.keys;

import finance.votis.sessions.runner.stack.Workspace;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

    @Override
    Result run() throws BrokenRuleException {
        KmsPublicKey key =
                KmsPublicKey.of(workspace, keyId, Optional.ofNullable(region), Optional.ofNullable(endpoint));
        String publicKey = key.publicKey().compressedHex();
        return new Result(
                publicKey + steps(publicKey),
                object().put("publicKey", publicKey).put("keyArn", key.arn()));
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
