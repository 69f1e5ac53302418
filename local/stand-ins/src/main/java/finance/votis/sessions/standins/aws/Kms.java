package finance.votis.sessions.standins.aws;

import static finance.votis.sessions.standins.aws.Operation.Service.KMS;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * KMS (AWS docs: KMS API reference, 2014-11-01) for symmetric keys: AES-256-GCM, the encryption context and the key bound in
 * as associated data. A ciphertext is version, key id, checksum of both, nonce, sealed bytes; opaque to callers.
 */
final class Kms {
    private static final int MAX_KEY_ID = 2048;
    private static final int MAX_PLAINTEXT = 4096;
    private static final int MAX_CIPHERTEXT = 6144;
    private static final String ALGORITHM = "SYMMETRIC_DEFAULT";
    private static final Pattern ALIAS = Pattern.compile("alias/[a-zA-Z0-9/_-]{1,250}");
    private static final int DEFAULT_PENDING_DAYS = 30;
    private static final int MIN_PENDING_DAYS = 7;

    private static final byte FORMAT = 1;
    private static final int ID_LENGTH = 1 + 2 * Long.BYTES;
    private static final int CHECK_LENGTH = 4;
    private static final int HEAD_LENGTH = ID_LENGTH + CHECK_LENGTH + KmsKey.NONCE_LENGTH;

    private final Place place;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<UUID, KmsKey> keys = new HashMap<>();
    private final Map<String, UUID> aliases = new HashMap<>();

    Kms(Place place, InstantSource clock, SecureRandom random) {
        this.place = place;
        this.clock = clock;
        this.random = random;
    }

    synchronized ObjectNode createKey(Input input) {
        String spec = input.optionalText("KeySpec", 1, 64)
                .or(() -> input.optionalText("CustomerMasterKeySpec", 1, 64))
                .orElse(ALGORITHM);
        String usage = input.optionalText("KeyUsage", 1, 64).orElse("ENCRYPT_DECRYPT");
        if (!spec.equals(ALGORITHM) || !usage.equals("ENCRYPT_DECRYPT")) {
            throw AwsError.of(
                    "UnsupportedOperationException", "This stand-in makes symmetric encryption keys, not " + spec);
        }
        UUID id = RandomIds.uuid(random);
        KmsKey key = new KmsKey(
                id,
                place.arn(KMS, "key/" + id),
                input.optionalText("Description", 0, 8192).orElse(""),
                clock.instant(),
                random);
        keys.put(id, key);
        return metadata(key);
    }

    synchronized ObjectNode createAlias(Input input) {
        String alias = input.text("AliasName", 1, 256);
        if (!ALIAS.matcher(alias).matches() || alias.startsWith("alias/aws/")) {
            throw AwsError.of("InvalidAliasNameException", "Not a name for an alias of yours: " + alias);
        }
        KmsKey key = keyItself(input.text("TargetKeyId", 1, MAX_KEY_ID));
        key.refuseIfPendingDeletion();
        if (aliases.containsKey(alias) && live(aliases.get(alias)).isPresent()) {
            throw AwsError.of(
                    "AlreadyExistsException", "An alias with the name " + place.arn(KMS, alias) + " already exists");
        }
        aliases.put(alias, key.id());
        return nothing();
    }

    synchronized ObjectNode describeKey(Input input) {
        return metadata(key(input));
    }

    synchronized ObjectNode setEnabled(Input input, boolean enabled) {
        keyItself(input.text("KeyId", 1, MAX_KEY_ID)).setEnabled(enabled);
        return nothing();
    }

    synchronized ObjectNode scheduleKeyDeletion(Input input) {
        KmsKey key = keyItself(input.text("KeyId", 1, MAX_KEY_ID));
        int days = input.number("PendingWindowInDays", MIN_PENDING_DAYS, DEFAULT_PENDING_DAYS)
                .orElse(DEFAULT_PENDING_DAYS);
        Instant end = clock.instant().plus(Duration.ofDays(days));
        key.scheduleDeletion(end);
        return nothing()
                .put("KeyId", key.arn())
                .put("KeyState", key.state())
                .put("DeletionDate", seconds(end))
                .put("PendingWindowInDays", days);
    }

    synchronized ObjectNode cancelKeyDeletion(Input input) {
        KmsKey key = keyItself(input.text("KeyId", 1, MAX_KEY_ID));
        key.cancelDeletion();
        return nothing().put("KeyId", key.arn());
    }

