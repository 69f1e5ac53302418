package finance.votis.sessions.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The same operations by the JDK's providers, with nothing of our code or BouncyCastle's. */
final class JdkOracle {

    private static final byte[] KEM = bytes("KEM\0\u0010");
    private static final byte[] SUITE = bytes("HPKE\0\u0010\0\1\0\2");

    private JdkOracle() {}

    static byte[] sharedSecret(byte[] scalar, byte[] uncompressed) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(privateKey(scalar));
        agreement.doPhase(publicKey(uncompressed), true);
        return agreement.generateSecret();
    }

    static boolean verifies(byte[] uncompressed, byte[] body, byte[] der) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(publicKey(uncompressed));
        verifier.update(body);
        return verifier.verify(der);
    }

    static byte[] sign(byte[] scalar, byte[] body) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(privateKey(scalar));
        signer.update(body);
        return signer.sign();
    }

    /** One message of HPKE's base mode, sequence number 0. */
    static byte[] open(byte[] scalar, byte[] pkR, byte[] enc, byte[] info, byte[] aad, byte[] ct)
            throws GeneralSecurityException {
        byte[] prk = extract(KEM, new byte[0], "eae_prk", sharedSecret(scalar, enc));
        byte[] shared = expand(KEM, prk, "shared_secret", concat(enc, pkR), 32);
        byte[] context = concat(
                new byte[1],
                extract(SUITE, new byte[0], "psk_id_hash", new byte[0]),
                extract(SUITE, new byte[0], "info_hash", info));
        byte[] secret = extract(SUITE, shared, "secret", new byte[0]);
        byte[] key = expand(SUITE, secret, "key", context, 32);
        byte[] nonce = expand(SUITE, secret, "base_nonce", context, 12);
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        gcm.updateAAD(aad);
        return gcm.doFinal(ct);
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] ikm) throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.ofExtract()
                        .addSalt(salt)
                        .addIKM(concat(bytes("HPKE-v1"), suite, bytes(label), ikm))
                        .extractOnly());
    }

    private static byte[] expand(byte[] suite, byte[] prk, String label, byte[] info, int length)
            throws GeneralSecurityException {
        byte[] labeled = concat(new byte[] {0, (byte) length}, bytes("HPKE-v1"), suite, bytes(label), info);
        return KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(prk, "HKDF"), labeled, length));
    }

    private static PrivateKey privateKey(byte[] scalar) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(new BigInteger(1, scalar), p256()));
    }

    static PublicKey publicKey(byte[] uncompressed) throws GeneralSecurityException {
        ECPoint point = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(uncompressed, 1, 33)),
                new BigInteger(1, Arrays.copyOfRange(uncompressed, 33, 65)));
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, p256()));
    }

    private static ECParameterSpec p256() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static byte[] concat(byte[]... parts) {
        byte[] whole = new byte[0];
        for (byte[] part : parts) {
            int at = whole.length;
            whole = Arrays.copyOf(whole, at + part.length);
            System.arraycopy(part, 0, whole, at, part.length);
        }
        return whole;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
