package finance.votis.sessions.runner.keys;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A private key in a file, in one of two forms:
 *
 * <ul>
 *   <li>JSON {@code {"publicKey": 66 hex digits, "privateKey": 64 hex digits}}, as in Secrets Manager; the halves belong together
 *   <li>tkcli's: {@code <64 hex digits>} or {@code <64 hex digits>:p256}, with one line end behind or none
 * </ul>
 *
 * <p>Jackson makes strings of the JSON form, which cannot be wiped: they die with the process.
 */
public final class KeyFile {

    private static final int MOST = 4096;
    private static final String FORMS =
            "a key file is JSON with the two strings publicKey and privateKey, or 64 hex digits, alone or with :p256 behind, and at most one line end";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private KeyFile() {}

    /** The caller closes the key. */
    public static P256PrivateKey read(Path file) throws BrokenRuleException {
        byte[] content = Input.bytes(file, "the key file", MOST);
        try {
            return startsWithBrace(content) ? fromJson(content) : fromTkcli(content);
        } catch (CryptoException refused) {
            throw BrokenRuleException.of(refused);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static boolean startsWithBrace(byte[] content) {
        int at = 0;
        while (at < content.length && " \t\r\n".indexOf(content[at]) >= 0) {
            at++;
        }
        return at < content.length && content[at] == '{';
    }

    private static P256PrivateKey fromJson(byte[] content) throws BrokenRuleException, CryptoException {
        JsonNode node;
        try {
            node = JSON.readTree(content);
        } catch (JacksonException repeatsTheInput) {
            throw new BrokenRuleException("key-file", FORMS);
        } catch (IOException impossible) {
            throw new IllegalStateException("an array cannot fail to be read");
        }
        JsonNode privateHalf = node.path("privateKey");
        JsonNode publicHalf = node.path("publicKey");
        if (node.size() != 2 || !privateHalf.isTextual() || !publicHalf.isTextual()) {
            throw new BrokenRuleException("key-file", FORMS);
        }
        P256PublicKey publicKey = P256PublicKey.fromCompressedHex(publicHalf.textValue());
        P256PrivateKey privateKey = P256PrivateKey.fromHex(privateHalf.textValue());
        if (!privateKey.publicKey().equals(publicKey)) {
            privateKey.close();
            throw new BrokenRuleException("key-mismatch", "publicKey is not the public half of privateKey");
        }
        return privateKey;
    }

    private static P256PrivateKey fromTkcli(byte[] content) throws BrokenRuleException, CryptoException {
        char[] text = new char[content.length];
        for (int i = 0; i < content.length; i++) {
            text[i] = (char) (content[i] & 0xff);
        }
        try {
            int end = text.length > 0 && text[text.length - 1] == '\n' ? text.length - 1 : text.length;
            int colon = 0;
            while (colon < end && text[colon] != ':') {
                colon++;
            }
            if (colon < end
                    && !CharBuffer.wrap(text, colon, end - colon).toString().equals(":p256")) {
                throw new BrokenRuleException("key-file", FORMS);
            }
            return P256PrivateKey.fromHex(CharBuffer.wrap(text, 0, colon));
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    /**
     * Writes the JSON form to a file that only this user may read.
     *
     * @param replace whether a file that is there may be replaced
     */
    static void write(Path file, P256PrivateKey key, boolean replace) throws BrokenRuleException {
        byte[] head = ascii("{\"publicKey\":\"" + key.publicKey().compressedHex() + "\",\"privateKey\":\"");
        byte[] tail = ascii("\"}\n");
        byte[] content = Arrays.copyOf(head, head.length + 64 + tail.length);
        try (SecretBytes scalar = key.dangerouslyCopyScalar()) {
            byte[] bytes = scalar.dangerouslyCopy();
            HexFormat hex = HexFormat.of();
            for (int i = 0; i < bytes.length; i++) {
                content[head.length + 2 * i] = (byte) hex.toHighHexDigit(bytes[i]);
                content[head.length + 2 * i + 1] = (byte) hex.toLowHexDigit(bytes[i]);
            }
            Arrays.fill(bytes, (byte) 0);
            System.arraycopy(tail, 0, content, head.length + 64, tail.length);
            PrivateFile.write(file, content, replace);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
