package finance.votis.sessions.turnkey;

/** Who stamped, as Turnkey sees it. */
public record Identity(OrganizationId organizationId, UserId userId) {}
