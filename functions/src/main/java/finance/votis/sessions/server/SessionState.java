package finance.votis.sessions.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runtime.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What one version of a session's secret says in clear:
 *
 * <pre>{@code
 * {"state":"none"}
 * {"state":"attempt","publicKey":"<66 hex, the target key>","wrapped":"<base64>"}
 * {"state":"credential","publicKey":"<66 hex, the session key>","wrapped":"<base64>"}
 * }</pre>
 *
 * <p>{@code wrapped} is KMS's ciphertext under the encryption context {@code app, purpose, organization, session, publicKey}, where purpose is
 * the state. Its plaintext is a private key, 32 bytes big-endian, and after it the rest: of an attempt the exact bytes of the request, of a
 * credential a JSON object ({@link SessionCredential}). That the request is wrapped too keeps whoever can only write the secret from
 * having bytes of his own stamped.
 */
sealed interface SessionState {

    /** There is no session yet: the version that the stack makes. */
    record None() implements SessionState {}

    /** A session that was asked for, or was about to be. */
    record Attempt(P256PublicKey targetPublicKey, Wrapped wrapped) implements SessionState {}

    /** A session. */
    record Credential(P256PublicKey publicKey, Wrapped wrapped) implements SessionState {}

    /** A ciphertext of KMS in base64. */
    record Wrapped(String base64) {

        static Wrapped of(byte[] ciphertext) {
            return new Wrapped(Base64.getEncoder().encodeToString(ciphertext));
        }

        /**
         * What KMS gave.
         *
         * @throws IllegalArgumentException if it is not base64
         */
        byte[] ciphertext() {
            return Base64.getDecoder().decode(base64);
        }
    }

    /** Nothing if the text is none of ours. */
    static Optional<SessionState> read(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8)).flatMap(SessionState::read);
    }

    private static Optional<SessionState> read(ObjectNode json) {
        return switch (text(json, "state")) {
            case "none" -> Optional.of(new None());
            case "attempt" -> publicKey(json).flatMap(key -> wrapped(json).map(wrapped -> new Attempt(key, wrapped)));
            case "credential" ->
                publicKey(json).flatMap(key -> wrapped(json).map(wrapped -> new Credential(key, wrapped)));
            default -> Optional.empty();
        };
    }

    /** As it is stored. */
    default String text() {
        return switch (this) {
            case None none -> Json.text(Json.newObject().put("state", "none"));
            case Attempt(var key, var wrapped) -> text("attempt", key, wrapped);
            case Credential(var key, var wrapped) -> text("credential", key, wrapped);
        };
    }

    private static String text(String state, P256PublicKey publicKey, Wrapped wrapped) {
        return Json.text(Json.newObject()
                .put("state", state)
                .put("publicKey", publicKey.compressedHex())
                .put("wrapped", wrapped.base64()));
    }

    private static Optional<P256PublicKey> publicKey(ObjectNode json) {
        try {
            return Optional.of(P256PublicKey.fromCompressedHex(text(json, "publicKey")));
        } catch (CryptoException.MalformedKey e) {
            return Optional.empty();
        }
    }

    private static Optional<Wrapped> wrapped(ObjectNode json) {
        Wrapped wrapped = new Wrapped(text(json, "wrapped"));
        try {
            return wrapped.ciphertext().length == 0 ? Optional.empty() : Optional.of(wrapped);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(ObjectNode json, String member) {
        JsonNode node = json.get(member);
        return node != null && node.isTextual() ? node.textValue() : "";
    }
}
