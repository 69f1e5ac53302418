package finance.votis.sessions.turnkey;

/** Turnkey's {@code ACTIVITY_STATUS_*} (Turnkey docs: activities). */
public enum ActivityStatus {
    CREATED,
    PENDING,
    COMPLETED,
    FAILED,
    CONSENSUS_NEEDED,
    AUTHENTICATORS_NEEDED,
    REJECTED
}
