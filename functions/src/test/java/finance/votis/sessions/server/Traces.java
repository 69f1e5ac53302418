package finance.votis.sessions.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Looks for private keys in what was written down or sent, in every form in which somebody could read them. */
final class Traces {

    private final List<String> forms;

    /** @param scalars 32 bytes each */
    Traces(Collection<byte[]> scalars) {
        this.forms =
                scalars.stream().flatMap(scalar -> formsOf(scalar).stream()).toList();
    }

    private static List<String> formsOf(byte[] scalar) {
        String hex = HexFormat.of().formatHex(scalar);
        List<String> forms = new ArrayList<>(
                List.of(new String(scalar, StandardCharsets.ISO_8859_1), hex, hex.toUpperCase(Locale.ROOT)));
        // Inside of other bytes base64 has three ways to write it; at its ends a character holds bits of its
        // neighbours.
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + scalar.length];
            System.arraycopy(scalar, 0, shifted, offset, scalar.length);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String text = encoder.withoutPadding().encodeToString(shifted);
                forms.add(text.substring(offset == 0 ? 0 : offset + 1, text.length() - 1));
            }
        }
        return forms.stream().distinct().toList();
    }

    boolean areIn(byte[] bytes) {
        return areIn(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    boolean areIn(String text) {
        return forms.stream().anyMatch(text::contains);
    }
}
