package finance.votis.sessions.turnkey;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** The text form of RFC 9562, section 4: 8-4-4-4-12 hex digits. {@link java.util.UUID#fromString} takes shorter groups. */
final class Uuid {
    private Uuid() {}

    /** In lower case, or nothing if the text has another form. */
    static Optional<String> canonical(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean fits = dash ? c == '-' : HexFormat.isHexDigit(c);
            if (!fits) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toLowerCase(Locale.ROOT));
    }

    static void requireCanonical(String text, String what) {
        if (!canonical(text).equals(Optional.of(text))) {
            throw new IllegalArgumentException(what + " is not a UUID in lower case");
        }
    }
}
