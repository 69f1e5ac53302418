package finance.votis.sessions.standins.turnkey;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** UUIDs as Turnkey gives them (RFC 9562): version 7 for activities, version 4 for the rest. */
final class Identifiers {
    private final SecureRandom random;

    Identifiers(SecureRandom random) {
        this.random = random;
    }

    String next() {
        return uuid(randomBytes(), 4);
    }

    /** With the time in front, so that they sort by it. */
    String nextActivity(Instant now) {
        byte[] bytes = randomBytes();
        ByteBuffer.wrap(bytes).putShort((short) (now.toEpochMilli() >>> 32)).putInt((int) now.toEpochMilli());
        return uuid(bytes, 7);
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String uuid(byte[] bytes, int version) {
        bytes[6] = (byte) ((bytes[6] & 0x0f) | (version << 4));
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        ByteBuffer both = ByteBuffer.wrap(bytes);
        return new UUID(both.getLong(), both.getLong()).toString();
    }
}
