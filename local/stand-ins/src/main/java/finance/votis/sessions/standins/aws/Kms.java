package finance.votis.sessions.standins.aws;

import static finance.votis.sessions.standins.aws.Operation.Service.KMS;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.standins.iam.Policy;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * KMS (AWS docs: KMS API reference, 2014-11-01). Symmetric keys: AES-256-GCM, the encryption context and the key bound in
 * as associated data; a ciphertext is version, key id, checksum of both, nonce, sealed bytes; opaque to callers. Signing keys: ECDSA on the
 * NIST curves P-256 and P-384.
 */
final class Kms {
    private static final int MAX_KEY_ID = 2048;
    private static final int MAX_PLAINTEXT = 4096;
    private static final int MAX_CIPHERTEXT = 6144;
    private static final int MAX_MESSAGE = 4096;
    private static final String ALGORITHM = "SYMMETRIC_DEFAULT";
    private static final Set<String> SPECS = Set.of(
            ALGORITHM,
            "RSA_2048",
            "RSA_3072",
            "RSA_4096",
            "ECC_NIST_P256",
            "ECC_NIST_P384",
            "ECC_NIST_P521",
            "ECC_SECG_P256K1",
            "ECC_NIST_EDWARDS25519",
            "HMAC_224",
            "HMAC_256",
            "HMAC_384",
            "HMAC_512",
            "SM2",
            "ML_DSA_44",
            "ML_DSA_65",
            "ML_DSA_87");
    private static final Set<String> USAGES =
            Set.of("SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT");
    private static final Set<String> SIGNING_ALGORITHMS = Set.of(
            "RSASSA_PSS_SHA_256",
            "RSASSA_PSS_SHA_384",
            "RSASSA_PSS_SHA_512",
            "RSASSA_PKCS1_V1_5_SHA_256",
            "RSASSA_PKCS1_V1_5_SHA_384",
            "RSASSA_PKCS1_V1_5_SHA_512",
            "ECDSA_SHA_256",
            "ECDSA_SHA_384",
            "ECDSA_SHA_512",
            "SM2DSA",
            "ML_DSA_SHAKE_256",
            "ED25519_SHA_512",
            "ED25519_PH_SHA_512");
    private static final Set<String> MESSAGE_TYPES = Set.of("RAW", "DIGEST", "EXTERNAL_MU");
    private static final Pattern ALIAS = Pattern.compile("alias/[a-zA-Z0-9/_-]{1,250}");
    private static final int DEFAULT_PENDING_DAYS = 30;
    private static final int MIN_PENDING_DAYS = 7;

    private static final byte FORMAT = 1;
    private static final int ID_LENGTH = 1 + 2 * Long.BYTES;
    private static final int CHECK_LENGTH = 4;
    private static final int HEAD_LENGTH = ID_LENGTH + CHECK_LENGTH + AesMaterial.NONCE_LENGTH;

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
        String specMember = input.has("KeySpec") ? "KeySpec" : "CustomerMasterKeySpec";
        String spec = oneOf(input, specMember, SPECS).orElse(ALGORITHM);
        String usage = oneOf(input, "KeyUsage", USAGES).orElse("");
        if (usage.isEmpty()) {
            if (!spec.equals(ALGORITHM)) {
                throw input.invalid(
                        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
            }
            usage = "ENCRYPT_DECRYPT";
        }
        KeyMaterial material = material(input, spec, usage);
        UUID id = RandomIds.uuid(random);
        KmsKey key = new KmsKey(
                id,
                place.arn(KMS, "key/" + id),
                input.optionalText("Description", 0, 8192).orElse(""),
                clock.instant(),
                material,
                leftToTheAccount());
        keys.put(id, key);
        return metadata(key);
    }

