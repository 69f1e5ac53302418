package finance.votis.sessions.crypto;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The three members of a stamp, read by hand: a JSON library for three strings would cost more of a cold start than the stamp. Names
 * and values need no escapes, so a backslash is refused, as is anything that is not printable ASCII.
 */
record StampJson(String publicKey, String scheme, String signature) {

    /** Null unless the bytes are one object with exactly the three string members, each once, in any order. */
    static @Nullable StampJson parse(byte[] json) {
        return new Reader(json).object();
    }

    private static final class Reader {
        private final byte[] json;
        private int at;

        Reader(byte[] json) {
            this.json = json;
        }

        @Nullable
        StampJson object() {
            String publicKey = null;
            String scheme = null;
            String signature = null;
            if (!token('{')) {
                return null;
            }
            for (int member = 0; member < 3; member++) {
                if (member > 0 && !token(',')) {
                    return null;
                }
                String name = string();
                if (name == null || !token(':')) {
                    return null;
                }
                String value = string();
                if (value == null) {
                    return null;
                }
                if (name.equals("publicKey") && publicKey == null) {
                    publicKey = value;
                } else if (name.equals("scheme") && scheme == null) {
                    scheme = value;
                } else if (name.equals("signature") && signature == null) {
                    signature = value;
                } else {
                    return null;
                }
            }
            if (!token('}') || publicKey == null || scheme == null || signature == null) {
                return null;
            }
            skipWhiteSpace();
            return at == json.length ? new StampJson(publicKey, scheme, signature) : null;
        }

        private @Nullable String string() {
            if (!token('"')) {
                return null;
            }
            int start = at;
            while (at < json.length && json[at] != '"') {
                if (json[at] < 0x20 || json[at] > 0x7e || json[at] == '\\') {
                    return null;
                }
                at++;
            }
            if (at == json.length) {
                return null;
            }
            return new String(json, start, at++ - start, StandardCharsets.US_ASCII);
        }

        private boolean token(char expected) {
            skipWhiteSpace();
            if (at == json.length || json[at] != expected) {
                return false;
            }
            at++;
            return true;
        }

        private void skipWhiteSpace() {
            while (at < json.length && (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r')) {
                at++;
            }
        }
    }
}
