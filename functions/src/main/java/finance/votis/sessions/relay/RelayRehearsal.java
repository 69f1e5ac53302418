package finance.votis.sessions.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.http.ClaimNames;
import finance.votis.sessions.http.RehearsedCall;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.turnkey.StampHeader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What a device might send, for a rehearsal. */
final class RelayRehearsal {

    /** What {@link #BODY} needs, whatever an operator allows. */
    static final Map<String, String> OVERRIDES = Map.of(
            "RELAY_ACTIVITIES", "create_read_write_session",
            "EXPIRATION_SECONDS_MIN", "1",
            "EXPIRATION_SECONDS_MAX", "900");

    private static final String BODY = "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\",\"timestampMs\":\""
            + Rehearsal.EPOCH_SECOND + "000\",\"organizationId\":\"" + RehearsedCall.ORGANIZATION
            + "\",\"parameters\":{\"targetPublicKey\":\"" + RehearsedCall.TARGET_PUBLIC_KEY + "\",\"userId\":\""
            + RehearsedCall.USER
            + "\",\"apiKeyName\":\"Phone\",\"expirationSeconds\":\"900\",\"invalidateExisting\":false}}";

    /** Of {@link #BODY}, by Turnkey's own published test key. */
    private static final String STAMP =
            "eyJwdWJsaWNLZXkiOiIwMmY3MzlmOGM3N2IzMmY0ZDVmMTMyNjU4NjFmZWJkNzZlN2E5YzYxYTExNDBkMjk2YjhjMTYzMDI1MDg4NzAzMTYiLCJzY2hlbWUiOiJTSUdOQVRVUkVfU0NIRU1FX1RLX0FQSV9QMjU2Iiwic2lnbmF0dXJlIjoiMzA0NDAyMjAyNzU2YjA1YzIxMWZiNGUyMmMyMTBhMDI0MjNkNjU1YjhlZDk3NDMwYmI4Y2UyY2U3NDkyM2ZiZDYzMGM5NDQyMDIyMDA0MDdmMGRkZmZhN2IzMWI4ZTZhMmMxMDNmY2RiOWJlOWZiZDE5NDFhNDNiM2VhNWU2M2FkYTZhYTVlMGNiMmUifQ";

    private RelayRehearsal() {}

    /** Stamped once by a key and once by a passkey. */
    static List<ObjectNode> events(ClaimNames names) {
        return List.of(
                call(names).withHeader(StampHeader.API_KEY, STAMP).event(),
                call(names).withHeader(StampHeader.WEBAUTHN, passkeyStamp()).event());
    }

    private static RehearsedCall call(ClaimNames names) {
        return new RehearsedCall("POST /v1/relay/submit/{activity}", names)
                .withPathParameter("activity", "create_read_write_session")
                .withBody(BODY);
    }

    /** W3C WebAuthn Level 3, section 6.1: a hash, the flag of a user who is present, a counter. Its signature is Turnkey's to verify. */
    private static String passkeyStamp() {
        byte[] authenticatorData = new byte[37];
        authenticatorData[32] = 1;
        String challenge = Fingerprint.of(BODY.getBytes(StandardCharsets.UTF_8)).substring("sha256:".length());
        return Json.text(Json.newObject()
                .put("authenticatorData", base64Url(authenticatorData))
                .put(
                        "clientDataJson",
                        base64Url(Json.bytes(Json.newObject()
                                .put("type", "webauthn.get")
                                .put("challenge", base64Url(challenge.getBytes(StandardCharsets.US_ASCII)))
                                .put("origin", "https://localhost"))))
                .put("credentialId", base64Url(new byte[16]))
                .put("signature", base64Url(new byte[70])));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
