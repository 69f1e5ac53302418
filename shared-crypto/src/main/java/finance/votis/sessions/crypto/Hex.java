package finance.votis.sessions.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hex without exceptions, since those of the JDK and of BouncyCastle repeat what they were given. */
final class Hex {

    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private Hex() {}

    /** Lower case. */
    static String encode(byte[] bytes) {
        char[] text = new char[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            text[2 * i] = (char) DIGITS[(bytes[i] >> 4) & 0xf];
            text[2 * i + 1] = (char) DIGITS[bytes[i] & 0xf];
        }
        return new String(text);
    }

    /** Either case; null for any other character or an odd number of them. */
    static byte @Nullable [] decode(CharSequence text) {
        if ((text.length() & 1) != 0) {
            return null;
        }
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = digit(text.charAt(2 * i));
            int low = digit(text.charAt(2 * i + 1));
            if ((high | low) < 0) {
                Arrays.fill(bytes, (byte) 0);
                return null;
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }

    /** As {@link #decode}, and null for upper case too: where a value has one spelling. */
    static byte @Nullable [] decodeLowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'F') {
                return null;
            }
        }
        return decode(text);
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        if (c >= 'A' && c <= 'F') {
            return c - 'A' + 10;
        }
        return -1;
    }
}
