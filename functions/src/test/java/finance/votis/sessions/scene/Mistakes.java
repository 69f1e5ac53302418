package finance.votis.sessions.scene;

import finance.votis.sessions.runtime.SettingsException;
import java.util.List;

/** The message of refused settings in its parts. */
public final class Mistakes {

    private Mistakes() {}

    /** One for each variable, as the operator reads them: each begins with the variable's name. */
    public static List<String> of(SettingsException thrown) {
        return List.of(String.valueOf(thrown.getMessage())
                .substring("Settings: ".length())
                .split("; (?=[A-Z][A-Z_]*[ (])"));
    }
}
