package finance.votis.sessions.turnkey;

import java.util.Optional;

/**
 * A user of one Turnkey organization.
 *
 * @param value a UUID in lower case
 */
public record UserId(String value) {
    public UserId {
        Uuid.requireCanonical(value, "a user id");
    }

    /** Takes hex digits of either case; nothing if the text is no UUID. */
    public static Optional<UserId> parse(String text) {
        return Uuid.canonical(text).map(UserId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
