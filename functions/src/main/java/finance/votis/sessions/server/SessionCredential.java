package finance.votis.sessions.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.UserId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A session key and what belongs to it. Closing it wipes the key.
 *
 * <p>Packed: 32 bytes of the private key, then UTF-8 JSON {@code {"apiKeyId","organizationId","userId","activityId","createdAt","expiresAt"}}, times in
 * RFC 3339.
 */
record SessionCredential(P256PrivateKey key, Details details) implements AutoCloseable {

    static final int SCALAR = 32;

    /**
     * All but the key.
     *
     * @param activityId of the activity that made it
     */
    record Details(
            ApiKeyId apiKeyId,
            OrganizationId organizationId,
            UserId userId,
            String activityId,
            Instant createdAt,
            Instant expiresAt) {}

    /** The caller closes it. */
    SecretBytes pack() {
        return join(
                key,
                Json.bytes(Json.newObject()
                        .put("apiKeyId", details.apiKeyId().value())
                        .put("organizationId", details.organizationId().value())
                        .put("userId", details.userId().value())
                        .put("activityId", details.activityId())
                        .put("createdAt", details.createdAt().toString())
                        .put("expiresAt", details.expiresAt().toString())));
    }

    /** Nothing if the bytes are not a credential of ours. The packed bytes stay the caller's. */
    static Optional<SessionCredential> unpack(SecretBytes packed) {
        byte[] bytes = packed.dangerouslyCopy();
        try {
            if (bytes.length <= SCALAR) {
                return Optional.empty();
            }
            Optional<Details> details =
                    Json.object(Arrays.copyOfRange(bytes, SCALAR, bytes.length)).flatMap(SessionCredential::details);
            if (details.isEmpty()) {
                return Optional.empty();
            }
            var scalar = SecretBytes.takeOver(Arrays.copyOf(bytes, SCALAR));
            return Optional.of(new SessionCredential(P256PrivateKey.fromScalar(scalar), details.get()));
        } catch (CryptoException.BadScalar e) {
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** A private key and what follows it, in one. */
    static SecretBytes join(P256PrivateKey key, byte[] rest) {
        try (SecretBytes scalar = key.dangerouslyCopyScalar()) {
            return join(scalar, rest);
        }
    }

    /** The scalar stays the caller's. */
    static SecretBytes join(SecretBytes scalar, byte[] rest) {
        byte[] head = scalar.dangerouslyCopy();
        try {
            byte[] joined = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, joined, head.length, rest.length);
            return SecretBytes.takeOver(joined);
        } finally {
            Arrays.fill(head, (byte) 0);
        }
    }

    private static Optional<Details> details(ObjectNode json) {
        try {
            return ApiKeyId.parse(json.path("apiKeyId").asText())
                    .flatMap(apiKeyId -> OrganizationId.parse(
                                    json.path("organizationId").asText())
                            .flatMap(organizationId -> UserId.parse(
                                            json.path("userId").asText())
                                    .map(userId -> new Details(
                                            apiKeyId,
                                            organizationId,
                                            userId,
                                            json.path("activityId").asText(),
                                            Instant.parse(json.path("createdAt").asText()),
                                            Instant.parse(json.path("expiresAt").asText())))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        key.close();
    }
}
