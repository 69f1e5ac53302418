package finance.votis.sessions.standins.aws;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One symmetric key. Not thread-safe: {@link Kms} holds the lock. */
final class KmsKey {
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;

    private final UUID id;
    private final String arn;
    private final String description;
    private final Instant createdAt;
    private final SecretKeySpec material;
    private boolean enabled = true;
    private @Nullable Instant deletedAt;

    KmsKey(UUID id, String arn, String description, Instant createdAt, SecureRandom random) {
        this.id = id;
        this.arn = arn;
        this.description = description;
        this.createdAt = createdAt;
        byte[] key = new byte[32];
        random.nextBytes(key);
        this.material = new SecretKeySpec(key, "AES");
    }

    UUID id() {
        return id;
    }

    String arn() {
        return arn;
    }

    String description() {
        return description;
    }

    Instant createdAt() {
        return createdAt;
    }

    boolean enabled() {
        return enabled;
    }

    /** When the waiting period ends; empty: not pending deletion. */
    Optional<Instant> deletedAt() {
        return Optional.ofNullable(deletedAt);
    }

    /** The name of its state in the API. */
    String state() {
        if (deletedAt != null) {
            return "PendingDeletion";
        }
        return enabled ? "Enabled" : "Disabled";
    }

    void setEnabled(boolean enabled) {
        refuseIfPendingDeletion();
        this.enabled = enabled;
    }

    void scheduleDeletion(Instant end) {
        refuseIfPendingDeletion();
        enabled = false;
        deletedAt = end;
    }

    /** Leaves the key disabled. */
    void cancelDeletion() {
        if (deletedAt == null) {
            throw AwsError.of("KMSInvalidStateException", arn + " is not pending deletion.");
        }
        deletedAt = null;
    }

    void refuseIfPendingDeletion() {
        if (deletedAt != null) {
            throw AwsError.of("KMSInvalidStateException", arn + " is pending deletion.");
        }
    }

    void refuseUnlessUsable() {
        refuseIfPendingDeletion();
        if (!enabled) {
            throw AwsError.of("DisabledException", arn + " is disabled.");
        }
    }

    /** Ciphertext and tag. */
    byte[] seal(byte[] nonce, SortedMap<String, String> context, byte[] plaintext) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    byte[] open(byte[] nonce, SortedMap<String, String> context, byte[] sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, context).doFinal(sealed);
        } catch (AEADBadTagException e) {
            throw Kms.invalidCiphertext();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, SortedMap<String, String> context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, material, new GCMParameterSpec(TAG_LENGTH * 8, nonce));
        cipher.updateAAD(associatedData(context));
        return cipher;
    }

    /** The key's ARN and the sorted pairs, each with its length, so that no two contexts give the same bytes. */
    private byte[] associatedData(SortedMap<String, String> context) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, arn);
        for (Map.Entry<String, String> pair : context.entrySet()) {
            write(out, pair.getKey());
            write(out, pair.getValue());
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }
}
