package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.standins.passkey.SoftwarePasskey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Check 35: who has a passkey is known by it, and by nothing that is not exactly its assertion of these bytes. */
class PasskeyStampsTest {
    private static final String NOT_ITS = "401 SIGNATURE_INVALID: could not verify WebAuthN signature";
    private static final String UNKNOWN = "401 CREDENTIAL_NOT_FOUND: credential ID could not be found in organization"
            + " or its parent organization";

    private static final int PRESENT = SoftwarePasskey.USER_PRESENT;

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    // ---- Who it is

    /** Made once by @turnkey/webauthn-stamper 0.6.0, over an authenticator of Node's own cryptography. */
    @Test
    void aStampOfTurnkeysOwnStamperIsTaken() throws Exception {
        String organizationId = "7ff189fb-df7d-452e-8540-57632e380b77";
        String userId = scene.world.newId();
        scene.world.addOrganization(organizationId, "Vectors");
        scene.world.addUser(organizationId, userId, "Official");
        scene.world.addAuthenticator(
                userId,
                "official",
                Base64.getUrlDecoder().decode("vja1hi_RCbBjwqEZ1B5Vgr8BsJw"),
                P256PublicKey.fromUncompressedHex(
                        "04c95c30bb4062ae8ce5e6c4449dcea225b77d90750c5859229b44293d8ff5f30c8093b8e1a300d82bef86003a7325e80e9e039708a1e37e792b3cf980545a01a4"),
                "wallet.example.com");
        scene.world.setWebAuthnOrigins(organizationId, Set.of("https://wallet.example.com"));
        String stamp = """
                {"authenticatorData":"7KGrVqR7FjESIOTYbmA0i0kvfLRolSkOF25wNZdC5BwFAAAABw",\
                "clientDataJson":"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWldFeU9EaG1aREE1TURrM05tVTBZemxpTURFellUUTROR0ZoTXpGa1l6ZzVNVGd6WXpFME1UaGpaRFUyWmpNM016VmlNemhoWXprMFpEYzFaRGcyWVEiLCJvcmlnaW4iOiJodHRwczovL3dhbGxldC5leGFtcGxlLmNvbSIsImNyb3NzT3JpZ2luIjpmYWxzZX0",\
                "credentialId":"vja1hi_RCbBjwqEZ1B5Vgr8BsJw",\
                "signature":"MEUCIB88P37kUR82rQ0aenXDqvXzKWNYkNkSN5kWjlNaY-BsAiEApa-Roj4UGyIpF8TkQE2SpDZqbns2sgbt4cr2LxwsYbY"}""";

        Phone.Answer answer =
                scene.phone.send(Endpoint.WHOAMI, Bodies.query(organizationId), "X-Stamp-Webauthn", stamp);

        assertThat(answer.body().path("userId").asText()).as(answer.refusal()).isEqualTo(userId);
    }

    @Test
    void aPasskeysSessionIsItsUsersAndTheVoteTellsTheKindOfStamp() throws Exception {
        Phone.Answer answer = makeSession(body -> ada.passkey().stamp(body, DemoWorld.ORIGIN));

        assertThat(answer.refusal()).isEqualTo("200: ");
        assertThat(answer.result().path("userId").asText()).isEqualTo(ada.userId());
        JsonNode vote = answer.activity().path("votes").path(0);
        assertThat(vote.path("userId").asText()).isEqualTo(ada.userId());
        assertThat(vote.path("scheme").asText()).isEqualTo("SIGNATURE_SCHEME_TK_WEBAUTHN");
        assertThat(vote.path("publicKey")).isEqualTo(vote.at("/user/authenticators/0/credential/publicKey"));
    }

    @Test
    void itIsListedWithItsUserAsInTheCaptures() throws Exception {
        String body = Bodies.query(ada.organizationId(), ",\"userId\":\"" + ada.userId() + "\"");

        JsonNode listed =
                scene.phone.post(Endpoint.GET_USER, ada.userKey(), body).body().at("/user/authenticators/0");

        assertThat(listed.path("credentialId").asText())
                .isEqualTo(Assertion.base64(ada.passkey().credentialId()));
        // The head of every captured one: a COSE key of ES256 on P-256.
        assertThat(listed.at("/credential/publicKey").asText()).startsWith("pQECAyYgASFYI");
        assertThat(listed.at("/credential/type").asText()).isEqualTo("CREDENTIAL_TYPE_WEBAUTHN_AUTHENTICATOR");
        assertThat(listed.path("authenticatorId").asText()).matches(Fields::isUuid);
    }

    @Test
    void aQueryIsAnsweredInItsOrganisationAndThroughTheParent() throws Exception {
        for (String organizationId : Set.of(ada.organizationId(), scene.demo.parentId())) {
            assertThat(whoami(organizationId, ada.passkey())
                            .body()
                            .path("userId")
                            .asText())
                    .isEqualTo(ada.userId());
        }
        String elsewhere = scene.demo.second().organizationId();
        assertThat(whoami(elsewhere, ada.passkey()).refusal()).isEqualTo(UNKNOWN);
    }

