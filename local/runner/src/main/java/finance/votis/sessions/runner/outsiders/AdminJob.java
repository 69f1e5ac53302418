package finance.votis.sessions.runner.outsiders;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runner.stack.AwsAccount;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A job of the company that uses the session "nightly". It needs two permissions: to read the secret at {@code AWSCURRENT}, and to
 * decrypt in the context of this session and the purpose "credential".
 */
public final class AdminJob {
    private static final int SCALAR = 32;

    private final AwsAccount account;
    private final String secretArn;
    private final String keyArn;
    private final String organizationId;
    private final SecretSink secrets;

    public AdminJob(AwsAccount account, String secretArn, String keyArn, String organizationId, SecretSink secrets) {
        this.account = account;
        this.secretArn = secretArn;
        this.keyArn = keyArn;
        this.organizationId = organizationId;
        this.secrets = secrets;
    }

    /** The secret's current version: {@code {"state","publicKey","wrapped"}}. */
    public JsonNode read() throws DidNotHold {
        try {
            JsonNode version = Wire.json(account.currentSecret(secretArn));
            if (!version.path("state").asText().equals("credential")) {
                throw new DidNotHold("the secret's current version is no credential");
            }
            return version;
        } catch (SdkException e) {
            throw new DidNotHold("Secrets Manager refused: " + e.getClass().getSimpleName());
        }
    }

    /** The session's key, out of what {@link #read} gave. */
    public LocalStamper unwrap(JsonNode version) throws DidNotHold {
        String publicKey = version.path("publicKey").asText();
        byte[] packed;
        try {
            packed = account.decrypt(
                    keyArn,
                    Base64.getDecoder().decode(version.path("wrapped").asText()),
                    Map.of(
                            "app", "votis-sessions",
                            "purpose", "credential",
                            "organization", organizationId,
                            "session", "nightly",
                            "publicKey", publicKey));
        } catch (SdkException e) {
            throw new DidNotHold("KMS refused: " + e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            throw new DidNotHold("what is wrapped is not base64");
        }
        byte[] scalar = Arrays.copyOf(packed, SCALAR);
        secrets.secret("the server session's key", scalar.clone());
        Arrays.fill(packed, (byte) 0);
        try {
            P256PrivateKey key = P256PrivateKey.fromScalar(SecretBytes.takeOver(scalar));
            if (!key.publicKey().compressedHex().equals(publicKey)) {
                throw new DidNotHold("the unwrapped key does not belong to the secret's publicKey");
            }
            return new LocalStamper(key);
        } catch (CryptoException.BadScalar e) {
            throw new DidNotHold("what was wrapped is no private key");
        }
    }
}
