package finance.votis.sessions.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code events/README.md} says that each file beside it is answered. */
public final class EventAnswers {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| (.+) \\|$");

    private EventAnswers() {}

    /** Of this checkout, by the file's name without its ending. */
    public static Map<String, String> read() {
        try (InputStream page = Objects.requireNonNull(EventAnswers.class.getResourceAsStream("/events/README.md"))) {
            return ROW.matcher(new String(page.readAllBytes(), StandardCharsets.UTF_8))
                    .results()
                    .collect(Collectors.toUnmodifiableMap(row -> row.group(1), row -> row.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
