package finance.votis.sessions.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.aws.RehearsedAws;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.Counterpart;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.RehearsedTurnkey;
import finance.votis.sessions.turnkey.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** For a rehearsal: a server session that is there and good for long, with a key that was made for it. */
final class ServerRehearsal {

    private static final Instant CREATED = Instant.ofEpochSecond(Rehearsal.EPOCH_SECOND);
    private static final Duration LIFE = Duration.ofDays(10_000);

    private ServerRehearsal() {}

    static List<ObjectNode> events(String session) {
        return List.of(Json.newObject().put("session", session));
    }

    static List<Counterpart> counterparts(Platform platform, OrganizationId organization, String sessionSecret) {
        try (P256PrivateKey key = P256PrivateKey.generate(platform.random().get());
                var credential = new SessionCredential(
                        key,
                        new SessionCredential.Details(
                                new ApiKeyId(RehearsedTurnkey.API_KEY),
                                organization,
                                new UserId(RehearsedTurnkey.STAMPING_USER),
                                "",
                                CREATED,
                                CREATED.plus(LIFE)));
                SecretBytes packed = credential.pack()) {
            String session = new SessionState.Credential(key.publicKey(), SessionState.Wrapped.of(new byte[1])).text();
            return new RehearsedTurnkey(key.publicKey().compressedHex())
                    .beside(RehearsedAws.with(platform, sessionSecret, session, packed.dangerouslyCopy()));
        }
    }
}
