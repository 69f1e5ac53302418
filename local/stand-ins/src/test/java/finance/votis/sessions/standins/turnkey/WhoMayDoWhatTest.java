package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.LocalStamper;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The custody rules of a company with two customers, over the wire. */
class WhoMayDoWhatTest {
    private static final String KEY_NOT_FOUND =
            "401 PUBLIC_KEY_NOT_FOUND: could not find public key in organization or its parent organization";
    private static final String VOTER_NOT_FOUND = "401 PUBLIC_KEY_NOT_FOUND: could not find public key in organization";
    private static final String NOT_AUTHORIZED = "403 REQUEST_NOT_AUTHORIZED: request not authorized";

    private final Scene scene = new Scene();
    private final DemoWorld demo = scene.demo;
    private final DemoWorld.Customer ada = demo.first();
    private final DemoWorld.Customer grace = demo.second();

    @AfterEach
    void close() {
        scene.close();
    }

    private String someParameters(ActivityType type, String userId) {
        return switch (type) {
            case CREATE_READ_WRITE_SESSION ->
                "{\"targetPublicKey\":\"" + scene.aTarget() + "\",\"userId\":\"" + userId + "\"}";
            case CREATE_READ_ONLY_SESSION -> "{}";
            case STAMP_LOGIN ->
                "{\"publicKey\":\"" + KeyPair.generate(scene.random).publicKey().compressedHex() + "\"}";
            case CREATE_API_KEYS -> newKey(userId);
            case DELETE_API_KEYS ->
                "{\"userId\":\"" + userId + "\",\"apiKeyIds\":[\""
                        + scene.world.apiKeys(userId).getFirst().id() + "\"]}";
        };
    }

    private String newKey(String userId) {
        return """
                {"userId":"%s","apiKeys":[{"apiKeyName":"own","publicKey":"%s","curveType":"API_KEY_CURVE_P256"}]}""".formatted(userId, KeyPair.generate(scene.random).publicKey().compressedHex());
    }

    @Test
    void aParentsKeyReadsASubOrganisation() throws Exception {
        Phone.Answer users = scene.phone.post(Endpoint.LIST_USERS, demo.rootKey(), Bodies.query(ada.organizationId()));
        assertThat(users.body().path("users").findValuesAsText("userName")).containsExactly("Ada", "Delegate");

        Phone.Answer me = scene.whoami(demo.rootKey(), ada.organizationId());
        assertThat(me.body().path("organizationId").asText()).isEqualTo(demo.parentId());
        assertThat(me.body().path("username").asText()).isEqualTo("Root");
    }

    @ParameterizedTest
    @EnumSource(ActivityType.class)
    void aParentsKeyWritesNothingInASubOrganisation(ActivityType type) throws Exception {
        Phone.Answer answer =
                scene.submit(type, demo.rootKey(), ada.organizationId(), someParameters(type, ada.userId()));

        assertThat(answer.refusal())
                .isEqualTo("400 ORGANIZATION_MISMATCH: organization mismatch: request is targeting organization (\""
                        + ada.organizationId() + "\"), but voters are in organization (\"" + demo.parentId() + "\")");
        assertThat(scene.world.activities(ada.organizationId(), type.wireName()))
                .isZero();
    }

    @Test
    void theDelegateMakesSessionsInTheSubOrganisationThatTheRequestNames() throws Exception {
        for (DemoWorld.Customer customer : demo.customers()) {
            try (LocalStamper session = scene.openedSession(
                    demo.delegateKey(), customer.organizationId(), ",\"userId\":\"" + customer.userId() + "\"")) {
                assertThat(scene.whoami(session, customer.organizationId())
                                .body()
                                .path("userId")
                                .asText())
                        .isEqualTo(customer.userId());
            }
        }
    }

    @Test
    void theDelegateMakesNoSessionForAUserOfAnotherSubOrganisation() throws Exception {
        assertThat(scene.session(demo.delegateKey(), ada.organizationId(), ",\"userId\":\"" + grace.userId() + "\"")
                        .refusal())
                .isEqualTo("404: user not found");
    }

    @Test
    void theDelegateCreatesNoApiKeysNotEvenItsOwn() throws Exception {
        for (String userId : new String[] {ada.userId(), ada.delegateUserId()}) {
            assertThat(scene.submit(
                                    ActivityType.CREATE_API_KEYS,
                                    demo.delegateKey(),
                                    ada.organizationId(),
                                    newKey(userId))
                            .refusal())
                    .isEqualTo(NOT_AUTHORIZED);
        }
    }

