package finance.votis.sessions.runner.outsiders;

/** A request got no whole answer: the connection broke, or the time was over. Whether it took effect is not known. */
public final class NoAnswer extends DidNotHold {
    private static final long serialVersionUID = 1L;

    private final String exception;

    NoAnswer(String path, String exception) {
        super(path + " gave no answer: " + exception);
        this.exception = exception;
    }

    /** The simple name of what the HTTP client threw. */
    public String exception() {
        return exception;
    }
}
