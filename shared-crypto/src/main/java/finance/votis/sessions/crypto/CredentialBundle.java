package finance.votis.sessions.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A session key as Turnkey hands it over: base58check of the ephemeral key, compressed, and the scalar sealed to a target key by HPKE
 * (Turnkey's SDKs: decryptCredentialBundle; enclave_encrypt). 81 bytes, 115 or 116 characters. It is no secret, yet it is never
 * logged. Immutable.
 *
 * <p>Nobody signs a bundle: whoever knows the target key can seal another one. That it opens does not show whose key is in it, so
 * compare its public half with what Turnkey lists.
 */
public final class CredentialBundle {

    /** Characters of the longest bundle: 85 bytes that start with 02 or 03. Look at the length first, base58 takes quadratic time. */
    public static final int MAX_LENGTH = 116;

    private static final int ENC = 33;
    private static final int SEALED = P256.SIZE + 16;
    private static final int PAYLOAD = ENC + SEALED;
    private static final byte[] INFO = "turnkey_hpke".getBytes(StandardCharsets.US_ASCII);

    private final P256PublicKey enc;
    private final byte[] ct;

    private CredentialBundle(P256PublicKey enc, byte[] ct) {
        this.enc = enc;
        this.ct = ct;
    }

    /** Strict: no white space around, one spelling per bundle. */
    public static CredentialBundle parse(String text)
            throws CryptoException.MalformedBundle, CryptoException.WrongChecksum {
        if (text.length() > MAX_LENGTH) {
            throw new CryptoException.MalformedBundle(BundleFlaw.LENGTH);
        }
        byte[] decoded = Base58Check.decodeBase58(text);
        if (decoded == null) {
            throw new CryptoException.MalformedBundle(BundleFlaw.NOT_BASE58);
        }
        if (decoded.length < Base58Check.CHECKSUM) {
            throw new CryptoException.MalformedBundle(BundleFlaw.LENGTH);
        }
        byte[] payload = Arrays.copyOf(decoded, decoded.length - Base58Check.CHECKSUM);
        byte[] checksum = Arrays.copyOfRange(decoded, payload.length, decoded.length);
        if (!Arrays.equals(checksum, Base58Check.checksum(payload))) {
            throw new CryptoException.WrongChecksum();
        }
        if (payload.length != PAYLOAD) {
            throw new CryptoException.MalformedBundle(BundleFlaw.PAYLOAD_LENGTH);
        }
        try {
            P256PublicKey enc = P256PublicKey.fromCompressed(Arrays.copyOf(payload, ENC));
            return new CredentialBundle(enc, Arrays.copyOfRange(payload, ENC, PAYLOAD));
        } catch (CryptoException.MalformedKey malformed) {
            throw new CryptoException.MalformedBundle(BundleFlaw.EPHEMERAL_KEY);
        }
    }

    /** 115 or 116 characters of base58. */
    public String text() {
        return Base58Check.encode(Hpke.concat(enc.compressed(), ct));
    }

    /** What Turnkey's enclave does: seals the scalar of a session key, which stays the caller's, to a target key. */
    public static CredentialBundle seal(P256PrivateKey sessionKey, P256PublicKey target, SecureRandom random) {
        try (Hpke.SealContext context = Hpke.setupBaseS(target, INFO, random)) {
            return seal(sessionKey, target, context);
        }
    }

    static CredentialBundle dangerouslySeal(P256PrivateKey sessionKey, P256PublicKey target, P256PrivateKey skE) {
        try (Hpke.SealContext context = Hpke.dangerouslySetupBaseS(target, INFO, skE)) {
            return seal(sessionKey, target, context);
        }
    }

    private static CredentialBundle seal(P256PrivateKey sessionKey, P256PublicKey target, Hpke.SealContext context) {
        try (SecretBytes scalar = sessionKey.dangerouslyCopyScalar()) {
            byte[] pt = scalar.dangerouslyCopy();
            try {
                return new CredentialBundle(context.enc(), context.seal(aad(context.enc(), target), pt));
            } finally {
                Arrays.fill(pt, (byte) 0);
            }
        }
    }

    /**
     * Opens with the target key; the caller closes the session key. The target key should not be used again:
     * {@link TargetKeyPair} sees to that for a key in memory.
     *
     * @throws CryptoException.DoesNotOpen if it was sealed to another key, or altered; it does not tell which
     * @throws CryptoException.BadScalar if it opens to something that is no private key
     * @throws IOException if the target key is in hardware that did not answer
     */
    public P256PrivateKey open(DiffieHellman target)
            throws CryptoException.DoesNotOpen, CryptoException.BadScalar, IOException {
        try (Hpke.OpenContext context = Hpke.setupBaseR(enc, target, INFO)) {
            return open(context, target.publicKey());
        }
    }

    P256PrivateKey open(P256PrivateKey target) throws CryptoException.DoesNotOpen, CryptoException.BadScalar {
        try (Hpke.OpenContext context = Hpke.setupBaseR(enc, target, INFO)) {
            return open(context, target.publicKey());
        }
    }

    private P256PrivateKey open(Hpke.OpenContext context, P256PublicKey target)
            throws CryptoException.DoesNotOpen, CryptoException.BadScalar {
        return P256PrivateKey.fromScalar(context.open(aad(enc, target), ct));
    }

    /** Both keys uncompressed, the ephemeral one first: Turnkey binds them twice, here and in HPKE's KEM context. */
    private static byte[] aad(P256PublicKey enc, P256PublicKey target) {
        return Hpke.concat(enc.uncompressed(), target.uncompressed());
    }

    @Override
    public String toString() {
        return "CredentialBundle[<redacted>]";
    }
}
