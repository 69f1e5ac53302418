package finance.votis.sessions.client;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.http.JsonBody;
import finance.votis.sessions.http.RefusedAtTheDoor;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a phone asks for, checked.
 *
 * @param namesItsLifetime false if the expiration is the setting's
 */
record ClientSessionRequest(
        P256PublicKey targetPublicKey,
        String apiKeyName,
        Duration expiration,
        boolean namesItsLifetime,
        boolean invalidateExisting) {

    static final String LIFETIME = "expirationSeconds";

    static final Set<String> FIELDS =
            Set.of("targetPublicKey", "organizationId", "userId", "apiKeyName", LIFETIME, "invalidateExisting");

    private static final String DEFAULT_NAME = "Client session";
    private static final int LONGEST_NAME = 255;

    static ClientSessionRequest read(JsonBody body, ClientSettings.Lifetimes lifetimes) throws RefusedAtTheDoor {
        OptionalLong lifetime = body.wholeNumber(
                LIFETIME, lifetimes.least().toSeconds(), lifetimes.most().toSeconds());
        return new ClientSessionRequest(
                targetPublicKey(body.text("targetPublicKey")),
                apiKeyName(body.text("apiKeyName")),
                Duration.ofSeconds(lifetime.orElse(lifetimes.standard().toSeconds())),
                lifetime.isPresent(),
                body.flag("invalidateExisting").orElse(false));
    }

    private static P256PublicKey targetPublicKey(Optional<String> hex) throws RefusedAtTheDoor {
        try {
            return P256PublicKey.fromUncompressedHex(hex.orElse(""));
        } catch (CryptoException.MalformedKey e) {
            throw JsonBody.invalid(
                    "targetPublicKey", "must be 130 hex characters, an uncompressed point 04‖X‖Y on the curve P-256");
        }
    }

    private static String apiKeyName(Optional<String> name) throws RefusedAtTheDoor {
        if (name.isEmpty()) {
            return DEFAULT_NAME;
        }
        int length = name.get().codePointCount(0, name.get().length());
        if (length < 1
                || length > LONGEST_NAME
                || !name.get().codePoints().allMatch(ClientSessionRequest::isPrintable)) {
            throw JsonBody.invalid("apiKeyName", "must be 1 to " + LONGEST_NAME + " printable characters");
        }
        return name.get();
    }

    /** A name is shown to people: nothing that is invisible or changes the direction of writing, and no new line. */
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
