package finance.votis.sessions.standins.aws;

import finance.votis.sessions.standins.iam.AccessRequest;
import finance.votis.sessions.standins.iam.Caller;
import finance.votis.sessions.standins.iam.Identities;
import finance.votis.sessions.standins.iam.ResourcePolicy;
import finance.votis.sessions.standins.iam.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each operation asks of the caller's rights: the action, on which resource, in which context (AWS docs: Service Authorization
 * Reference, KMS and Secrets Manager).
 */
final class Authorization {
    private static final ResourcePolicy NONE = new ResourcePolicy.None();

    private final Identities identities;
    private final SecretsManager secrets;
    private final Kms kms;

    Authorization(Identities identities, SecretsManager secrets, Kms kms) {
        this.identities = identities;
        this.secrets = secrets;
        this.kms = kms;
    }

    /** Whose access key this is. */
    Caller caller(String accessKeyId) {
        return identities
                .caller(accessKeyId)
                .orElseThrow(() -> AwsError.of(
                        "UnrecognizedClientException", "The security token included in the request is invalid."));
    }

    void require(Caller caller, Operation operation, Input input) {
        switch (operation) {
            case CREATE_SECRET,
                    GET_SECRET_VALUE,
                    PUT_SECRET_VALUE,
                    UPDATE_SECRET_VERSION_STAGE,
                    DESCRIBE_SECRET,
                    LIST_SECRET_VERSION_IDS,
                    DELETE_SECRET,
                    RESTORE_SECRET -> ofSecret(caller, operation, input);
            case FILTER_LOG_EVENTS ->
                require(
                        new AccessRequest(
                                caller,
                                operation.action(),
                                Place.LOCAL.arn(
                                        Operation.Service.LOGS,
                                        "log-group:"
                                                + input.shown("logGroupName").orElse("") + ":log-stream:"),
                                Map.of()),
                        NONE);
            case CREATE_KEY -> require(new AccessRequest(caller, operation.action(), "*", parameters(input)), NONE);
            case CREATE_ALIAS, UPDATE_ALIAS, DELETE_ALIAS -> {
                input.shown("AliasName")
                        .ifPresent(alias -> require(
                                new AccessRequest(
                                        caller,
                                        operation.action(),
                                        Place.LOCAL.arn(Operation.Service.KMS, alias),
                                        Map.of()),
                                NONE));
                for (Kms.Asked key : kms.asked(operation, input)) {
                    ofKey(caller, operation, input, key);
                }
            }
            case DESCRIBE_KEY,
                    ENABLE_KEY,
                    DISABLE_KEY,
                    SCHEDULE_KEY_DELETION,
                    CANCEL_KEY_DELETION,
                    ENCRYPT,
                    DECRYPT,
                    SIGN,
                    GET_PUBLIC_KEY -> {
                for (Kms.Asked key : kms.asked(operation, input)) {
                    ofKey(caller, operation, input, key);
                }
            }
        }
    }

    private void ofSecret(Caller caller, Operation operation, Input input) {
        Map<String, List<String>> context = new HashMap<>();
        put(context, "secretsmanager:Name", input.shown("Name"));
        put(context, "secretsmanager:VersionId", input.shown("VersionId"));
        put(context, "secretsmanager:VersionStage", input.shown("VersionStage"));
        String arn = secrets.arnOf(
                input.shown("SecretId").or(() -> input.shown("Name")).orElse(""));
        if (input.has("SecretId")) {
            context.put("secretsmanager:SecretId", List.of(arn));
        }
        require(new AccessRequest(caller, operation.action(), arn, context), NONE);
    }

    private void ofKey(Caller caller, Operation operation, Input input, Kms.Asked key) {
        Map<String, List<String>> context = parameters(input);
        context.put("kms:KeySpec", List.of(key.kind().spec()));
        context.put("kms:KeyUsage", List.of(key.kind().usage()));
        context.put("kms:CallerAccount", List.of(Place.LOCAL.account()));
        put(context, "kms:RequestAlias", key.alias());
        // A parameter that is left out counts with its default.
        if (operation == Operation.SIGN) {
            put(context, "kms:SigningAlgorithm", input.shown("SigningAlgorithm"));
            put(context, "kms:MessageType", input.shown("MessageType").or(() -> Optional.of("RAW")));
        }
        if (operation == Operation.ENCRYPT || operation == Operation.DECRYPT) {
            put(
                    context,
                    "kms:EncryptionAlgorithm",
                    input.shown("EncryptionAlgorithm").or(() -> Optional.of("SYMMETRIC_DEFAULT")));
            Map<String, String> pairs = input.map("EncryptionContext");
            pairs.forEach((name, value) -> context.put("kms:EncryptionContext:" + name, List.of(value)));
            if (!pairs.isEmpty()) {
                context.put("kms:EncryptionContextKeys", List.copyOf(pairs.keySet()));
            }
        }
        require(
                new AccessRequest(caller, operation.action(), key.arn(), context),
                new ResourcePolicy.OfKey(key.policy()));
    }

    private static Map<String, List<String>> parameters(Input input) {
        Map<String, List<String>> context = new HashMap<>();
        put(context, "kms:KeySpec", input.shown("KeySpec"));
        put(context, "kms:KeyUsage", input.shown("KeyUsage"));
        return context;
    }

    private static void put(Map<String, List<String>> context, String key, Optional<String> value) {
        value.ifPresent(present -> context.put(key, List.of(present)));
    }

    private void require(AccessRequest request, ResourcePolicy resource) {
        if (identities.decide(request, resource) instanceof Verdict.Denied(String message)) {
            throw AwsError.of("AccessDeniedException", message);
        }
    }
}
