package finance.votis.sessions.turnkey;

import java.io.Serial;

/** An answer that is not in Turnkey's form. The message is a rule of ours and holds no byte of the answer. */
final class MalformedAnswer extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String rule;

    MalformedAnswer(String rule) {
        super(rule);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
