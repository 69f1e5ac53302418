package finance.votis.sessions.standins.iam;

import java.util.Set;
import java.util.TreeSet;

/** The condition keys that requests on this machine have, and those that only requests between AWS's services would have. */
final class ConditionKeys {
    private static final String ENCRYPTION_CONTEXT = "kms:EncryptionContext:";
    private static final String ENCRYPTION_CONTEXT_KEYS = "kms:EncryptionContextKeys";

    private static final Set<String> KNOWN = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        KNOWN.addAll(Set.of(
                "aws:PrincipalAccount",
                "aws:PrincipalArn",
                "aws:PrincipalIsAWSService",
                "aws:SecureTransport",
                "kms:CallerAccount",
                ENCRYPTION_CONTEXT_KEYS,
                "kms:EncryptionAlgorithm",
                "kms:KeySpec",
                "kms:KeyUsage",
                "kms:MessageType",
                "kms:RequestAlias",
                "kms:SigningAlgorithm",
                "secretsmanager:Name",
                "secretsmanager:SecretId",
                "secretsmanager:VersionId",
                "secretsmanager:VersionStage"));
        // Only of requests that a service makes.
        KNOWN.addAll(Set.of("aws:SourceAccount", "aws:SourceArn", "kms:GrantIsForAWSResource", "kms:ViaService"));
    }

    private ConditionKeys() {}

    static boolean known(String key) {
        return KNOWN.contains(key)
                || (key.length() > ENCRYPTION_CONTEXT.length()
                        && key.regionMatches(true, 0, ENCRYPTION_CONTEXT, 0, ENCRYPTION_CONTEXT.length()));
    }

    /** Has several values in one request: a condition on it has to say whether it means all or any. */
    static boolean multivalued(String key) {
        return key.equalsIgnoreCase(ENCRYPTION_CONTEXT_KEYS);
    }
}
