package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.P256PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A registered API key.
 *
 * @param type Turnkey's credential type, for example {@code CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256}
 * @param createdAt whole seconds
 * @param lifetime from {@code createdAt}; empty for a long-lived key
 */
public record ApiKey(
        String id, String name, P256PublicKey publicKey, String type, Instant createdAt, Optional<Duration> lifetime) {
    static final String API_KEY = "CREDENTIAL_TYPE_API_KEY_P256";
    static final String LOGIN = "CREDENTIAL_TYPE_LOGIN";
    static final String SESSION_KEY = "CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256";

    /** Check 32: it works while now is before createdAt and lifetime. */
    boolean isExpired(Instant now) {
        return lifetime.isPresent() && Duration.between(createdAt, now).compareTo(lifetime.get()) >= 0;
    }
}
