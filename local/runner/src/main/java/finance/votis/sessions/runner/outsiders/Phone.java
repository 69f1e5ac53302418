package finance.votis.sessions.runner.outsiders;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.standins.passkey.SoftwarePasskey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A phone: the API's address, an access token, the paths of the contract, and keys that it never gives away. */
public final class Phone {
    private static final String READ_WRITE = ApiRequest.READ_WRITE;
    private static final String READ_ONLY = ApiRequest.READ_ONLY;
    private static final String RELAY = ApiRequest.RELAY;

    private final Wire wire;
    private final URI api;
    private final String accessToken;
    private final SecretSink secrets;

    public Phone(Wire wire, URI api, String accessToken, SecretSink secrets) {
        this.wire = wire;
        this.api = api;
        this.accessToken = accessToken;
        this.secrets = secrets;
    }

    public TargetKeyPair makeKeyPair(SecureRandom random) {
        TargetKeyPair pair = TargetKeyPair.generate(random);
        try (SecretBytes scalar = pair.dangerouslyCopyScalar()) {
            secrets.secret("the phone's target key", scalar.dangerouslyCopy());
        }
        return pair;
    }

    public Wire.Answer askForSession(P256PublicKey target) throws DidNotHold {
        return post(READ_WRITE, "{\"targetPublicKey\":\"" + target.uncompressedHex() + "\"}");
    }

    public Wire.Answer askForSessionIn(String organizationId, P256PublicKey target) throws DidNotHold {
        return post(
                READ_WRITE,
                "{\"targetPublicKey\":\"" + target.uncompressedHex() + "\",\"organizationId\":\"" + organizationId
                        + "\"}");
    }

    public Wire.Answer askForSessionWithMalformedKey() throws DidNotHold {
        return post(READ_WRITE, "{\"targetPublicKey\":\"04" + "0".repeat(128) + "\"}");
    }

    public Wire.Answer askForSessionWithoutToken(P256PublicKey target) throws DidNotHold {
        byte[] body = ("{\"targetPublicKey\":\"" + target.uncompressedHex() + "\"}").getBytes(StandardCharsets.UTF_8);
        return wire.post(api.resolve(READ_WRITE), Map.of(), body);
    }

    /**
     * Any request of the contract; again, it is the very same.
     *
     * @throws NoAnswer if there was none
     */
    public Wire.Answer send(ApiRequest request) throws DidNotHold {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put("Authorization", "Bearer " + accessToken);
        return wire.send(
                request.method(),
                api.resolve(request.path()),
                headers,
                request.body().getBytes(StandardCharsets.UTF_8));
    }

    public Wire.Answer askForReadOnlySession() throws DidNotHold {
        return post(READ_ONLY, "");
    }

    /** Turnkey's own request for a session of 15 minutes, to be stamped as it is. */
    public static byte[] turnkeysRequest(
            String organizationId, String userId, P256PublicKey target, InstantSource clock) {
        return ("{\"type\":\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\",\"timestampMs\":\"" + clock.millis()
                        + "\",\"organizationId\":\"" + organizationId + "\",\"parameters\":{\"targetPublicKey\":\""
                        + target.uncompressedHex() + "\",\"userId\":\"" + userId
                        + "\",\"apiKeyName\":\"Ada's phone\",\"expirationSeconds\":\"900\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Stamped by a passkey. */
    public Wire.Answer relay(byte[] request, SoftwarePasskey passkey, String origin) throws DidNotHold {
        return relay(request, "X-Stamp-WebAuthn", passkey.stamp(request, origin));
    }

    /** Stamped by a session that the phone has. */
    public Wire.Answer relay(byte[] request, LocalStamper session) throws DidNotHold {
        return relay(request, "X-Stamp", session.stamp(request).headerValue());
    }

    private Wire.Answer relay(byte[] request, String header, String stamp) throws DidNotHold {
        secrets.secret("the phone's stamp", stamp.getBytes(StandardCharsets.UTF_8));
        return wire.post(api.resolve(RELAY), Map.of("Authorization", "Bearer " + accessToken, header, stamp), request);
    }

    /** Spends the pair. */
    public LocalStamper open(String bundle, TargetKeyPair pair) throws DidNotHold {
        secrets.secret("the phone's bundle", bundle.getBytes(StandardCharsets.UTF_8));
        try {
            P256PrivateKey sessionKey = pair.open(CredentialBundle.parse(bundle));
            try (SecretBytes scalar = sessionKey.dangerouslyCopyScalar()) {
                secrets.secret("the phone's session key", scalar.dangerouslyCopy());
            }
            return new LocalStamper(sessionKey);
        } catch (CryptoException e) {
            throw new DidNotHold("the bundle cannot be opened: " + e.getMessage());
        }
    }

    private Wire.Answer post(String path, String body) throws DidNotHold {
        return wire.post(
                api.resolve(path),
                Map.of("Authorization", "Bearer " + accessToken),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
