package finance.votis.sessions.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.aws.RehearsedAws;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runtime.Counterpart;
import finance.votis.sessions.runtime.ExplainedException;
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

/** For rehearsals: a server session that is good for long, with a key that was made for it. */
final class ServerRehearsal {

    private static final Instant CREATED = Instant.ofEpochSecond(Rehearsal.EPOCH_SECOND);
    private static final Duration LIFE = Duration.ofDays(10_000);

    private ServerRehearsal() {}

    static ObjectNode event(String session) {
        return Json.newObject().put("session", session);
    }

    /** There is a session, to be used. */
    static List<Counterpart> withSession(Platform platform, OrganizationId organization, String sessionSecret) {
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
            // KMS wraps nothing in a rehearsal.
            SessionState state =
                    new SessionState.Credential(key.publicKey(), SessionState.Wrapped.of(packed.dangerouslyCopy()));
            return new RehearsedTurnkey(key.publicKey().compressedHex())
                    .beside(RehearsedAws.with(platform, sessionSecret, state.text()));
        }
    }

    /** There is none, so that of two runs the first makes one and the second finds it. */
    static List<Counterpart> withoutSession(Platform platform, String sessionSecret) {
        // Turnkey's, for as long as the rehearsal lasts.
        P256PrivateKey key = P256PrivateKey.generate(platform.random().get());
        return new RehearsedTurnkey(key.publicKey().compressedHex(), target -> {
                    try {
                        return CredentialBundle.seal(
                                        key,
                                        P256PublicKey.fromUncompressedHex(target),
                                        platform.random().get())
                                .text();
                    } catch (CryptoException.MalformedKey e) {
                        throw new ExplainedException("a rehearsal sends Turnkey a target key that is none");
                    }
                })
                .beside(RehearsedAws.with(platform, sessionSecret, new SessionState.None().text()));
    }
}
