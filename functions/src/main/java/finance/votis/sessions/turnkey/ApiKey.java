package finance.votis.sessions.turnkey;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A registered API key, which may be expired already (Turnkey docs: get_api_keys).
 *
 * @param apiKeyName chosen by whoever registered it
 * @param publicKey hex as registered; compressed for P-256, other curves have other lengths
 * @param credentialType for example {@code CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256}
 * @param expiration counted from {@code createdAt}; empty for a long-lived key
 */
public record ApiKey(
        ApiKeyId apiKeyId,
        String apiKeyName,
        String publicKey,
        String credentialType,
        Instant createdAt,
        Optional<Duration> expiration) {}
