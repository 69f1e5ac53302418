package finance.votis.sessions.runtime;

import java.util.List;

/** Settings that cannot be used. Every mistake is told at once, by the variable's name and the rule that it breaks. */
public final class SettingsException extends ExplainedException {

    SettingsException(List<String> mistakes) {
        super("Settings: " + String.join("; ", mistakes));
    }
}
