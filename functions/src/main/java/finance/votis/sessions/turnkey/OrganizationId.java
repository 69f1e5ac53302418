package finance.votis.sessions.turnkey;

import java.util.Optional;

/**
 * A Turnkey organization or sub-organization.
 *
 * @param value a UUID in lower case
 */
public record OrganizationId(String value) {
    public OrganizationId {
        Uuid.requireCanonical(value, "an organization id");
    }

    /** Takes hex digits of either case; nothing if the text is no UUID. */
    public static Optional<OrganizationId> parse(String text) {
        return Uuid.canonical(text).map(OrganizationId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
