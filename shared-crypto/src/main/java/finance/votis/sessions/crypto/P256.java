package finance.votis.sessions.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECFieldElement;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.math.ec.custom.sec.SecP256R1Curve;

/**
 * The group of NIST P-256 (SEC 2, secp256r1) and the two multiplications that a private scalar takes part in.
 *
 * <p>What is known of their timing. {@link #timesG}: BouncyCastle's comb does the same sequence of doublings and additions for
 * every scalar and reads its whole table at each step; field arithmetic still branches on carries. The nonce of a signature goes
 * the same way; the arithmetic modulo n around it is {@code BigInteger}'s and takes a time that varies, apart from the inversion.
 * {@link #times}: BouncyCastle's default for a point that is not G is a windowed NAF, whose sequence of operations follows the scalar,
 * so the scalar is split at random first.
 */
final class P256 {

    /** Bytes of a scalar and of a coordinate. */
    static final int SIZE = 32;

    // Public constants alone: what a snapshot of the process may hold.
    static final SecP256R1Curve CURVE = new SecP256R1Curve();
    static final BigInteger N = CURVE.getOrder();
    static final ECDomainParameters DOMAIN = new ECDomainParameters(
            CURVE,
            CURVE.createPoint(
                    new BigInteger("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", 16),
                    new BigInteger("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", 16)),
            N,
            CURVE.getCofactor());

    private P256() {}

    /** Public key of a scalar of 1..n-1. */
    static ECPoint timesG(BigInteger scalar) {
        return affine(new FixedPointCombMultiplier().multiply(DOMAIN.getG(), scalar));
    }

    /**
     * The scalar times a point, as (k - r) P + r P with a random r: each of the two scalars that the multiplier sees is uniform and
     * tells nothing of k by itself. Both go through one row of doublings, which takes a third of the time away and shows less of their
     * digits than two rows. (Adding a small multiple of n instead would leave bits of k in the clear, since n of this curve has long
     * runs of ones and zeros.)
     *
     * @param scalar of 1..n-1
     * @param point on the curve and not infinity
     */
    static ECPoint times(ECPoint point, BigInteger scalar, SecureRandom random) {
        Halves halves = split(scalar, random);
        return affine(ECAlgorithms.sumOfTwoMultiplies(point, halves.rest(), point, halves.random()));
    }

    /** Two scalars whose sum modulo n is the one that was split. */
    record Halves(BigInteger rest, BigInteger random) {}

    static Halves split(BigInteger scalar, SecureRandom random) {
        BigInteger r = randomScalar(random);
        return new Halves(scalar.subtract(r).mod(N), r);
    }

    /**
     * What {@code ECPoint.normalize()} does, without the random number by which that blinds the inversion: it comes from a generator
     * that BouncyCastle keeps in a static of the process, through a snapshot too. The inversion itself runs in constant time by its
     * design (Bernstein and Yang's safegcd).
     */
    private static ECPoint affine(ECPoint jacobian) {
        ECFieldElement zInverse = jacobian.getZCoord(0).invert();
        ECFieldElement zInverse2 = zInverse.square();
        return CURVE.createPoint(
                jacobian.getXCoord().multiply(zInverse2).toBigInteger(),
                jacobian.getYCoord().multiply(zInverse2).multiply(zInverse).toBigInteger());
    }

    /** Uniform in 1..n-1, by rejection (FIPS 186-5, A.2.2). */
    static BigInteger randomScalar(SecureRandom random) {
        byte[] candidate = new byte[SIZE];
        try {
            while (true) {
                random.nextBytes(candidate);
                BigInteger scalar = new BigInteger(1, candidate);
                if (isScalar(scalar)) {
                    return scalar;
                }
            }
        } finally {
            Arrays.fill(candidate, (byte) 0);
        }
    }

    static boolean isScalar(BigInteger number) {
        return number.signum() > 0 && number.compareTo(N) < 0;
    }

    /** 32 bytes big-endian; the caller wipes them. */
    static byte[] toBytes(BigInteger number) {
        byte[] signed = number.toByteArray();
        byte[] bytes = new byte[SIZE];
        int length = Math.min(signed.length, SIZE);
        System.arraycopy(signed, signed.length - length, bytes, SIZE - length, length);
        Arrays.fill(signed, (byte) 0);
        return bytes;
    }
}
