package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.client.challenge.Challenge;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import finance.votis.sessions.crypto.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** A stamp of a passkey in its form, and the body that it has to be of. Whether it is only its {@link Authenticator} can tell. */
final class Assertion {
    private static final int MEMBERS = 4;

    private final byte[] body;
    private final byte[] credentialId;
    private final byte[] authenticatorData;
    private final byte[] clientData;
    private final byte[] signature;

    private Assertion(byte[] body, ObjectNode stamp) throws Refusal {
        this.body = body;
        this.credentialId = bytes(stamp, "credentialId");
        this.authenticatorData = bytes(stamp, "authenticatorData");
        this.clientData = bytes(stamp, "clientDataJson");
        this.signature = bytes(stamp, "signature");
    }

    /** @param header plain JSON of four members in base64url; ours: none else, without padding */
    static Assertion parse(String header, byte[] body) throws Refusal {
        ObjectNode stamp;
        try {
            stamp = Json.readObject(header.getBytes(StandardCharsets.UTF_8));
        } catch (Refusal notJson) {
            throw Refusal.webauthnStampNotExtractable();
        }
        if (stamp.size() != MEMBERS) {
            throw Refusal.webauthnStampNotExtractable();
        }
        return new Assertion(body, stamp);
    }

    private static byte[] bytes(ObjectNode stamp, String member) throws Refusal {
        String text = stamp.path(member).asText();
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length > 0 && base64(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // As below.
        }
        throw Refusal.webauthnStampNotExtractable();
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** In base64url, as Turnkey lists it. */
    String credentialId() {
        return base64(credentialId);
    }

    String signatureHex() {
        return HexFormat.of().formatHex(signature);
    }

    AuthenticationRequest request() {
        return new AuthenticationRequest(credentialId, authenticatorData, clientData, signature);
    }

    /** Check 35: the hex text of the body's SHA-256, as bytes. */
    Challenge challenge() {
        return new DefaultChallenge(
                Fingerprint.of(body).substring("sha256:".length()).getBytes(StandardCharsets.UTF_8));
    }
}
