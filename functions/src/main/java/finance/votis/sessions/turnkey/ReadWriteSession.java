package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.P256PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An API key that Turnkey made, registered for the user and sealed to the target key (Turnkey docs: CREATE_READ_WRITE_SESSION_V2). The
 * answer has no end of life: it is {@code createdAt} plus the lifetime asked for.
 *
 * @param activityId a UUID
 * @param createdAt by Turnkey's clock, in whole seconds
 */
public record ReadWriteSession(
        OrganizationId organizationId,
        UserId userId,
        ApiKeyId apiKeyId,
        SealedBundle credentialBundle,
        String activityId,
        Instant createdAt) {

    /**
     * What is asked for.
     *
     * @param targetPublicKey whose private half can open the bundle
     * @param userId whose session; empty: the user who stamps
     * @param apiKeyName not empty
     * @param expiration whole seconds, at least one
     * @param invalidateExisting ends all other read-write sessions of the user
     */
    public record Parameters(
            P256PublicKey targetPublicKey,
            Optional<UserId> userId,
            String apiKeyName,
            Duration expiration,
            boolean invalidateExisting) {
        public Parameters {
            if (apiKeyName.isEmpty()) {
                throw new IllegalArgumentException("apiKeyName is empty");
            }
            if (expiration.toSeconds() < 1 || expiration.toNanosPart() != 0) {
                throw new IllegalArgumentException("expiration is not a positive number of whole seconds");
            }
        }
    }
}
