package finance.votis.sessions.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Base58 with the bitcoin alphabet and a checksum of four bytes: the first of SHA-256(SHA-256(payload)). Quadratic in the length, so
 * callers bound that first.
 */
final class Base58Check {

    static final int CHECKSUM = 4;

    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private Base58Check() {}

    static String encode(byte[] payload) {
        byte[] number = Arrays.copyOf(payload, payload.length + CHECKSUM);
        System.arraycopy(checksum(payload), 0, number, payload.length, CHECKSUM);
        return encodeBase58(number);
    }

    static byte[] checksum(byte[] payload) {
        return Arrays.copyOf(Sha256.of(Sha256.of(payload)), CHECKSUM);
    }

    static String encodeBase58(byte[] bytes) {
        byte[] number = bytes.clone();
        StringBuilder reversed = new StringBuilder(bytes.length * 2);
        int start = 0;
        while (start < number.length && number[start] == 0) {
            start++;
        }
        int zeros = start;
        while (start < number.length) {
            int remainder = 0;
            for (int i = start; i < number.length; i++) {
                int digit = remainder << 8 | (number[i] & 0xff);
                number[i] = (byte) (digit / 58);
                remainder = digit % 58;
            }
            reversed.append(ALPHABET.charAt(remainder));
            while (start < number.length && number[start] == 0) {
                start++;
            }
        }
        for (int i = 0; i < zeros; i++) {
            reversed.append(ALPHABET.charAt(0));
        }
        return reversed.reverse().toString();
    }

    /** Payload and checksum, the latter not looked at; null if a letter is not in the alphabet. */
    static byte @Nullable [] decodeBase58(String text) {
        byte[] number = new byte[text.length()]; // 58 < 256: never longer
        int start = number.length;
        for (int i = 0; i < text.length(); i++) {
            int carry = ALPHABET.indexOf(text.charAt(i));
            if (carry < 0) {
                return null;
            }
            for (int j = number.length - 1; j >= start || carry != 0; j--) {
                carry += 58 * (number[j] & 0xff);
                number[j] = (byte) carry;
                carry >>= 8;
                start = Math.min(start, j);
            }
        }
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == ALPHABET.charAt(0)) {
            zeros++;
        }
        return Arrays.copyOfRange(number, start - zeros, number.length);
    }
}
