package finance.votis.sessions.turnkey;

/**
 * A request that was kept, and what it asks for.
 *
 * @param request of the kept bytes, to be sent again as they are
 */
public record StoredRequest(ActivityRequest<ReadWriteSession> request, ReadWriteSession.Parameters parameters) {}
