package finance.votis.sessions.standins.turnkey;

/** Where Turnkey's behaviour is not known, or where a client has to bear more than one. All are off at start. */
public enum Switch {
    /** A user needs a policy to make a read-write session for itself. Off: it is one's own credential. */
    OWN_SESSION_NEEDS_POLICY,
    /** Same bytes after their hour are refused as stale. Off: they are answered as the old activity. */
    STALE_BEFORE_KNOWN,
    /** Unknown members in {@code parameters} are ignored. Off: refused. */
    UNKNOWN_PARAMETERS_TAKEN,
    /** Every object of an answer has a member that nobody knows yet. */
    UNKNOWN_MEMBERS_IN_ANSWERS
}