    @Test
    void aCredentialThatNobodyRegisteredIsNotFound() throws Exception {
        SoftwarePasskey stranger = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);

        assertThat(makeSession(body -> stranger.stamp(body, DemoWorld.ORIGIN)).refusal())
                .isEqualTo(UNKNOWN);
    }

    @Test
    void aPasskeyOfTheParentReadsTheSubOrganisationAndDoesNothingThere() throws Exception { // checks 29 and 30
        SoftwarePasskey root = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);
        register(scene.demo.rootUserId(), root, root.rpId());

        assertThat(whoami(ada.organizationId(), root).status()).isEqualTo(200);
        assertThat(makeSession(body -> root.stamp(body, DemoWorld.ORIGIN)).code())
                .isEqualTo("ORGANIZATION_MISMATCH");
    }

    @Test
    void aCredentialInTwoSubOrganisationsIsAConflictForAWhoamiOfTheParent() throws Exception { // check 31
        register(scene.demo.second().userId(), ada.passkey(), ada.passkey().rpId());

        assertThat(whoami(scene.demo.parentId(), ada.passkey()).refusal())
                .isEqualTo("401 CREDENTIAL_CONFLICT: more than one suborg associated with a credential ID");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> register(
                        ada.delegateUserId(), ada.passkey(), ada.passkey().rpId()));
    }

    @Test
    void aPolicyTellsAPasskeyFromAKey() throws Exception { // check 38
        String other = scene.world.newId();
        scene.world.addUser(ada.organizationId(), other, "Other");
        KeyPair key = KeyPair.generate(scene.random);
        scene.world.addApiKey(other, "key", key.publicKey());
        SoftwarePasskey passkey = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);
        register(other, passkey, passkey.rpId());
        scene.world.addPolicy(ada.organizationId(), """
                {"policyName":"passkeys make sessions","effect":"EFFECT_ALLOW",
                "consensus":"credentials.any(c, c.type == 'CREDENTIAL_TYPE_WEBAUTHN_AUTHENTICATOR')",
                "condition":"activity.type == 'ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2'"}""");

        assertThat(scene.session(key, ada.organizationId(), forAda()).code()).isEqualTo("REQUEST_NOT_AUTHORIZED");
        assertThat(makeSession(body -> passkey.stamp(body, DemoWorld.ORIGIN)).status())
                .isEqualTo(200);
    }

    // ---- What it signed

    static Stream<Arguments> assertionsThatAreNotOfThisCeremony() {
        return Stream.of(
                notOf(
                        "another body",
                        (passkey, body) ->
                                passkey.stamp((text(body) + " ").getBytes(StandardCharsets.UTF_8), DemoWorld.ORIGIN)),
                notOf(
                        "the hash itself",
                        (passkey, body) -> passkey.assertion(
                                clientData("webauthn.get", new byte[32], DemoWorld.ORIGIN), PRESENT, 0)),
                notOf(
                        "a registration",
                        (passkey, body) -> passkey.assertion(
                                clientData("webauthn.create", SoftwarePasskey.challenge(body), DemoWorld.ORIGIN),
                                PRESENT,
                                0)),
                notOf("another origin", (passkey, body) -> passkey.stamp(body, "https://wallet.example.org")),
                notOf("its own port", (passkey, body) -> passkey.stamp(body, DemoWorld.ORIGIN + ":8443")),
                notOf(
                        "a frame in another page",
                        (passkey, body) -> passkey.assertion(
                                clientData("webauthn.get", SoftwarePasskey.challenge(body), DemoWorld.ORIGIN)
                                        .replace("false", "true"),
                                PRESENT,
                                0)),
                notOf(
                        "nobody present",
                        (passkey, body) -> passkey.assertion(
                                clientData("webauthn.get", SoftwarePasskey.challenge(body), DemoWorld.ORIGIN), 0, 0)),
                notOf("no client data", (passkey, body) -> passkey.assertion("{}", PRESENT, 0)));
    }

    private static Arguments notOf(String what, BiFunction<SoftwarePasskey, byte[], String> stamp) {
        return Arguments.of(what, stamp);
    }

    private static String clientData(String type, byte[] challenge, String origin) {
        return SoftwarePasskey.clientData(type, challenge, origin);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("assertionsThatAreNotOfThisCeremony")
    void whatWasNotSignedForTheseBytesHereIsRefused(String what, BiFunction<SoftwarePasskey, byte[], String> stamp)
            throws Exception {
        assertThat(makeSession(body -> stamp.apply(ada.passkey(), body)).refusal())
                .as(what)
                .isEqualTo(NOT_ITS);
        assertThat(sessions()).isZero();
    }

    @Test
    void aPasskeyForAnotherHostOrOfAnotherKeyIsRefused() throws Exception {
        SoftwarePasskey passkey = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);
        register(ada.userId(), passkey, "example.com");
        SoftwarePasskey swapped = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);
        scene.world.addAuthenticator(
                ada.userId(), "swapped", swapped.credentialId(), ada.passkey().publicKey(), swapped.rpId());

        assertThat(makeSession(body -> passkey.stamp(body, DemoWorld.ORIGIN)).refusal())
                .isEqualTo(NOT_ITS);
        assertThat(makeSession(body -> swapped.stamp(body, DemoWorld.ORIGIN)).refusal())
                .isEqualTo(NOT_ITS);
    }

    /** Turnkey's own stamper asks for no more. */
    @Test
    void aUserWhoIsPresentAndNotVerifiedWillDo() throws Exception {
        assertThat(makeSession(body -> counted(ada.passkey(), body, 0)).status())
                .isEqualTo(200);
    }

    @Test
    void whereNoOriginIsSetAnyWillDo() throws Exception {
        scene.world.setWebAuthnOrigins(scene.demo.parentId(), Set.of());

        assertThat(makeSession(body -> ada.passkey().stamp(body, "android:apk-key-hash:abc"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anAuthenticatorThatCountsMustCountOn() throws Exception {
        SoftwarePasskey securityKey = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);
        register(ada.userId(), securityKey, securityKey.rpId());

        assertThat(makeSession(body -> counted(securityKey, body, 5)).status()).isEqualTo(200);
        for (int counter : new int[] {5, 4, 0}) {
            assertThat(makeSession(body -> counted(securityKey, body, counter)).refusal())
                    .isEqualTo(NOT_ITS);
        }
        assertThat(makeSession(body -> counted(securityKey, body, 6)).status()).isEqualTo(200);
    }

    @Test
    void whatIsRefusedDoesNotMoveTheCounter() throws Exception {
        SoftwarePasskey securityKey = SoftwarePasskey.create(ada.passkey().rpId(), scene.random);
        register(ada.userId(), securityKey, securityKey.rpId());

        assertThat(makeSession(body -> counted(securityKey, new byte[1], 9)).refusal())
                .isEqualTo(NOT_ITS);
        assertThat(makeSession(body -> counted(securityKey, body, 1)).status()).isEqualTo(200);
    }

    private static String counted(SoftwarePasskey passkey, byte[] body, int counter) {
        return passkey.assertion(
                clientData("webauthn.get", SoftwarePasskey.challenge(body), DemoWorld.ORIGIN), PRESENT, counter);
    }

    // ---- Its form

    static Stream<BiFunction<String, String, String>> otherForms() {
        return Stream.of(
                (stamp, id) -> "not JSON",
                (stamp, id) -> "[]",
                (stamp, id) -> "{}",
                (stamp, id) -> stamp.replace("}", ",\"more\":\"AAAA\"}"),
                (stamp, id) -> stamp.replace("}", ",\"credentialId\":\"" + id + "\"}"),
                (stamp, id) -> stamp.replace("credentialId", "id"),
                (stamp, id) -> stamp.replace(id, id + "=="),
                (stamp, id) -> stamp.replace(id, "*"),
                (stamp, id) -> stamp.replace(id, ""),
                (stamp, id) -> stamp.replace("\"" + id + "\"", "1"),
                (stamp, id) -> Assertion.base64(stamp.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("otherForms")
    void aStampInAnotherFormIsNotExtracted(BiFunction<String, String, String> other) throws Exception {
        String id = Assertion.base64(ada.passkey().credentialId());

        assertThat(makeSession(body -> other.apply(ada.passkey().stamp(body, DemoWorld.ORIGIN), id))
                        .refusal())
                .isEqualTo("401: could not extract webauthn stamp");
    }

    /** Stamps a body. */
    private interface Stamping {
        String of(byte[] body);
    }

    private Phone.Answer makeSession(Stamping stamping) throws Exception {
        String body = scene.sessionBody(ada.organizationId(), forAda());
        return scene.phone.send(
                Endpoint.CREATE_READ_WRITE_SESSION,
                body,
                "X-Stamp-WebAuthn",
                stamping.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private String forAda() {
        return ",\"userId\":\"" + ada.userId() + "\"";
    }

    private Phone.Answer whoami(String organizationId, SoftwarePasskey passkey) throws Exception {
        String body = Bodies.query(organizationId);
        return scene.phone.send(
                Endpoint.WHOAMI,
                body,
                "X-Stamp-WebAuthn",
                passkey.stamp(body.getBytes(StandardCharsets.UTF_8), DemoWorld.ORIGIN));
    }

    private void register(String userId, SoftwarePasskey passkey, String rpId) {
        scene.world.addAuthenticator(userId, "another", passkey.credentialId(), passkey.publicKey(), rpId);
    }

    private long sessions() {
        return scene.world.activities(ada.organizationId(), ActivityType.CREATE_READ_WRITE_SESSION.wireName());
    }
}
