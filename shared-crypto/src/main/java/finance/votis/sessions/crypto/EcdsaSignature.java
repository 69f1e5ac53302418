package finance.votis.sessions.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** r and s of ECDSA over P-256, each 1..n-1, and their one DER spelling: SEQUENCE of two INTEGERs (RFC 3279, 2.2.3; X.690). */
record EcdsaSignature(BigInteger r, BigInteger s) {

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    /** Two integers of at most 33 bytes with their headers, so that every length has the short form. */
    static final int MAX_LENGTH = 2 + 2 * (2 + P256.SIZE + 1);

    byte[] toDer() {
        byte[] rBytes = r.toByteArray();
        byte[] sBytes = s.toByteArray();
        byte[] der = new byte[2 + 2 + rBytes.length + 2 + sBytes.length];
        der[0] = SEQUENCE;
        der[1] = (byte) (der.length - 2);
        int at = putInteger(der, 2, rBytes);
        putInteger(der, at, sBytes);
        return der;
    }

    private static int putInteger(byte[] der, int at, byte[] value) {
        der[at] = INTEGER;
        der[at + 1] = (byte) value.length;
        System.arraycopy(value, 0, der, at + 2, value.length);
        return at + 2 + value.length;
    }

    /** Null for anything but the one DER spelling of two numbers of 1..n-1. */
    static @Nullable EcdsaSignature fromDer(byte[] der) {
        if (der.length < 2 || der.length > MAX_LENGTH || der[0] != SEQUENCE || der[1] != der.length - 2) {
            return null;
        }
        BigInteger r = integerAt(der, 2);
        if (r == null) {
            return null;
        }
        BigInteger s = integerAt(der, 4 + der[3]);
        if (s == null) {
            return null;
        }
        EcdsaSignature signature = new EcdsaSignature(r, s);
        // The one spelling: this refuses needless zero bytes and whatever stands behind s.
        return Arrays.equals(signature.toDer(), der) ? signature : null;
    }

    private static @Nullable BigInteger integerAt(byte[] der, int at) {
        if (at + 2 > der.length || der[at] != INTEGER) {
            return null;
        }
        int length = der[at + 1];
        if (length < 1 || length > der.length - at - 2) {
            return null;
        }
        BigInteger number = new BigInteger(der, at + 2, length);
        return P256.isScalar(number) ? number : null;
    }
}
