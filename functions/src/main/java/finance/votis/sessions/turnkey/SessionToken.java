package finance.votis.sessions.turnkey;

/**
 * The bearer token of a read-only session, the value of header {@code X-Session}: whoever has it reads. Prints nothing of it.
 *
 * @param text opaque, not blank
 */
public record SessionToken(String text) {
    public SessionToken {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a session token is blank");
        }
    }

    @Override
    public String toString() {
        return "SessionToken[<redacted>]";
    }
}
