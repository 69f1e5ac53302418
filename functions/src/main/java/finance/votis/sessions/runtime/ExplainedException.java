package finance.votis.sessions.runtime;

/**
 * Something is broken and the operator has to know what. The message is ours: it names rules, variables, operations and error codes,
 * never a value or a foreign message, so it may be logged and may leave the function as Lambda's {@code errorMessage}. There is no cause,
 * since Lambda prints the messages of causes too.
 */
public class ExplainedException extends RuntimeException {

    public ExplainedException(String message) {
        super(message);
    }

    /** True if the same may well work a moment later. */
    public boolean isTransient() {
        return false;
    }
}
