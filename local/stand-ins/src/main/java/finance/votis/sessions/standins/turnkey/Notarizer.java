package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.LocalStamper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/**
 * Signs the session tokens of logins. A token says ES256 and is signed over the SHA-256 of its signing input, which the
 * signature hashes once more: a JWT library refuses it, as it refuses the real ones.
 */
final class Notarizer {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}";

    private final KeyPair key;

    Notarizer(KeyPair key) {
        this.key = key;
    }

    /** @param login a key of this user that expires after {@code lifetime} */
    String sessionToken(User user, ApiKey login, Duration lifetime) {
        ObjectNode claims = Json.object();
        claims.put("exp", login.createdAt().getEpochSecond() + lifetime.toSeconds());
        claims.put("public_key", login.publicKey().compressedHex());
        claims.put("session_type", "SESSION_TYPE_READ_WRITE");
        claims.put("user_id", user.id());
        claims.put("organization_id", user.organization().id());
        String signingInput = BASE64URL.encodeToString(HEADER.getBytes(StandardCharsets.UTF_8)) + "."
                + BASE64URL.encodeToString(Json.bytes(claims));
        try (LocalStamper stamper = key.stamper()) {
            byte[] signature = stamper.stamp(sha256(signingInput)).derSignature();
            return signingInput + "." + BASE64URL.encodeToString(p1363(signature));
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** From strict DER, {@code 30 len 02 len r 02 len s}, to r and s of 32 bytes each. */
    static byte[] p1363(byte[] der) {
        ByteBuffer in = ByteBuffer.wrap(der, 2, der.length - 2);
        byte[] out = new byte[64];
        for (int end = 32; end <= 64; end += 32) {
            in.get(); // 02
            byte[] integer = new byte[in.get()];
            in.get(integer);
            int sign = integer.length > 32 ? 1 : 0; // a zero byte in front of a high bit
            int length = integer.length - sign;
            System.arraycopy(integer, sign, out, end - length, length);
        }
        return out;
    }
}
