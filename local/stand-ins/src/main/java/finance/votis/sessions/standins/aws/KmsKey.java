package finance.votis.sessions.standins.aws;

import finance.votis.sessions.standins.iam.Policy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One key. Not thread-safe: {@link Kms} holds the lock. */
final class KmsKey {
    private final UUID id;
    private final String arn;
    private final String description;
    private final Instant createdAt;
    private final KeyMaterial material;
    private Policy policy;
    private boolean enabled = true;
    private @Nullable Instant deletedAt;

    KmsKey(UUID id, String arn, String description, Instant createdAt, KeyMaterial material, Policy policy) {
        this.id = id;
        this.arn = arn;
        this.description = description;
        this.createdAt = createdAt;
        this.material = material;
        this.policy = policy;
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

    KeyKind kind() {
        return material.kind();
    }

    KeyMaterial material() {
        return material;
    }

    Policy policy() {
        return policy;
    }

    void setPolicy(Policy policy) {
        this.policy = policy;
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

    /** The key's ARN and the sorted pairs, each with its length, so that no two contexts give the same bytes. */
    byte[] associatedData(SortedMap<String, String> context) {
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
