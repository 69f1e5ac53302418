package finance.votis.sessions.http;

import finance.votis.sessions.runtime.Setting;
import finance.votis.sessions.runtime.Settings;
import java.util.function.Supplier;

/** The claims that say whose organisation and which user it is. Only the issuer may be able to set them. */
public record ClaimNames(String organization, String user) {

    /** Usable once the settings are checked. */
    public static Supplier<ClaimNames> read(Settings settings) {
        Setting<String> organization = settings.claim("ORGANIZATION_CLAIM");
        Setting<String> user = settings.claim("USER_CLAIM");
        return () -> new ClaimNames(organization.get(), user.get());
    }
}
