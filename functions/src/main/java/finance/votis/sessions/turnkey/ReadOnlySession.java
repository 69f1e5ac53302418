package finance.votis.sessions.turnkey;

import java.time.Instant;

/**
 * A session that may query all that its user may read: one organization, or, for a user of the parent, every sub-organization too
 * (Turnkey docs: CREATE_READ_ONLY_SESSION).
 *
 * @param userId the user who stamped: a caller that is to get the token compares it with itself
 * @param activityId a UUID
 */
public record ReadOnlySession(
        OrganizationId organizationId, UserId userId, SessionToken session, String activityId, Instant expiresAt) {}
