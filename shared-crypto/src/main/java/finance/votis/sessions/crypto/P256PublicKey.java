package finance.votis.sessions.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * A public key of P-256 that passed the full check when it was read: length, prefix, coordinates below p, on the curve, not infinity
 * (SEC 1, 2.3.4 and 3.2.2.1; the cofactor is 1). The hybrid forms of X9.62 are refused. Immutable.
 */
public final class P256PublicKey {

    private static final int COMPRESSED = 1 + P256.SIZE;
    private static final int UNCOMPRESSED = 1 + 2 * P256.SIZE;

    /** All of a SubjectPublicKeyInfo but the point: id-ecPublicKey, secp256r1, and the head of a bit string of 65 bytes. */
    private static final byte[] INFO_PREFIX = {
        0x30,
        0x59,
        0x30,
        0x13,
        0x06,
        0x07,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0xce,
        0x3d,
        0x02,
        0x01,
        0x06,
        0x08,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0xce,
        0x3d,
        0x03,
        0x01,
        0x07,
        0x03,
        0x42,
        0x00
    };

    private final ECPoint point;

    private P256PublicKey(ECPoint point) {
        this.point = point;
    }

    /** Takes a normalised point that is not infinity. */
    static P256PublicKey of(ECPoint point) {
        return new P256PublicKey(point);
    }

    /** Takes 33 bytes, the first 02 or 03. */
    public static P256PublicKey fromCompressed(byte[] sec1) throws CryptoException.MalformedKey {
        if (sec1.length != COMPRESSED || (sec1[0] != 2 && sec1[0] != 3)) {
            throw new CryptoException.MalformedKey("a compressed public key is 33 bytes that start with 02 or 03");
        }
        return decode(sec1);
    }

    /** Takes 65 bytes, the first 04. */
    public static P256PublicKey fromUncompressed(byte[] sec1) throws CryptoException.MalformedKey {
        if (sec1.length != UNCOMPRESSED || sec1[0] != 4) {
            throw new CryptoException.MalformedKey("an uncompressed public key is 65 bytes that start with 04");
        }
        return decode(sec1);
    }

    /** Takes 66 hex digits of either case. */
    public static P256PublicKey fromCompressedHex(String hex) throws CryptoException.MalformedKey {
        byte[] sec1 = hex.length() == 2 * COMPRESSED ? Hex.decode(hex) : null;
        if (sec1 == null) {
            throw new CryptoException.MalformedKey("a compressed public key is 66 hex digits");
        }
        return fromCompressed(sec1);
    }

    /** Takes 130 hex digits of either case. */
    public static P256PublicKey fromUncompressedHex(String hex) throws CryptoException.MalformedKey {
        byte[] sec1 = hex.length() == 2 * UNCOMPRESSED ? Hex.decode(hex) : null;
        if (sec1 == null) {
            throw new CryptoException.MalformedKey("an uncompressed public key is 130 hex digits");
        }
        return fromUncompressed(sec1);
    }

    /** Takes the 91 bytes of DER with an uncompressed point (RFC 5480, 2), as key management services and the JDK write them. */
    public static P256PublicKey fromSubjectPublicKeyInfo(byte[] der) throws CryptoException.MalformedKey {
        int head = INFO_PREFIX.length;
        if (der.length != head + UNCOMPRESSED || !Arrays.equals(der, 0, head, INFO_PREFIX, 0, head)) {
            throw new CryptoException.MalformedKey(
                    "a SubjectPublicKeyInfo of P-256 is 91 bytes of DER with an uncompressed point");
        }
        return fromUncompressed(Arrays.copyOfRange(der, head, der.length));
    }

    private static P256PublicKey decode(byte[] sec1) throws CryptoException.MalformedKey {
        try {
            // Refuses a coordinate that is not below p and a point that is not on the curve.
            return new P256PublicKey(P256.CURVE.decodePoint(sec1));
        } catch (IllegalArgumentException notAPoint) {
            throw new CryptoException.MalformedKey("a public key is a point of P-256");
        }
    }

    /** 33 bytes, SEC 1. */
    public byte[] compressed() {
        return point.getEncoded(true);
    }

    /** 65 bytes, SEC 1. */
    public byte[] uncompressed() {
        return point.getEncoded(false);
    }

    /** 66 lower-case hex digits. */
    public String compressedHex() {
        return Hex.encode(compressed());
    }

    /** 130 lower-case hex digits. */
    public String uncompressedHex() {
        return Hex.encode(uncompressed());
    }

    ECPoint point() {
        return point;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof P256PublicKey that && Arrays.equals(compressed(), that.compressed());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(compressed());
    }

    @Override
    public String toString() {
        return compressedHex();
    }
}
