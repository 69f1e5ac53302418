package finance.votis.sessions.standins.aws;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operations that the stand-in knows. */
public enum Operation {
    CREATE_SECRET(Service.SECRETS_MANAGER, "CreateSecret"),
    GET_SECRET_VALUE(Service.SECRETS_MANAGER, "GetSecretValue"),
    PUT_SECRET_VALUE(Service.SECRETS_MANAGER, "PutSecretValue"),
    UPDATE_SECRET_VERSION_STAGE(Service.SECRETS_MANAGER, "UpdateSecretVersionStage"),
    DESCRIBE_SECRET(Service.SECRETS_MANAGER, "DescribeSecret"),
    LIST_SECRET_VERSION_IDS(Service.SECRETS_MANAGER, "ListSecretVersionIds"),
    DELETE_SECRET(Service.SECRETS_MANAGER, "DeleteSecret"),
    RESTORE_SECRET(Service.SECRETS_MANAGER, "RestoreSecret"),
    CREATE_KEY(Service.KMS, "CreateKey"),
    CREATE_ALIAS(Service.KMS, "CreateAlias"),
    UPDATE_ALIAS(Service.KMS, "UpdateAlias"),
    DELETE_ALIAS(Service.KMS, "DeleteAlias"),
    DESCRIBE_KEY(Service.KMS, "DescribeKey"),
    ENABLE_KEY(Service.KMS, "EnableKey"),
    DISABLE_KEY(Service.KMS, "DisableKey"),
    SCHEDULE_KEY_DELETION(Service.KMS, "ScheduleKeyDeletion"),
    CANCEL_KEY_DELETION(Service.KMS, "CancelKeyDeletion"),
    ENCRYPT(Service.KMS, "Encrypt"),
    DECRYPT(Service.KMS, "Decrypt"),
    SIGN(Service.KMS, "Sign"),
    GET_PUBLIC_KEY(Service.KMS, "GetPublicKey"),
    FILTER_LOG_EVENTS(Service.LOGS, "FilterLogEvents");

    /** A service by its target prefix and the name in the credential scope, which is also its prefix in IAM actions. */
    public enum Service {
        SECRETS_MANAGER("secretsmanager", "secretsmanager"),
        KMS("TrentService", "kms"),
        LOGS("Logs_20140328", "logs");

        private final String target;
        private final String signingName;

        Service(String target, String signingName) {
            this.target = target;
            this.signingName = signingName;
        }

        String signingName() {
            return signingName;
        }
    }

    private static final Map<String, Operation> BY_TARGET =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Operation::target, Function.identity()));

    private final Service service;
    private final String apiName;

    Operation(Service service, String apiName) {
        this.service = service;
        this.apiName = apiName;
    }

    /** By the value of {@code X-Amz-Target}, such as {@code TrentService.Decrypt}. */
    static Optional<Operation> byTarget(String target) {
        return Optional.ofNullable(BY_TARGET.get(target));
    }

    public Service service() {
        return service;
    }

    /** As IAM writes it, such as {@code kms:Decrypt}. */
    public String action() {
        return service.signingName + ":" + apiName;
    }

    private String target() {
        return service.target + "." + apiName;
    }
}
