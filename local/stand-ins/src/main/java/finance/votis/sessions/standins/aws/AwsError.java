package finance.votis.sessions.standins.aws;

/**
 * An error as AWS answers it: its name goes out as {@code __type}, with status 400, or 500 for the services' own faults.
 * Messages are AWS's own where they are known; they name ids and rules, never a secret value.
 */
final class AwsError extends RuntimeException {
    private final int status;
    private final String type;

    private AwsError(int status, String type, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
    }

    static AwsError of(String type, String message) {
        return new AwsError(400, type, message);
    }

    static AwsError internal(Operation.Service service) {
        return new AwsError(
                500,
                switch (service) {
                    case SECRETS_MANAGER -> "InternalServiceError";
                    case KMS -> "KMSInternalException";
                    case LOGS -> "ServiceUnavailableException";
                },
                "An internal error occurred.");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }
}
