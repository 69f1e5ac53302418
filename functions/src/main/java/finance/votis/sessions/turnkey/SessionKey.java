package finance.votis.sessions.turnkey;

import java.time.Instant;
import java.util.Optional;

/**
 * The registered key of a session: it came from one of Turnkey's ways to begin a session, and it ends by itself (Turnkey docs: credentials).
 *
 * @param name chosen by whoever made the session
 * @param createdAt by Turnkey's clock, in whole seconds
 */
public record SessionKey(ApiKeyId apiKeyId, String name, Kind kind, Instant createdAt, Instant expiresAt) {

    /** Which of Turnkey's activities made it. */
    public enum Kind {
        READ_WRITE("CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256", "read-write"),
        LOGIN("CREDENTIAL_TYPE_LOGIN", "login"),
        OAUTH("CREDENTIAL_TYPE_OAUTH_KEY_P256", "oauth"),
        OTP("CREDENTIAL_TYPE_OTP_AUTH_KEY_P256", "otp"),
        EMAIL("CREDENTIAL_TYPE_EMAIL_AUTH_KEY_P256", "email");

        private final String credentialType;
        private final String text;

        Kind(String credentialType, String text) {
            this.credentialType = credentialType;
            this.text = text;
        }

        /** As it stands in an answer. */
        public String text() {
            return text;
        }

        private static Optional<Kind> of(String credentialType) {
            for (Kind kind : values()) {
                if (kind.credentialType.equals(credentialType)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /** Nothing if the key is of another kind or lives for ever. */
    static Optional<SessionKey> of(ApiKey key) {
        return Kind.of(key.credentialType())
                .flatMap(kind -> key.expiration()
                        .map(life -> new SessionKey(
                                key.apiKeyId(),
                                key.apiKeyName(),
                                kind,
                                key.createdAt(),
                                key.createdAt().plus(life))));
    }

    /** Turnkey may list a key whose time is over. */
    public boolean isLive(Instant now) {
        return expiresAt.isAfter(now);
    }
}
