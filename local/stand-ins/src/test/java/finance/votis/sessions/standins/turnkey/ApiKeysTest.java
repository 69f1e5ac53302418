package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks 32, 33, 46 to 49, 52 and 53: the life of a key. */
class ApiKeysTest {
    private static final String EXPIRED = "401 API_KEY_EXPIRED: expired api key";
    private static final String GONE =
            "401 PUBLIC_KEY_NOT_FOUND: could not find public key in organization or its parent organization";

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    private String sessionKeyId(String members) throws Exception {
        return scene.session(ada.userKey(), ada.organizationId(), members)
                .result()
                .path("apiKeyId")
                .asText();
    }

    private List<String> names() {
        return scene.world.apiKeys(ada.userId()).stream().map(ApiKey::name).toList();
    }

    private Phone.Answer create(KeyPair key, String lifetime) throws Exception {
        return scene.submit(ActivityType.CREATE_API_KEYS, ada.userKey(), ada.organizationId(), """
                {"userId":"%s","apiKeys":[{"apiKeyName":"made","publicKey":"%s","curveType":"API_KEY_CURVE_P256"%s}]}""".formatted(
                        ada.userId(), key.publicKey().compressedHex(), lifetime));
    }

    private Phone.Answer delete(String... ids) throws Exception {
        return scene.submit(
                ActivityType.DELETE_API_KEYS,
                ada.userKey(),
                ada.organizationId(),
                "{\"userId\":\"" + ada.userId() + "\",\"apiKeyIds\":[\"" + String.join("\",\"", ids) + "\"]}");
    }

    @Test
    void aSessionKeyWorksUntilItsLifeIsOver() throws Exception { // checks 32 and 46
        try (LocalStamper session =
                scene.openedSession(ada.userKey(), ada.organizationId(), ",\"expirationSeconds\":\"60\"")) {
            long createdAt = scene.now().getEpochSecond();
            scene.advance(
                    Duration.ofMillis((createdAt + 60) * 1000 - scene.now().toEpochMilli() - 1));
            assertThat(scene.whoami(session, ada.organizationId()).status()).isEqualTo(200);
            scene.advance(Duration.ofMillis(1));
            assertThat(scene.whoami(session, ada.organizationId()).refusal()).isEqualTo(EXPIRED);
            assertThat(scene.phone
                            .post(
                                    Endpoint.CREATE_READ_ONLY_SESSION,
                                    session,
                                    scene.body(ActivityType.CREATE_READ_ONLY_SESSION, ada.organizationId(), "{}"))
                            .refusal())
                    .isEqualTo(EXPIRED);
        }
    }

    @Test
    void aSessionLivesFifteenMinutesAndHasANameUnlessToldOtherwise() throws Exception { // checks 46 and 47
        String id = sessionKeyId("");
        JsonNode key = scene.phone
                .post(
                        Endpoint.GET_API_KEY,
                        ada.userKey(),
                        Bodies.query(ada.organizationId(), ",\"apiKeyId\":\"" + id + "\""))
                .body()
                .path("apiKey");

        assertThat(key.path("apiKeyName").asText()).isEqualTo("Read Write Session - 2026-11-23T09:00:00Z");
        assertThat(key.path("expirationSeconds").asText()).isEqualTo("900");
        assertThat(key.path("credential").path("type").asText())
                .isEqualTo("CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256");
        assertThat(key.path("createdAt").path("seconds").asText())
                .isEqualTo(Long.toString(scene.now().getEpochSecond()));
    }

