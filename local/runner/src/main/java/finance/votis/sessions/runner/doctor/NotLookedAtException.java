package finance.votis.sessions.runner.doctor;

/** One organisation does not tell what is to be looked at; others may. The message is one line and holds no secret. */
final class NotLookedAtException extends Exception {

    private static final long serialVersionUID = 1L;

    NotLookedAtException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
