package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.crypto.P256PublicKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Check 51: a login registers the key that the client made and answers a token. */
class StampLoginTest {
    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    private Phone.Answer login(KeyPair stamping, KeyPair login, String members) throws Exception {
        return scene.submit(
                ActivityType.STAMP_LOGIN,
                stamping,
                ada.organizationId(),
                "{\"publicKey\":\"" + login.publicKey().compressedHex() + "\"" + members + "}");
    }

    private static String token(Phone.Answer answer) {
        return answer.result().path("session").asText();
    }

    @Test
    void theKeyOfALoginStampsForItsUserUntilItEnds() throws Exception {
        KeyPair key = KeyPair.generate(scene.random);
        assertThat(token(login(ada.userKey(), key, ",\"expirationSeconds\":\"60\"")))
                .isNotEmpty();

        assertThat(scene.whoami(key, ada.organizationId()).body().path("userId").asText())
                .isEqualTo(ada.userId());
        assertThat(scene.world.apiKeys(ada.userId()).getLast().type()).isEqualTo("CREDENTIAL_TYPE_LOGIN");
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.whoami(key, ada.organizationId()).code()).isEqualTo("API_KEY_EXPIRED");
    }

    @Test
    void theTokenSaysWhoseKeyItIs() throws Exception {
        KeyPair key = KeyPair.generate(scene.random);
        List<String> parts = List.of(token(login(ada.userKey(), key, "")).split("\\.", -1));

        assertThat(parts).hasSize(3);
        assertThat(new String(BASE64URL.decode(parts.get(0)), StandardCharsets.UTF_8))
                .isEqualTo("{\"alg\":\"ES256\",\"typ\":\"JWT\"}");
        JsonNode claims = new ObjectMapper().readTree(BASE64URL.decode(parts.get(1)));
        assertThat(claims)
                .hasToString(
                        "{\"exp\":%d,\"public_key\":\"%s\",\"session_type\":\"SESSION_TYPE_READ_WRITE\",\"user_id\":\"%s\",\"organization_id\":\"%s\"}"
                                .formatted(
                                        scene.now().getEpochSecond() + 900,
                                        key.publicKey().compressedHex(),
                                        ada.userId(),
                                        ada.organizationId()));
    }

    @Test
    void theTokenIsHashedTwice() throws Exception {
        String token = token(login(ada.userKey(), KeyPair.generate(scene.random), ""));
        int end = token.lastIndexOf('.');
        byte[] input = token.substring(0, end).getBytes(StandardCharsets.US_ASCII);
        byte[] signature = BASE64URL.decode(token.substring(end + 1));

        assertThat(signature).hasSize(64);
        assertThat(verifies(MessageDigest.getInstance("SHA-256").digest(input), signature))
                .isTrue();
        assertThat(verifies(input, signature)).as("as a JWT library would").isFalse();
    }

    private boolean verifies(byte[] message, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(jdkKey(scene.turnkey.notarizerKey()));
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static PublicKey jdkKey(P256PublicKey key) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        byte[] point = key.uncompressed();
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(
                                new BigInteger(1, Arrays.copyOfRange(point, 1, 33)),
                                new BigInteger(1, Arrays.copyOfRange(point, 33, 65))),
                        parameters.getParameterSpec(ECParameterSpec.class)));
    }

    @Test
    void shortIntegersOfASignatureArePadded() {
        byte[] der = {0x30, 0x08, 0x02, 0x01, 0x05, 0x02, 0x03, 0x00, (byte) 0x80, 0x01};
        byte[] expected = new byte[64];
        expected[31] = 5;
        expected[62] = (byte) 0x80;
        expected[63] = 1;
        assertThat(Notarizer.p1363(der)).isEqualTo(expected);
    }

    @Test
    void aLoginKeyStampsTheNextLoginAndCanEndTheOthers() throws Exception {
        KeyPair first = KeyPair.generate(scene.random);
        KeyPair second = KeyPair.generate(scene.random);
        login(ada.userKey(), first, "").result();
        scene.openedSession(ada.userKey(), ada.organizationId(), "").close();
        login(first, second, ",\"invalidateExisting\":true").result();

        assertThat(scene.whoami(first, ada.organizationId()).code()).isEqualTo("PUBLIC_KEY_NOT_FOUND");
        assertThat(scene.whoami(second, ada.organizationId()).status()).isEqualTo(200);
        assertThat(scene.world.apiKeys(ada.userId()).stream().map(ApiKey::type))
                .containsExactly(ApiKey.API_KEY, ApiKey.SESSION_KEY, ApiKey.LOGIN);
    }

    @Test
    void aKeyIsRegisteredOnce() throws Exception {
        assertThat(login(ada.userKey(), scene.demo.delegateKey(), "").refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"publicKey\":\"<TARGET>\"}",
                "{\"publicKey\":\"<KEY>\",\"expirationSeconds\":60}",
                "{\"publicKey\":\"<KEY>\",\"sessionProfileId\":\"5f5ddbd0-0000-4000-8000-000000000000\"}"
            })
    void aLoginHasItsForm(String parameters) throws Exception {
        String filled = parameters
                .replace("<TARGET>", scene.aTarget())
                .replace("<KEY>", KeyPair.generate(scene.random).publicKey().compressedHex());
        assertThat(scene.submit(ActivityType.STAMP_LOGIN, ada.userKey(), ada.organizationId(), filled)
                        .refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
    }
}
