package finance.votis.sessions.runner.doctor;

/** Turnkey, a file or a key is not there to be looked at: that is no finding. The message is one line and holds no secret. */
final class CannotLookException extends Exception {

    private static final long serialVersionUID = 1L;

    CannotLookException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