    synchronized ObjectNode encrypt(Input input) {
        KmsKey key = key(input);
        byte[] plaintext = input.blob("Plaintext", 1, MAX_PLAINTEXT);
        SortedMap<String, String> context = input.map("EncryptionContext");
        checkAlgorithm(input);
        key.refuseUnlessUsable();
        refuseIfDryRun(input);
        byte[] nonce = new byte[KmsKey.NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = key.seal(nonce, context, plaintext);
        byte[] blob = ByteBuffer.allocate(HEAD_LENGTH + sealed.length)
                .put(idPart(key.id()))
                .put(checksum(idPart(key.id())))
                .put(nonce)
                .put(sealed)
                .array();
        return nothing()
                .put("CiphertextBlob", Base64.getEncoder().encodeToString(blob))
                .put("KeyId", key.arn())
                .put("EncryptionAlgorithm", ALGORITHM);
    }

    synchronized ObjectNode decrypt(Input input) {
        ByteBuffer blob = ByteBuffer.wrap(input.blob("CiphertextBlob", 1, MAX_CIPHERTEXT));
        SortedMap<String, String> context = input.map("EncryptionContext");
        checkAlgorithm(input);
        if (input.has("Recipient")) {
            throw AwsError.of("UnsupportedOperationException", "This stand-in knows no enclaves.");
        }
        Optional<KmsKey> named = input.has("KeyId") ? Optional.of(key(input)) : Optional.empty();
        UUID id = keyIdIn(blob);
        if (named.isPresent() && !named.get().id().equals(id)) {
            throw AwsError.of(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        KmsKey key = live(id).orElseThrow(() -> AwsError.of(
                "AccessDeniedException",
                "The ciphertext refers to a customer master key that does not exist, does not exist in this"
                        + " region, or you are not allowed to access."));
        key.refuseUnlessUsable();
        byte[] nonce = new byte[KmsKey.NONCE_LENGTH];
        byte[] sealed = new byte[blob.remaining() - nonce.length];
        blob.get(nonce).get(sealed);
        byte[] plaintext = key.open(nonce, context, sealed);
        refuseIfDryRun(input);
        return nothing()
                .put("KeyId", key.arn())
                .put("Plaintext", Base64.getEncoder().encodeToString(plaintext))
                .put("EncryptionAlgorithm", ALGORITHM);
    }

    static AwsError invalidCiphertext() {
        return AwsError.of("InvalidCiphertextException", "");
    }

    /** Leaves the buffer at the nonce. The checksum tells a damaged id from one of a key that is gone. */
    private static UUID keyIdIn(ByteBuffer blob) {
        if (blob.remaining() < HEAD_LENGTH + KmsKey.TAG_LENGTH) {
            throw invalidCiphertext();
        }
        byte[] idPart = new byte[ID_LENGTH];
        byte[] check = new byte[CHECK_LENGTH];
        blob.get(idPart).get(check);
        if (idPart[0] != FORMAT || !MessageDigest.isEqual(check, checksum(idPart))) {
            throw invalidCiphertext();
        }
        ByteBuffer id = ByteBuffer.wrap(idPart, 1, ID_LENGTH - 1);
        return new UUID(id.getLong(), id.getLong());
    }

    private static byte[] idPart(UUID id) {
        return ByteBuffer.allocate(ID_LENGTH)
                .put(FORMAT)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] checksum(byte[] idPart) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(idPart), CHECK_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private static void checkAlgorithm(Input input) {
        input.optionalText("EncryptionAlgorithm", 1, 64)
                .filter(asked -> !asked.equals(ALGORITHM))
                .ifPresent(asked -> {
                    throw AwsError.of(
                            "InvalidKeyUsageException",
                            "Algorithm " + asked + " is incompatible with key spec " + ALGORITHM + ".");
                });
    }

    private static void refuseIfDryRun(Input input) {
        if (input.flag("DryRun")) {
            throw AwsError.of(
                    "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
        }
    }

    /** By key id, key ARN, alias or alias ARN. */
    private KmsKey key(Input input) {
        String asked = input.text("KeyId", 1, MAX_KEY_ID);
        String local = local(asked);
        if (!local.startsWith("alias/")) {
            return keyItself(asked);
        }
        return Optional.ofNullable(aliases.get(local))
                .flatMap(this::live)
                .orElseThrow(
                        () -> AwsError.of("NotFoundException", "Alias " + place.arn(KMS, local) + " is not found."));
    }

    /** By key id or key ARN only, as the operations that change a key want it. */
    private KmsKey keyItself(String asked) {
        String local = local(asked);
        String id = local.startsWith("key/") ? local.substring("key/".length()) : local;
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw AwsError.of("NotFoundException", "Invalid keyId '" + asked + "'");
        }
        return live(uuid)
                .filter(key -> key.id().toString().equals(id))
                .orElseThrow(() ->
                        AwsError.of("NotFoundException", "Key '" + place.arn(KMS, "key/" + id) + "' does not exist"));
    }

    /** The part of an ARN after region and account; what is no ARN as it is. */
    private String local(String asked) {
        if (!asked.startsWith("arn:")) {
            return asked;
        }
        String[] parts = asked.split(":", 6);
        if (parts.length != 6 || !parts[2].equals(KMS.signingName())) {
            throw AwsError.of("InvalidArnException", "Not an ARN of KMS: " + asked);
        }
        if (!asked.equals(place.arn(KMS, parts[5]))) {
            throw AwsError.of("NotFoundException", "Invalid arn " + parts[3]);
        }
        return parts[5];
    }

    /** The key of this id; one whose waiting period is over goes now, and with it its aliases lead nowhere. */
    private Optional<KmsKey> live(UUID id) {
        Optional<KmsKey> key = Optional.ofNullable(keys.get(id));
        if (key.flatMap(KmsKey::deletedAt)
                .filter(end -> !clock.instant().isBefore(end))
                .isPresent()) {
            keys.remove(id);
            return Optional.empty();
        }
        return key;
    }

    private ObjectNode metadata(KmsKey key) {
        ObjectNode answer = nothing();
        ObjectNode metadata = answer.putObject("KeyMetadata")
                .put("AWSAccountId", place.account())
                .put("KeyId", key.id().toString())
                .put("Arn", key.arn())
                .put("CreationDate", seconds(key.createdAt()))
                .put("Enabled", key.enabled())
                .put("Description", key.description())
                .put("KeyUsage", "ENCRYPT_DECRYPT")
                .put("KeyState", key.state())
                .put("Origin", "AWS_KMS")
                .put("KeyManager", "CUSTOMER")
                .put("CustomerMasterKeySpec", ALGORITHM)
                .put("KeySpec", ALGORITHM)
                .put("MultiRegion", false);
        metadata.putArray("EncryptionAlgorithms").add(ALGORITHM);
        key.deletedAt().ifPresent(end -> metadata.put("DeletionDate", seconds(end)));
        return answer;
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}
