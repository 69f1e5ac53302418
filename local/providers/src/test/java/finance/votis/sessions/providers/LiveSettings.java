package finance.votis.sessions.providers;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.runtime.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Which organisation and users at Turnkey the tests may use. Keys come by the path of their file, never by value.
 *
 * @param organizationId where the admin of the server session is a user
 * @param adminKeyFile of that user, in the form of {@code ./dev keygen}
 * @param subOrganizationId where the end user and the delegate are users
 * @param userId the end user
 * @param delegateKeyFile of the delegate
 */
record LiveSettings(
        URI turnkey,
        String organizationId,
        Path adminKeyFile,
        String subOrganizationId,
        String userId,
        Path delegateKeyFile) {

    static final String ORGANIZATION_ID = "TURNKEY_LIVE_ORGANIZATION_ID";
    static final String ADMIN_KEY_FILE = "TURNKEY_LIVE_ADMIN_KEY_FILE";
    static final String SUB_ORGANIZATION_ID = "TURNKEY_LIVE_SUB_ORGANIZATION_ID";
    static final String USER_ID = "TURNKEY_LIVE_USER_ID";
    static final String DELEGATE_KEY_FILE = "TURNKEY_LIVE_DELEGATE_KEY_FILE";
    static final String BASE_URL = "TURNKEY_LIVE_BASE_URL";

    private static final List<String> NEEDED =
            List.of(ORGANIZATION_ID, ADMIN_KEY_FILE, SUB_ORGANIZATION_ID, USER_ID, DELEGATE_KEY_FILE);

    /** Whether any of the variables is set: then all must be. */
    static boolean areAskedFor(Map<String, String> variables) {
        return NEEDED.stream().anyMatch(variables::containsKey);
    }

    /** @throws IllegalArgumentException that names every variable that is missing */
    static LiveSettings read(Map<String, String> variables) {
        List<String> missing = NEEDED.stream()
                .filter(name -> variables.getOrDefault(name, "").isBlank())
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("not set: " + String.join(", ", missing));
        }
        return new LiveSettings(
                URI.create(variables.getOrDefault(BASE_URL, "https://api.turnkey.com")),
                variables.getOrDefault(ORGANIZATION_ID, ""),
                Path.of(variables.getOrDefault(ADMIN_KEY_FILE, "")),
                variables.getOrDefault(SUB_ORGANIZATION_ID, ""),
                variables.getOrDefault(USER_ID, ""),
                Path.of(variables.getOrDefault(DELEGATE_KEY_FILE, "")));
    }

    /** The file's text, which is what a secret of the functions holds too. */
    static String credential(Path keyFile) throws IOException {
        return Files.readString(keyFile);
    }

    static LocalStamper stamper(Path keyFile) throws IOException, CryptoException.BadScalar {
        return new LocalStamper(P256PrivateKey.fromHex(Json.object(Files.readAllBytes(keyFile))
                .map(json -> json.path("privateKey").asText())
                .orElseThrow(() -> new IOException(keyFile + " holds no key in the form of ./dev keygen"))));
    }
}
