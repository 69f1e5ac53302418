package finance.votis.sessions.standins.turnkey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of {@code docs/turnkey}, which the build packs beside this class. */
final class PolicyFile {
    private static final Pattern PLACEHOLDER = Pattern.compile("<([A-Z_]+)>");

    private PolicyFile() {}

    /** @throws IllegalArgumentException if there is no such file, or a placeholder without an id */
    static String read(String file, Map<String, String> ids) {
        try (InputStream in = PolicyFile.class.getResourceAsStream("policies/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no policy file " + file);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return PLACEHOLDER.matcher(text).replaceAll(match -> {
                String id = ids.get(match.group(1));
                if (id == null) {
                    throw new IllegalArgumentException("no id for " + match.group());
                }
                return Matcher.quoteReplacement(id);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
