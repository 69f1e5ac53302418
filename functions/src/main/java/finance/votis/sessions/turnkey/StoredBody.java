package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runtime.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the bytes of a request for a read-write session say, without a check of what we do not use. */
record StoredBody(Instant timestamp, ReadWriteSession.Parameters parameters) {

    static Optional<StoredBody> read(byte[] body) {
        return Json.object(body).flatMap(StoredBody::read);
    }

    private static Optional<StoredBody> read(ObjectNode json) {
        JsonNode parameters = json.path("parameters");
        try {
            return Optional.of(new StoredBody(
                    Instant.ofEpochMilli(Members.required(json, "timestampMs", Members::wholeNumber)),
                    new ReadWriteSession.Parameters(
                            P256PublicKey.fromUncompressedHex(
                                    Members.required(parameters, "targetPublicKey", Optional::of)),
                            Members.text(parameters, "userId").flatMap(UserId::parse),
                            Members.required(parameters, "apiKeyName", Optional::of),
                            Duration.ofSeconds(Members.required(parameters, "expirationSeconds", Members::wholeNumber)),
                            parameters.path("invalidateExisting").asBoolean())));
        } catch (MalformedAnswer | CryptoException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
