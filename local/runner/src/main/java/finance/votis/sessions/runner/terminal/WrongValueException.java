package finance.votis.sessions.runner.terminal;

/** To be thrown by a converter of an option: the user is told the option and this rule. Holds no value. */
public final class WrongValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * With its rule.
     *
     * @param rule what comes behind the option's name: {@code takes a UUID}
     */
    public WrongValueException(String rule) {
        super(rule);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
