package finance.votis.sessions.standins.aws;

import java.security.SecureRandom;
import java.util.UUID;

/** The names that AWS gives to what it makes. */
final class RandomIds {
    private static final String SUFFIX_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int SUFFIX_LENGTH = 6;

    private RandomIds() {}

    /** Version 4 (RFC 9562, 5.4), from this source of randomness. */
    static UUID uuid(SecureRandom random) {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(high, low);
    }

    /** What Secrets Manager puts behind a secret's name, after a hyphen. */
    static String arnSuffix(SecureRandom random) {
        return random.ints(SUFFIX_LENGTH, 0, SUFFIX_CHARACTERS.length())
                .map(SUFFIX_CHARACTERS::charAt)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
