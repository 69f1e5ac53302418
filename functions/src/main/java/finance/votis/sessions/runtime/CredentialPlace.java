package finance.votis.sessions.runtime;

/** Where a key lies that stamps for the company. */
public sealed interface CredentialPlace {

    /** The variable that says so, for messages. */
    String setting();

    /**
     * A key pair that is read.
     *
     * @param secretId name or ARN of the secret
     */
    record Secret(String setting, String secretId) implements CredentialPlace {}

    /**
     * A key in KMS, which signs and is never read.
     *
     * @param keyId id, ARN, alias or ARN of an alias
     */
    record KmsKey(String setting, String keyId) implements CredentialPlace {}
}
