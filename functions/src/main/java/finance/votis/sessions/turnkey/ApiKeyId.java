package finance.votis.sessions.turnkey;

import java.util.Optional;

/**
 * An API key at Turnkey, session keys included; not the key itself.
 *
 * @param value a UUID in lower case
 */
public record ApiKeyId(String value) {
    public ApiKeyId {
        Uuid.requireCanonical(value, "an API key id");
    }

    /** Takes hex digits of either case; nothing if the text is no UUID. */
    public static Optional<ApiKeyId> parse(String text) {
        return Uuid.canonical(text).map(ApiKeyId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
