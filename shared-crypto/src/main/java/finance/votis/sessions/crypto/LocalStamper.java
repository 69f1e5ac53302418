package finance.votis.sessions.crypto;

import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECMultiplier;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Stamps with a key in memory: ECDSA over P-256 with SHA-256 of the body, hashed once, and the nonce of RFC 6979, so that the same
 * key and body give the same stamp. S is left as it comes, high or low, as Turnkey's own stampers do. Thread-safe; it takes no
 * random number.
 */
public final class LocalStamper implements Stamper, AutoCloseable {

    private final P256PrivateKey key;

    /** Takes ownership: closing the stamper closes the key. */
    public LocalStamper(P256PrivateKey key) {
        this.key = key;
    }

    @Override
    public P256PublicKey publicKey() {
        return key.publicKey();
    }

    @Override
    public Stamp stamp(byte[] body) {
        Rfc6979Signer signer = new Rfc6979Signer();
        signer.init(true, new ECPrivateKeyParameters(key.number(), P256.DOMAIN));
        BigInteger[] signature = signer.generateSignature(Sha256.of(body));
        return new Stamp(key.publicKey(), new EcdsaSignature(signature[0], signature[1]));
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "LocalStamper[" + publicKey() + ", <redacted>]";
    }

    private static final class Rfc6979Signer extends ECDSASigner {
        Rfc6979Signer() {
            super(new HMacDSAKCalculator(new SHA256Digest()));
        }

        /** Gives an affine point, for which the signer draws no random number to normalise it. */
        @Override
        protected ECMultiplier createBasePointMultiplier() {
            return new ECMultiplier() {
                @Override
                public ECPoint multiply(ECPoint g, BigInteger nonce) {
                    return P256.timesG(nonce);
                }
            };
        }
    }
}