    @Test
    void theDelegateLogsInNoKeyThatItMade() throws Exception {
        assertThat(scene.submit(
                                ActivityType.STAMP_LOGIN,
                                demo.delegateKey(),
                                ada.organizationId(),
                                someParameters(ActivityType.STAMP_LOGIN, ada.delegateUserId()))
                        .refusal())
                .isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void theDelegateDeletesTheKeysOfTheUserThatItsPolicyNamesAndOfNoOther() throws Exception {
        String another = scene.world.newId();
        scene.world.addUser(ada.organizationId(), another, "Another");
        scene.world.addApiKey(
                another, "laptop", KeyPair.generate(new SecureRandom()).publicKey());
        assertThat(scene.submit(
                                ActivityType.DELETE_API_KEYS,
                                demo.delegateKey(),
                                ada.organizationId(),
                                someParameters(ActivityType.DELETE_API_KEYS, another))
                        .refusal())
                .isEqualTo(NOT_AUTHORIZED);

        assertThat(scene.submit(
                                ActivityType.DELETE_API_KEYS,
                                demo.delegateKey(),
                                ada.organizationId(),
                                someParameters(ActivityType.DELETE_API_KEYS, ada.userId()))
                        .result()
                        .path("apiKeyIds"))
                .hasSize(1);
        assertThat(scene.world.apiKeys(ada.userId())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ActivityType.class)
    void theDelegateIsUnknownInTheParent(ActivityType type) throws Exception {
        assertThat(scene.submit(type, demo.delegateKey(), demo.parentId(), someParameters(type, demo.adminUserId()))
                        .refusal())
                .isEqualTo(VOTER_NOT_FOUND);
    }

    @Test
    void theDelegateReadsNothingInTheParent() throws Exception {
        assertThat(scene.phone
                        .post(Endpoint.LIST_USERS, demo.delegateKey(), Bodies.query(demo.parentId()))
                        .refusal())
                .isEqualTo(KEY_NOT_FOUND);
    }

    @Test
    void aWhoamiThatNamesTheParentFindsTheOneSubOrganisationOfAKey() throws Exception { // check 31
        assertThat(scene.whoami(ada.userKey(), demo.parentId())
                        .body()
                        .path("organizationId")
                        .asText())
                .isEqualTo(ada.organizationId());
        assertThat(scene.whoami(demo.delegateKey(), demo.parentId()).refusal())
                .isEqualTo("401 CREDENTIAL_CONFLICT: more than one suborg associated with a public key");
        assertThat(scene.whoami(KeyPair.generate(scene.random), demo.parentId()).refusal())
                .isEqualTo(KEY_NOT_FOUND);
    }

    @Test
    void theAdminMakesSessionsForItselfAndForNobodyElse() throws Exception {
        try (LocalStamper session = scene.openedSession(demo.adminKey(), demo.parentId(), "")) {
            assertThat(scene.whoami(session, demo.parentId())
                            .body()
                            .path("userId")
                            .asText())
                    .isEqualTo(demo.adminUserId());
        }
        assertThat(scene.session(demo.adminKey(), demo.parentId(), ",\"userId\":\"" + demo.rootUserId() + "\"")
                        .refusal())
                .isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void ifOnesOwnSessionNeedsAPolicyTheAdminsMakesItPossibleAndMore() throws Exception {
        scene.turnkey.faults().switchOn(Switch.OWN_SESSION_NEEDS_POLICY);
        assertThat(scene.session(demo.adminKey(), demo.parentId(), "").refusal())
                .isEqualTo(NOT_AUTHORIZED);

        scene.world.addPolicyFile(
                demo.parentId(), "admin-creates-read-write-sessions.json", Map.of("ADMIN_USER_ID", demo.adminUserId()));

        assertThat(scene.session(demo.adminKey(), demo.parentId(), "")
                        .result()
                        .path("userId")
                        .asText())
                .isEqualTo(demo.adminUserId());
        // The warning of that file: it can become the root user.
        assertThat(scene.session(demo.adminKey(), demo.parentId(), ",\"userId\":\"" + demo.rootUserId() + "\"")
                        .result()
                        .path("userId")
                        .asText())
                .isEqualTo(demo.rootUserId());
    }

    @Test
    void aSessionKeyManagesNoCredentialsUnlessItsUserIsRoot() throws Exception {
        try (LocalStamper session = scene.openedSession(demo.adminKey(), demo.parentId(), "")) {
            assertThat(scene.phone
                            .post(
                                    Endpoint.CREATE_API_KEYS,
                                    session,
                                    scene.body(
                                            ActivityType.CREATE_API_KEYS, demo.parentId(), newKey(demo.adminUserId())))
                            .refusal())
                    .isEqualTo(NOT_AUTHORIZED);
        }
        assertThat(scene.submit(
                                ActivityType.CREATE_API_KEYS,
                                demo.adminKey(),
                                demo.parentId(),
                                newKey(demo.adminUserId()))
                        .result()
                        .path("apiKeyIds"))
                .hasSize(1);
        try (LocalStamper session = scene.openedSession(ada.userKey(), ada.organizationId(), "")) {
            assertThat(scene.phone
                            .post(
                                    Endpoint.CREATE_API_KEYS,
                                    session,
                                    scene.body(
                                            ActivityType.CREATE_API_KEYS, ada.organizationId(), newKey(ada.userId())))
                            .result()
                            .path("apiKeyIds"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STAMP_LOGIN", "CREATE_READ_WRITE_SESSION"})
    void aSessionKeyOfTheAdminDoesNotProlongItself(ActivityType type) throws Exception {
        String parameters = someParameters(type, demo.adminUserId());
        try (LocalStamper session = scene.openedSession(demo.adminKey(), demo.parentId(), "")) {
            assertThat(scene.phone
                            .post(type.endpoint(), session, scene.body(type, demo.parentId(), parameters))
                            .refusal())
                    .isEqualTo(NOT_AUTHORIZED);
        }
        assertThat(scene.submit(type, demo.adminKey(), demo.parentId(), parameters)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSessionKeyOfARootUserIsBoundByNoPolicy() throws Exception {
        try (LocalStamper session = scene.openedSession(demo.rootKey(), demo.parentId(), "")) {
            assertThat(scene.phone
                            .post(
                                    Endpoint.STAMP_LOGIN,
                                    session,
                                    scene.body(
                                            ActivityType.STAMP_LOGIN,
                                            demo.parentId(),
                                            someParameters(ActivityType.STAMP_LOGIN, demo.rootUserId())))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aUsersKeyAndSessionReachNoOtherSubOrganisation() throws Exception {
        assertThat(scene.whoami(ada.userKey(), grace.organizationId()).refusal())
                .isEqualTo(KEY_NOT_FOUND);
        assertThat(scene.session(ada.userKey(), grace.organizationId(), "").refusal())
                .isEqualTo(VOTER_NOT_FOUND);
        try (LocalStamper session = scene.openedSession(ada.userKey(), ada.organizationId(), "")) {
            assertThat(scene.whoami(session, grace.organizationId()).refusal()).isEqualTo(KEY_NOT_FOUND);
            assertThat(scene.phone
                            .post(
                                    Endpoint.CREATE_READ_ONLY_SESSION,
                                    session,
                                    scene.body(ActivityType.CREATE_READ_ONLY_SESSION, grace.organizationId(), "{}"))
                            .refusal())
                    .isEqualTo(VOTER_NOT_FOUND);
        }
    }

    @ParameterizedTest
    @EnumSource(Endpoint.class)
    void anUnknownKeyGetsNothing(Endpoint endpoint) throws Exception {
        KeyPair unknown = KeyPair.generate(scene.random);
        String type = endpoint == Endpoint.APPROVE_ACTIVITY
                ? "ACTIVITY_TYPE_APPROVE_ACTIVITY"
                : endpoint == Endpoint.CREATE_API_KEYS
                        ? "ACTIVITY_TYPE_CREATE_API_KEYS_V2"
                        : endpoint == Endpoint.CREATE_READ_WRITE_SESSION
                                ? "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2"
                                : "ACTIVITY_TYPE_" + endpoint.name();
        for (String organization : new String[] {demo.parentId(), ada.organizationId()}) {
            String body = endpoint.isQuery()
                    ? Bodies.query(organization)
                    : Bodies.envelope(type, organization, scene.now(), "{}");
            assertThat(scene.phone.post(endpoint, unknown, body).refusal())
                    .isEqualTo(endpoint.isQuery() ? KEY_NOT_FOUND : VOTER_NOT_FOUND);
        }
    }
}
