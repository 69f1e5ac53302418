package finance.votis.sessions.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.ProblemType;
import finance.votis.sessions.http.RefusedAtTheDoor;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.turnkey.StampHeader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The one stamp of a call, found to be in its form and to be of the very bytes of the body (Turnkey docs: api-reference/overview/stamps). */
final class DeviceStamp {

    private static final String BOTH = StampHeader.API_KEY + ", " + StampHeader.WEBAUTHN;

    /** An authenticator's longest answer is under half of it; API Gateway takes 10 KiB of headers in all. */
    private static final Pattern JSON_IN_ASCII = Pattern.compile("\\{[\\x20-\\x7e]{1,4094}}");

    private static final Set<String> MEMBERS =
            Set.of("authenticatorData", "clientDataJson", "credentialId", "signature");

    /** Hash of the RP id, flags, counter (W3C WebAuthn Level 3, section 6.1). */
    private static final int LEAST_AUTHENTICATOR_DATA = 37;

    private static final int FLAGS = 32;
    private static final int USER_PRESENT = 1;

    private DeviceStamp() {}

    /**
     * Finds the stamp. That of an API key is verified by the key that it names; a passkey's public key is Turnkey's to know, and so its
     * signature is Turnkey's to verify.
     *
     * @throws RefusedAtTheDoor malformed-stamp
     */
    static StampHeader of(ApiCall call, byte[] body) throws RefusedAtTheDoor {
        Optional<String> apiKey = header(call, StampHeader.API_KEY);
        Optional<String> webAuthn = header(call, StampHeader.WEBAUTHN);
        if (apiKey.isPresent() == webAuthn.isPresent()) {
            throw malformed(BOTH, "exactly one of the two must be there");
        }
        if (apiKey.isPresent()) {
            checkApiKey(apiKey.get(), body);
            return new StampHeader(StampHeader.API_KEY, apiKey.get());
        }
        checkWebAuthn(webAuthn.orElseThrow(), body);
        return new StampHeader(StampHeader.WEBAUTHN, webAuthn.orElseThrow());
    }

    private static Optional<String> header(ApiCall call, String name) {
        return Optional.ofNullable(call.headers().get(name.toLowerCase(Locale.ROOT)));
    }

    private static void checkApiKey(String value, byte[] body) throws RefusedAtTheDoor {
        Stamp stamp;
        try {
            stamp = Stamp.parse(value);
        } catch (CryptoException.MalformedStamp notInForm) {
            throw malformed(
                    StampHeader.API_KEY,
                    "must be base64url of {\"publicKey\",\"scheme\",\"signature\"}, of a key on P-256, once");
        }
        if (!stamp.signs(body)) {
            throw malformed(StampHeader.API_KEY, "must be a signature of the very bytes of the body");
        }
    }

    private static void checkWebAuthn(String value, byte[] body) throws RefusedAtTheDoor {
        Optional<ObjectNode> stamp = Optional.of(value)
                .filter(text -> JSON_IN_ASCII.matcher(text).matches())
                .flatMap(text -> Json.object(text.getBytes(StandardCharsets.US_ASCII)))
                .filter(object -> object.size() == MEMBERS.size()
                        && MEMBERS.stream().allMatch(member -> decoded(object, member).length > 0));
        if (stamp.isEmpty()) {
            throw malformed(
                    StampHeader.WEBAUTHN,
                    "must be JSON of authenticatorData, clientDataJson, credentialId and signature, each in base64url, once");
        }
        byte[] authenticatorData = decoded(stamp.get(), "authenticatorData");
        if (authenticatorData.length < LEAST_AUTHENTICATOR_DATA || (authenticatorData[FLAGS] & USER_PRESENT) == 0) {
            throw malformed(StampHeader.WEBAUTHN, "authenticatorData must say that the user was present");
        }
        Optional<ObjectNode> clientData = Json.object(decoded(stamp.get(), "clientDataJson"));
        if (clientData.isEmpty() || !isText(clientData.get(), "type", "webauthn.get")) {
            throw malformed(StampHeader.WEBAUTHN, "clientDataJson must be of type webauthn.get");
        }
        if (!isText(clientData.get(), "challenge", challenge(body))) {
            throw malformed(
                    StampHeader.WEBAUTHN,
                    "the challenge must be the hex text of SHA-256 over the very bytes of the body");
        }
    }

    private static String challenge(byte[] body) {
        String hex = Fingerprint.of(body).substring("sha256:".length());
        return encoded(hex.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isText(JsonNode object, String member, String expected) {
        return expected.equals(object.path(member).textValue());
    }

    /** Empty unless it is there in the one spelling of base64url without padding. */
    private static byte[] decoded(ObjectNode object, String member) {
        String text = Optional.ofNullable(object.path(member).textValue()).orElse("");
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return encoded(bytes).equals(text) ? bytes : new byte[0];
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static RefusedAtTheDoor malformed(String header, String rule) {
        return new RefusedAtTheDoor(Problem.ofHeader(ProblemType.MALFORMED_STAMP, header, rule));
    }
}
