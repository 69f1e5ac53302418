package finance.votis.sessions.standins.passkey;

import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * One credential on P-256 for one relying party (W3C WebAuthn Level 3, section 6), stamping as Turnkey's webauthn-stamper does. Its key
 * lives as long as the process. Immutable and thread-safe.
 */
public final class SoftwarePasskey {
    /** Flags of an assertion (section 6.1). */
    public static final int USER_PRESENT = 0x01;

    public static final int USER_VERIFIED = 0x04;

    /** May be on several devices, and is. */
    private static final int SYNCED = 0x18;

    private static final int CREDENTIAL_ID = 16;

    private final String rpId;
    private final byte[] credentialId;
    private final P256PrivateKey key;
    /** A stamp's signature is what ES256 is: ECDSA with SHA-256, in DER. */
    private final LocalStamper signer;

    private SoftwarePasskey(String rpId, byte[] credentialId, P256PrivateKey key) {
        this.rpId = rpId;
        this.credentialId = credentialId;
        this.key = key;
        this.signer = new LocalStamper(key);
    }

    /**
     * A new one.
     *
     * @param rpId whom it is for, for example {@code wallet.example.com}
     */
    public static SoftwarePasskey create(String rpId, SecureRandom random) {
        byte[] credentialId = new byte[CREDENTIAL_ID];
        random.nextBytes(credentialId);
        return new SoftwarePasskey(rpId, credentialId, P256PrivateKey.generate(random));
    }

    public String rpId() {
        return rpId;
    }

    public byte[] credentialId() {
        return credentialId.clone();
    }

    public P256PublicKey publicKey() {
        return key.publicKey();
    }

    /**
     * The value of {@code X-Stamp-WebAuthn} for a body. It does not count its assertions, as passkeys that are synced between devices do not.
     *
     * @param origin of the app that asks for it, for example {@code https://wallet.example.com}
     */
    public String stamp(byte[] body, String origin) {
        return assertion(clientData("webauthn.get", challenge(body), origin), USER_PRESENT | USER_VERIFIED | SYNCED, 0);
    }

    /** As {@link #stamp}, of whatever an authenticator might be made to say. */
    public String assertion(String clientDataJson, int flags, int counter) {
        byte[] clientData = clientDataJson.getBytes(StandardCharsets.UTF_8);
        byte[] authenticatorData = ByteBuffer.allocate(37)
                .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
                .put((byte) flags)
                .putInt(counter)
                .array();
        byte[] signed = ByteBuffer.allocate(authenticatorData.length + 32)
                .put(authenticatorData)
                .put(sha256(clientData))
                .array();
        return "{\"authenticatorData\":\"" + base64(authenticatorData) + "\",\"clientDataJson\":\"" + base64(clientData)
                + "\",\"credentialId\":\"" + base64(credentialId) + "\",\"signature\":\""
                + base64(signer.stamp(signed).derSignature()) + "\"}";
    }

    /** What a client says of the ceremony, in the order of section 5.8.1.1. */
    public static String clientData(String type, byte[] challenge, String origin) {
        return "{\"type\":\"" + type + "\",\"challenge\":\"" + base64(challenge) + "\",\"origin\":\"" + origin
                + "\",\"crossOrigin\":false}";
    }

    /** Of a body: the hex text of its SHA-256, as bytes (Turnkey docs: api-reference/overview/stamps). */
    public static byte[] challenge(byte[] body) {
        return Fingerprint.of(body).substring("sha256:".length()).getBytes(StandardCharsets.UTF_8);
    }

    /** The 32 bytes of its private key, to be looked for where they do not belong. */
    public byte[] dangerouslyCopyScalar() {
        try (SecretBytes scalar = key.dangerouslyCopyScalar()) {
            return scalar.dangerouslyCopy();
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "SoftwarePasskey[" + rpId + ", " + publicKey() + ", <redacted>]";
    }
}
