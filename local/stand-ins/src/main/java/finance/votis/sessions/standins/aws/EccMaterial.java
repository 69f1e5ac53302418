package finance.votis.sessions.standins.aws;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;

/** A key pair on a NIST curve. As with AWS a signature has a random nonce, and S high as often as low. */
final class EccMaterial implements KeyMaterial {
    private final KeyKind kind;
    private final KeyPair pair;
    private final SecureRandom random;

    EccMaterial(KeyKind kind, SecureRandom random) {
        this.kind = kind;
        this.random = random;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve(kind)), random);
            this.pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("these curves are part of every JDK", e);
        }
    }

    private static String curve(KeyKind kind) {
        return switch (kind) {
            case P256_SIGNING, P256_AGREEMENT -> "secp256r1";
            case P384_SIGNING -> "secp384r1";
            case SYMMETRIC -> throw new IllegalArgumentException("no curve");
        };
    }

    @Override
    public KeyKind kind() {
        return kind;
    }

    /** DER of X.509's SubjectPublicKeyInfo (RFC 5480). */
    byte[] publicKey() {
        return pair.getPublic().getEncoded();
    }

    /** What {@code DIGEST} takes: as many bytes as the algorithm's hash gives. */
    int digestLength() {
        return kind == KeyKind.P384_SIGNING ? 48 : 32;
    }

    byte[] signDigest(byte[] digest) {
        return sign("NONEwithECDSA", digest);
    }

    byte[] signMessage(byte[] message) {
        return sign(kind == KeyKind.P384_SIGNING ? "SHA384withECDSA" : "SHA256withECDSA", message);
    }

    /** The scalar, big-endian, as many bytes as a coordinate of P-256 has: for a test that looks for it where it must not be. */
    byte[] dangerouslyScalar() {
        byte[] signed = ((ECPrivateKey) pair.getPrivate()).getS().toByteArray();
        byte[] scalar = new byte[32];
        int length = Math.min(signed.length, scalar.length);
        System.arraycopy(signed, signed.length - length, scalar, scalar.length - length, length);
        return scalar;
    }

    /** DER of the two numbers (RFC 3279, 2.2.3). */
    private byte[] sign(String algorithm, byte[] bytes) {
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(pair.getPrivate(), random);
            signer.update(bytes);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDSA is part of every JDK", e);
        }
    }
}
