package finance.votis.sessions.runner.keys;

import finance.votis.sessions.crypto.CryptoException;
import java.util.Locale;

/** The end of a command that did not work: which rule was broken. Neither part repeats anything that was read. */
public final class BrokenRuleException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * @param rule a name for scripts, lower case with hyphens, that stays as it is
     * @param message the same for people, one line
     */
    BrokenRuleException(String rule, String message) {
        super(message);
        this.rule = rule;
    }

    static BrokenRuleException of(CryptoException refused) {
        String rule = switch (refused) {
            case CryptoException.MalformedKey _ -> "public-key";
            case CryptoException.BadScalar _ -> "private-key";
            case CryptoException.MalformedBundle malformed -> "bundle-" + named(malformed.where());
            case CryptoException.WrongChecksum _ -> "bundle-checksum";
            case CryptoException.DoesNotOpen _ -> "bundle-does-not-open";
            case CryptoException.MalformedStamp malformed -> "stamp-" + named(malformed.flaw());
        };
        return new BrokenRuleException(rule, String.valueOf(refused.getMessage()));
    }

    private static String named(Enum<?> flaw) {
        return flaw.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String rule() {
        return rule;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
