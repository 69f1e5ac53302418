package finance.votis.sessions.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A private key of P-256 in memory, with its public half. It owns its scalar and wipes it on {@link #close()}; what needs the scalar
 * throws {@link IllegalStateException} afterwards, {@link #publicKey()} still answers. Thread-safe.
 */
public final class P256PrivateKey implements DiffieHellman, AutoCloseable {

    private final SecretBytes scalar;
    private final P256PublicKey publicKey;

    private P256PrivateKey(SecretBytes scalar, BigInteger number) {
        this.scalar = scalar;
        this.publicKey = P256PublicKey.of(P256.timesG(number));
    }

    public static P256PrivateKey generate(SecureRandom random) {
        BigInteger number = P256.randomScalar(random);
        return new P256PrivateKey(SecretBytes.takeOver(P256.toBytes(number)), number);
    }

    /**
     * Takes ownership: the scalar is closed with the key, or at once if it is refused.
     *
     * @param scalar 32 bytes big-endian, 1..n-1
     */
    public static P256PrivateKey fromScalar(SecretBytes scalar) throws CryptoException.BadScalar {
        byte[] bytes = scalar.dangerouslyCopy();
        try {
            if (bytes.length != P256.SIZE) {
                scalar.close();
                throw new CryptoException.BadScalar("a private key is 32 bytes");
            }
            BigInteger number = new BigInteger(1, bytes);
            if (!P256.isScalar(number)) {
                scalar.close();
                throw new CryptoException.BadScalar("a private key is 1 to n-1");
            }
            return new P256PrivateKey(scalar, number);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Takes exactly 64 hex digits of either case; they stay the caller's, to wipe where that can be done. */
    public static P256PrivateKey fromHex(CharSequence hex) throws CryptoException.BadScalar {
        byte[] bytes = hex.length() == 2 * P256.SIZE ? Hex.decode(hex) : null;
        if (bytes == null) {
            throw new CryptoException.BadScalar("a private key is 64 hex digits");
        }
        return fromScalar(SecretBytes.takeOver(bytes));
    }

    @Override
    public P256PublicKey publicKey() {
        return publicKey;
    }

    /** The scalar is blinded with fresh randomness: see {@code P256.times}. */
    @Override
    public SecretBytes sharedSecret(P256PublicKey peer) {
        // Not infinity, as RFC 9180, 7.1.4 asks: the peer's order is n and the scalar is 1..n-1.
        ECPoint shared = P256.times(peer.point(), number(), new SecureRandom());
        return SecretBytes.takeOver(shared.getAffineXCoord().getEncoded());
    }

    /** The scalar, 32 bytes big-endian; the caller closes it. */
    public SecretBytes dangerouslyCopyScalar() {
        return SecretBytes.takeOver(scalar.dangerouslyCopy());
    }

    /** For the arithmetic of this room alone: a number cannot be wiped. */
    BigInteger number() {
        byte[] bytes = scalar.dangerouslyCopy();
        try {
            return new BigInteger(1, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public void close() {
        scalar.close();
    }

    @Override
    public String toString() {
        return "P256PrivateKey[<redacted>]";
    }
}