    @Test
    void theKeyInTheBundleIsTheOneThatIsListed() throws Exception {
        scene.turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.leadingZeroKey());
        TargetKeyPair target = TargetKeyPair.generate(scene.random);
        JsonNode result = scene.submit(
                        ActivityType.CREATE_READ_WRITE_SESSION,
                        ada.userKey(),
                        ada.organizationId(),
                        "{\"targetPublicKey\":\"" + target.publicKey().uncompressedHex() + "\"}")
                .result();
        try (P256PrivateKey opened = target.open(
                CredentialBundle.parse(result.path("credentialBundle").asText()))) {
            assertThat(scene.world.apiKeys(ada.userId()).getLast().publicKey()).isEqualTo(opened.publicKey());
            try (var scalar = opened.dangerouslyCopyScalar()) {
                assertThat(scalar.dangerouslyCopy()[0]).isZero();
            }
        }
    }

    @Test
    void theEleventhExpiringKeyPushesOutTheOldest() throws Exception { // check 48
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(sessionKeyId(",\"apiKeyName\":\"" + i + "\""));
            scene.advance(Duration.ofSeconds(1));
        }
        assertThat(names()).hasSize(11).contains("0");
        sessionKeyId(",\"apiKeyName\":\"10\"");
        assertThat(names()).containsExactly("laptop", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(delete(ids.getFirst()).refusal()).isEqualTo("404: api key not found");
    }

    @Test
    void expiredKeysArePushedOutFirst() throws Exception { // check 48
        try (LocalStamper oldest = scene.openedSession(ada.userKey(), ada.organizationId(), "")) {
            scene.advance(Duration.ofSeconds(1));
            for (int i = 0; i < 9; i++) {
                sessionKeyId(",\"apiKeyName\":\"short " + i + "\",\"expirationSeconds\":\"" + (i < 2 ? 5 : 500) + "\"");
            }
            scene.advance(Duration.ofSeconds(5));
            assertThat(names()).as("expired keys are still listed").contains("short 0", "short 1");

            create(KeyPair.generate(scene.random), ",\"expirationSeconds\":\"60\"")
                    .result();

            assertThat(names()).hasSize(10).doesNotContain("short 0", "short 1");
            assertThat(scene.whoami(oldest, ada.organizationId()).status()).isEqualTo(200);
        }
    }

    @Test
    void anEvictedKeyIsUnknown() throws Exception { // check 33
        try (LocalStamper session = scene.openedSession(ada.userKey(), ada.organizationId(), "")) {
            scene.world.removeApiKey(scene.world.apiKeys(ada.userId()).getLast().id());
            assertThat(scene.whoami(session, ada.organizationId()).refusal()).isEqualTo(GONE);
        }
    }

    @Test
    void invalidateExistingEndsTheUsersOtherSessionsAndNothingElse() throws Exception { // check 49
        try (LocalStamper before = scene.openedSession(ada.userKey(), ada.organizationId(), "");
                LocalStamper delegates = scene.openedSession(scene.demo.delegateKey(), ada.organizationId(), "")) {
            create(KeyPair.generate(scene.random), ",\"expirationSeconds\":\"60\"")
                    .result();
            try (LocalStamper after =
                    scene.openedSession(ada.userKey(), ada.organizationId(), ",\"invalidateExisting\":true")) {
                assertThat(scene.whoami(before, ada.organizationId()).refusal()).isEqualTo(GONE);
                assertThat(scene.whoami(after, ada.organizationId()).status()).isEqualTo(200);
                assertThat(scene.whoami(delegates, ada.organizationId()).status())
                        .isEqualTo(200);
            }
        }
        assertThat(names()).hasSize(3).contains("laptop", "made");
    }

    @Test
    void aUserHasTenLongLivedKeysAtMost() throws Exception { // check 52
        for (int i = 1; i < 10; i++) {
            assertThat(create(KeyPair.generate(scene.random), "").result().path("apiKeyIds"))
                    .hasSize(1);
        }
        assertThat(create(KeyPair.generate(scene.random), "").refusal())
                .isEqualTo("429: user has exceeded maximum long-lived api keys");
        assertThat(create(KeyPair.generate(scene.random), ",\"expirationSeconds\":\"60\"")
                        .result()
                        .path("apiKeyIds"))
                .hasSize(1);
    }

    @Test
    void aCreatedKeyStampsForItsUser() throws Exception { // check 52
        KeyPair made = KeyPair.generate(scene.random);
        create(made, "").result();
        assertThat(scene.whoami(made, ada.organizationId())
                        .body()
                        .path("userId")
                        .asText())
                .isEqualTo(ada.userId());
        scene.advance(Duration.ofSeconds(1)); // else it is the same activity
        assertThat(create(made, "").refusal()).isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "[\"key\"]",
                "[{\"publicKey\":\"<KEY>\",\"curveType\":\"API_KEY_CURVE_P256\"}]",
                "[{\"apiKeyName\":\"\",\"publicKey\":\"<KEY>\",\"curveType\":\"API_KEY_CURVE_P256\"}]",
                "[{\"apiKeyName\":\"k\",\"publicKey\":\"<KEY>\"}]",
                "[{\"apiKeyName\":\"k\",\"publicKey\":\"<KEY>\",\"curveType\":\"API_KEY_CURVE_SECP256K1\"}]",
                "[{\"apiKeyName\":\"k\",\"publicKey\":\"<KEY>\",\"curveType\":\"API_KEY_CURVE_P256\",\"x\":1}]",
                "[{\"apiKeyName\":\"k\",\"publicKey\":\"02\",\"curveType\":\"API_KEY_CURVE_P256\"}]",
                "[{\"apiKeyName\":\"k\",\"publicKey\":\"<TARGET>\",\"curveType\":\"API_KEY_CURVE_P256\"}]"
            })
    void aNewKeyHasItsForm(String apiKeys) throws Exception { // check 52
        String filled = apiKeys.replace("<TARGET>", scene.aTarget())
                .replace("<KEY>", KeyPair.generate(scene.random).publicKey().compressedHex());
        assertThat(scene.submit(
                                ActivityType.CREATE_API_KEYS,
                                ada.userKey(),
                                ada.organizationId(),
                                "{\"userId\":\"" + ada.userId() + "\",\"apiKeys\":" + filled + "}")
                        .refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @Test
    void aNewKeysLifetimeIsAPositiveNumber() throws Exception { // check 46
        assertThat(create(KeyPair.generate(scene.random), ",\"expirationSeconds\":\"0\"")
                        .refusal())
                .isEqualTo("400 REQUEST_INVALID: invalid api key expiration");
    }

    @Test
    void aDeletedKeyIsUnknownAndAllOfThemGoOrNone() throws Exception { // checks 33 and 53
        KeyPair spare = KeyPair.generate(scene.random);
        String spareId = scene.world.addApiKey(ada.userId(), "spare", spare.publicKey());
        String delegatesKeyId =
                scene.world.apiKeys(ada.delegateUserId()).getFirst().id();

        assertThat(delete(spareId, delegatesKeyId).refusal()).isEqualTo("404: api key not found");
        assertThat(scene.whoami(spare, ada.organizationId()).status()).isEqualTo(200);
        assertThat(delete(spareId).result().path("apiKeyIds").get(0).asText()).isEqualTo(spareId);
        assertThat(scene.whoami(spare, ada.organizationId()).refusal()).isEqualTo(GONE);
        scene.advance(Duration.ofSeconds(1)); // else it is the same activity
        assertThat(delete(spareId).refusal()).isEqualTo("404: api key not found");
    }

    @Test
    void whatIsDeletedIsNamedByUuids() throws Exception { // check 53
        assertThat(delete("spare").refusal()).isEqualTo("400 REQUEST_INVALID: bad request body");
        assertThat(scene.submit(
                                ActivityType.DELETE_API_KEYS,
                                ada.userKey(),
                                ada.organizationId(),
                                "{\"userId\":\"" + ada.userId() + "\",\"apiKeyIds\":[]}")
                        .refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @Test
    void aKeyIsOnceInAnOrganisationAndMayBeInSeveral() {
        assertThatThrownBy(() -> scene.world.addApiKey(
                        ada.userId(), "again", ada.userKey().publicKey()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(scene.world.addApiKey(
                        scene.demo.second().userId(), "the same", ada.userKey().publicKey()))
                .isNotEmpty();
    }
}
