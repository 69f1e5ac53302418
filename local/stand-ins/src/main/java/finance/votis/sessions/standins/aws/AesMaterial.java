package finance.votis.sessions.standins.aws;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM. */
final class AesMaterial implements KeyMaterial {
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;

    private final SecretKeySpec key;

    AesMaterial(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, "AES");
    }

    @Override
    public KeyKind kind() {
        return KeyKind.SYMMETRIC;
    }

    /** Ciphertext and tag. */
    byte[] seal(byte[] nonce, byte[] associatedData, byte[] plaintext) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    byte[] open(byte[] nonce, byte[] associatedData, byte[] sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, associatedData).doFinal(sealed);
        } catch (AEADBadTagException e) {
            throw Kms.invalidCiphertext();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] associatedData) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * 8, nonce));
        cipher.updateAAD(associatedData);
        return cipher;
    }
}
