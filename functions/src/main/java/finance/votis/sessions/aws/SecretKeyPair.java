package finance.votis.sessions.aws;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * A key pair in Secrets Manager: JSON {@code {"publicKey": 66 hex digits, "privateKey": 64 hex digits}}.
 *
 * <p>What cannot be wiped: the text of a string secret inside the SDK's answer. Store the value as a binary secret and that goes too, but for the
 * SDK's own buffers.
 */
final class SecretKeyPair implements KeySource {

    private static final String GET = "GetSecretValue";
    private static final String FORM = "it must be one JSON object with publicKey and privateKey";

    private final SecretsManagerClient secrets;
    private final String secretId;

    SecretKeyPair(SecretsManagerClient secrets, String secretId) {
        this.secrets = secrets;
        this.secretId = secretId;
    }

    private record InMemory(LocalStamper stamper) implements StampingKey {

        @Override
        public P256PublicKey publicKey() {
            return stamper.publicKey();
        }

        @Override
        public Stamper stamper(Deadline deadline) {
            return stamper;
        }

        @Override
        public void close() {
            stamper.close();
        }
    }

    @Override
    public StampingKey load(Deadline deadline) {
        char[] text = text(deadline);
        try {
            return new InMemory(new LocalStamper(parse(text)));
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    private char[] text(Deadline deadline) {
        var limit = AwsCall.within(deadline, GET, secretId);
        GetSecretValueResponse response;
        try {
            response = secrets.getSecretValue(
                    request -> request.overrideConfiguration(limit).secretId(secretId));
        } catch (SdkException e) {
            throw AwsFailure.of(GET, secretId, e);
        }
        if (response.secretString() != null) {
            return response.secretString().toCharArray();
        }
        byte[] bytes = response.secretBinary().asByteArrayUnsafe();
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        try {
            return Arrays.copyOf(decoded.array(), decoded.limit());
        } finally {
            Arrays.fill(decoded.array(), '\0');
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private P256PrivateKey parse(char[] text) {
        P256PublicKey publicKey = null;
        P256PrivateKey privateKey = null;
        boolean isPair = false;
        try (JsonParser parser = Json.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw broken(FORM);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
                switch (name) {
                    case "publicKey" -> publicKey = publicKey(isText ? parser.getText() : "");
                    case "privateKey" -> privateKey = privateKey(isText ? characters(parser) : "");
                    default -> parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw broken(FORM);
            }
            if (publicKey == null || privateKey == null) {
                throw broken((publicKey == null ? "publicKey" : "privateKey") + " is missing");
            }
            if (!privateKey.publicKey().equals(publicKey)) {
                throw broken("publicKey is well formed, but it is not the public half of privateKey");
            }
            isPair = true;
            return privateKey;
        } catch (IOException e) {
            // Not as a cause: the parser's message may quote the text.
            throw broken(FORM);
        } finally {
            if (!isPair && privateKey != null) {
                privateKey.close();
            }
        }
    }

    /** A view of the parser's own characters: no String is made of the private half here. */
    private static CharSequence characters(JsonParser parser) throws IOException {
        return CharBuffer.wrap(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }

    private P256PublicKey publicKey(String hex) {
        try {
            return P256PublicKey.fromCompressedHex(hex);
        } catch (CryptoException.MalformedKey e) {
            throw broken("publicKey must be 66 hex digits, a compressed point of P-256");
        }
    }

    private P256PrivateKey privateKey(CharSequence hex) {
        try {
            return P256PrivateKey.fromHex(hex);
        } catch (CryptoException.BadScalar e) {
            throw broken("privateKey must be 64 hex digits, a private key of P-256");
        }
    }

    private ExplainedException broken(String rule) {
        return new ExplainedException("the credential in the secret " + secretId + " cannot be used: " + rule);
    }
}
