package finance.votis.sessions.benchmarks.crypto;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.P256PrivateKey;
import java.security.SecureRandom;

/**
 * What is stamped and opened: keys that were made for this run and are good for nothing else.
 *
 * @param body of a request for a session
 * @param bundle sealed to the target key
 */
record CryptoInputs(String body, P256PrivateKey stampingKey, P256PrivateKey targetKey, String bundle) {
    static CryptoInputs fresh() {
        SecureRandom random = new SecureRandom();
        P256PrivateKey target = P256PrivateKey.generate(random);
        String bundle = CredentialBundle.seal(P256PrivateKey.generate(random), target.publicKey(), random)
                .text();
        String body =
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\",\"timestampMs\":\"1795478400000\",\"organizationId\":"
                        + "\"00000000-0000-4000-8000-00000000000a\",\"parameters\":{\"targetPublicKey\":\""
                        + target.publicKey().uncompressedHex()
                        + "\",\"userId\":\"00000000-0000-4000-8000-0000000000a1\",\"apiKeyName\":\"Client session\","
                        + "\"expirationSeconds\":\"900\"}}";
        return new CryptoInputs(body, P256PrivateKey.generate(random), target, bundle);
    }
}