    /** What KMS gives a key that is made without a policy (AWS docs: default key policy). */
    private Policy leftToTheAccount() {
        return Policy.ofKey("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*", "Resource": "*"}}
                """.formatted(place.account()));
    }

    synchronized void setPolicy(String keyArn, Policy policy) {
        keyItself(keyArn).setPolicy(policy);
    }

    /**
     * A key that a request is about.
     *
     * @param alias that the request named it by
     */
    record Asked(String arn, KeyKind kind, Policy policy, Optional<String> alias) {}

    /** The keys whose policies have to allow a request: one, or of an alias that moves the one before as well. */
    synchronized List<Asked> asked(Operation operation, Input input) {
        if (operation == Operation.DELETE_ALIAS) {
            return List.of(asked(byAlias(input.text("AliasName", 1, 256)), Optional.empty()));
        }
        if (operation == Operation.CREATE_ALIAS || operation == Operation.UPDATE_ALIAS) {
            List<Asked> keys = new ArrayList<>();
            keys.add(asked(keyItself(input.text("TargetKeyId", 1, MAX_KEY_ID)), Optional.empty()));
            if (operation == Operation.UPDATE_ALIAS) {
                keys.add(asked(byAlias(input.text("AliasName", 1, 256)), Optional.empty()));
            }
            return keys;
        }
        if (operation == Operation.DECRYPT && !input.has("KeyId")) {
            UUID id = keyIdIn(ByteBuffer.wrap(input.blob("CiphertextBlob", 1, MAX_CIPHERTEXT)));
            return List.of(asked(live(id).orElseThrow(Kms::unknownCiphertext), Optional.empty()));
        }
        return List.of(named(input));
    }

    private Asked named(Input input) {
        String asked = local(input.text("KeyId", 1, MAX_KEY_ID));
        return asked(key(input), Optional.of(asked).filter(name -> name.startsWith("alias/")));
    }

    private static Asked asked(KmsKey key, Optional<String> alias) {
        return new Asked(key.arn(), key.kind(), key.policy(), alias);
    }

    private KeyMaterial material(Input input, String spec, String usage) {
        if (spec.equals(ALGORITHM) != usage.equals("ENCRYPT_DECRYPT") && !spec.startsWith("RSA")) {
            throw input.invalid("KeyUsage " + usage + " is not compatible with KeySpec " + spec);
        }
        KeyKind kind = KeyKind.of(spec, usage)
                .orElseThrow(() -> AwsError.of(
                        "UnsupportedOperationException",
                        "This stand-in makes no keys of spec " + spec + " and usage " + usage));
        return switch (kind) {
            case SYMMETRIC -> new AesMaterial(random);
            case P256_SIGNING, P384_SIGNING, P256_AGREEMENT -> new EccMaterial(kind, random);
        };
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

    synchronized ObjectNode updateAlias(Input input) {
        String alias = input.text("AliasName", 1, 256);
        KmsKey key = keyItself(input.text("TargetKeyId", 1, MAX_KEY_ID));
        KmsKey before = byAlias(alias);
        key.refuseIfPendingDeletion();
        if (key.kind() != before.kind()) {
            throw input.invalid("The current and the new key must be of the same type, with the same key usage");
        }
        aliases.put(alias, key.id());
        return nothing();
    }

    synchronized ObjectNode deleteAlias(Input input) {
        String alias = input.text("AliasName", 1, 256);
        byAlias(alias);
        aliases.remove(alias);
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
        AesMaterial material = symmetric(key, "Encrypt");
        checkAlgorithm(input);
        key.refuseUnlessUsable();
        refuseIfDryRun(input);
        byte[] nonce = new byte[AesMaterial.NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = material.seal(nonce, key.associatedData(context), plaintext);
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
        named.ifPresent(key -> symmetric(key, "Decrypt"));
        UUID id = keyIdIn(blob);
        if (named.isPresent() && !named.get().id().equals(id)) {
            throw AwsError.of(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        KmsKey key = live(id).orElseThrow(Kms::unknownCiphertext);
        key.refuseUnlessUsable();
        byte[] nonce = new byte[AesMaterial.NONCE_LENGTH];
        byte[] sealed = new byte[blob.remaining() - nonce.length];
        blob.get(nonce).get(sealed);
        byte[] plaintext = symmetric(key, "Decrypt").open(nonce, key.associatedData(context), sealed);
        refuseIfDryRun(input);
        return nothing()
                .put("KeyId", key.arn())
                .put("Plaintext", Base64.getEncoder().encodeToString(plaintext))
                .put("EncryptionAlgorithm", ALGORITHM);
    }

    synchronized ObjectNode sign(Input input) {
        KmsKey key = key(input);
        byte[] message = input.blob("Message", 1, MAX_MESSAGE);
        String type = oneOf(input, "MessageType", MESSAGE_TYPES).orElse("RAW");
        String algorithm = oneOf(input, "SigningAlgorithm", SIGNING_ALGORITHMS)
                .orElseThrow(() -> input.missing("SigningAlgorithm"));
        if (!(key.material() instanceof EccMaterial material)
                || !key.kind().usage().equals("SIGN_VERIFY")) {
            throw wrongUsage(key, "Sign");
        }
        if (!algorithm.equals(key.kind().algorithm())) {
            throw incompatible(algorithm, key);
        }
        key.refuseUnlessUsable();
        byte[] signature = switch (type) {
            case "RAW" -> material.signMessage(message);
            case "DIGEST" -> {
                if (message.length != material.digestLength()) {
                    throw AwsError.of(
                            "ValidationException", "Digest is invalid length for algorithm " + algorithm + ".");
                }
                yield material.signDigest(message);
            }
            default ->
                throw AwsError.of(
                        "ValidationException",
                        "Message type " + type + " is not valid for algorithm " + algorithm + ".");
        };
        refuseIfDryRun(input);
        return nothing()
                .put("KeyId", key.arn())
                .put("Signature", Base64.getEncoder().encodeToString(signature))
                .put("SigningAlgorithm", algorithm);
    }

    synchronized ObjectNode getPublicKey(Input input) {
        KmsKey key = key(input);
        if (!(key.material() instanceof EccMaterial material)) {
            throw AwsError.of(
                    "UnsupportedOperationException",
                    key.arn() + " is of key spec " + key.kind().spec() + ", which has no public key.");
        }
        key.refuseUnlessUsable();
        ObjectNode answer = nothing()
                .put("KeyId", key.arn())
                .put("PublicKey", Base64.getEncoder().encodeToString(material.publicKey()))
                .put("CustomerMasterKeySpec", key.kind().spec())
                .put("KeySpec", key.kind().spec())
                .put("KeyUsage", key.kind().usage());
        answer.putArray(key.kind().algorithmsMember()).add(key.kind().algorithm());
        return answer;
    }

    /** For a test that looks for it where it must not be. */
    synchronized byte[] dangerouslyScalar(String keyId) {
        if (keyItself(keyId).material() instanceof EccMaterial material) {
            return material.dangerouslyScalar();
        }
        throw new IllegalArgumentException("a symmetric key has no scalar");
    }

    static AwsError invalidCiphertext() {
        return AwsError.of("InvalidCiphertextException", "");
    }

    private static AwsError unknownCiphertext() {
        return AwsError.of(
                "AccessDeniedException",
                "The ciphertext refers to a customer master key that does not exist, does not exist in this"
                        + " region, or you are not allowed to access.");
    }

    /** Leaves the buffer at the nonce. The checksum tells a damaged id from one of a key that is gone. */
    private static UUID keyIdIn(ByteBuffer blob) {
        if (blob.remaining() < HEAD_LENGTH + AesMaterial.TAG_LENGTH) {
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

    private static AesMaterial symmetric(KmsKey key, String operation) {
        if (key.material() instanceof AesMaterial material) {
            return material;
        }
        throw wrongUsage(key, operation);
    }

    private static AwsError wrongUsage(KmsKey key, String operation) {
        return AwsError.of(
                "InvalidKeyUsageException",
                key.arn() + " key usage is " + key.kind().usage() + " which is not valid for " + operation + ".");
    }

    private static AwsError incompatible(String algorithm, KmsKey key) {
        return AwsError.of(
                "InvalidKeyUsageException",
                "Algorithm " + algorithm + " is incompatible with key spec "
                        + key.kind().spec() + ".");
    }

    private static Optional<String> oneOf(Input input, String name, Set<String> values) {
        Optional<String> value = input.optionalText(name, 1, 64);
        if (value.isPresent() && !values.contains(value.get())) {
            throw input.invalid("Value at '" + name
                    + "' failed to satisfy constraint: Member must satisfy enum value set: " + new TreeSet<>(values));
        }
        return value;
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
        return byAlias(local);
    }

    private KmsKey byAlias(String alias) {
        return Optional.ofNullable(aliases.get(alias))
                .flatMap(this::live)
                .orElseThrow(
                        () -> AwsError.of("NotFoundException", "Alias " + place.arn(KMS, alias) + " is not found."));
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
                .put("KeyUsage", key.kind().usage())
                .put("KeyState", key.state())
                .put("Origin", "AWS_KMS")
                .put("KeyManager", "CUSTOMER")
                .put("CustomerMasterKeySpec", key.kind().spec())
                .put("KeySpec", key.kind().spec())
                .put("MultiRegion", false);
        metadata.putArray(key.kind().algorithmsMember()).add(key.kind().algorithm());
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
