package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user of an organisation, or of its parent, gets to read. */
class QueriesTest {
    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    private Phone.Answer ask(Endpoint endpoint, String members) throws Exception {
        return scene.phone.post(endpoint, ada.userKey(), Bodies.query(ada.organizationId(), members));
    }

    private List<String> ids(String members) throws Exception {
        List<String> ids = new ArrayList<>();
        ask(Endpoint.LIST_ACTIVITIES, members)
                .body()
                .path("activities")
                .forEach(activity -> ids.add(activity.path("id").asText()));
        return ids;
    }

    @Test
    void whoamiNamesOrganisationAndUser() throws Exception {
        JsonNode me = ask(Endpoint.WHOAMI, "").body();
        assertThat(me)
                .hasToString(
                        "{\"organizationId\":\"%s\",\"organizationName\":\"Ada's wallet\",\"userId\":\"%s\",\"username\":\"Ada\"}"
                                .formatted(ada.organizationId(), ada.userId()));
    }

    @Test
    void keysAreListedForOneUserOrForAll() throws Exception {
        JsonNode mine = ask(Endpoint.GET_API_KEYS, ",\"userId\":\"" + ada.userId() + "\"")
                .body()
                .path("apiKeys");
        assertThat(mine).hasSize(1);
        JsonNode key = mine.get(0);
        assertThat(key.path("credential"))
                .hasToString("{\"publicKey\":\"%s\",\"type\":\"CREDENTIAL_TYPE_API_KEY_P256\"}"
                        .formatted(ada.userKey().publicKey().compressedHex()));
        assertThat(key.has("expirationSeconds")).isFalse();

        assertThat(ask(Endpoint.GET_API_KEYS, "").body().path("apiKeys").findValuesAsText("apiKeyName"))
                .containsExactly("laptop", "backend");
    }

    @Test
    void aUserIsShownWithItsKeys() throws Exception {
        JsonNode user = ask(Endpoint.GET_USER, ",\"userId\":\"" + ada.delegateUserId() + "\"")
                .body()
                .path("user");
        assertThat(user.path("userName").asText()).isEqualTo("Delegate");
        assertThat(user.path("apiKeys").findValuesAsText("publicKey"))
                .containsExactly(scene.demo.delegateKey().publicKey().compressedHex());
    }

    @Test
    void policiesAreToldAsTheyWereMadeWithIdsOfTheirOwn() throws Exception {
        String id = scene.world.addPolicy(
                ada.organizationId(),
                "{\"policyName\":\"anybody deletes\",\"effect\":\"EFFECT_ALLOW\",\"condition\":\"activity.action == 'DELETE'\"}");

        JsonNode policies = ask(Endpoint.LIST_POLICIES, "").body().path("policies");

        assertThat(policies.findValuesAsText("policyName"))
                .containsExactly(
                        "delegate creates read-write sessions",
                        "delegate adds no credentials",
                        "delegate deletes API keys of the end user",
                        "session keys manage no credentials",
                        "anybody deletes");
        assertThat(policies.get(4))
                .hasToString(
                        "{\"policyId\":\"%s\",\"policyName\":\"anybody deletes\",\"effect\":\"EFFECT_ALLOW\",\"createdAt\":{\"seconds\":\"%d\",\"nanos\":\"0\"},\"updatedAt\":{\"seconds\":\"%2$d\",\"nanos\":\"0\"},\"notes\":\"\",\"consensus\":\"\",\"condition\":\"activity.action == 'DELETE'\"}"
                                .formatted(id, scene.now().getEpochSecond()));

        scene.world.removePolicy(ada.organizationId(), id);
        assertThat(ask(Endpoint.LIST_POLICIES, "").body().path("policies")).hasSize(4);
    }

    @Test
    void theRootQuorumAndFeaturesAreTold() throws Exception {
        assertThat(ask(Endpoint.GET_ORGANIZATION_CONFIGS, "").body())
                .hasToString("{\"configs\":{\"features\":[],\"quorum\":{\"threshold\":1,\"userIds\":[\"%s\"]}}}"
                        .formatted(ada.userId()));
        assertThat(scene.phone
                        .post(
                                Endpoint.GET_ORGANIZATION_CONFIGS,
                                scene.demo.rootKey(),
                                Bodies.query(scene.demo.parentId()))
                        .body()
                        .at("/configs/features"))
                .hasToString("[{\"name\":\"FEATURE_NAME_WEBAUTHN_ORIGINS\",\"value\":\"" + DemoWorld.ORIGIN + "\"}]");
    }

    @Test
    void aUserIsShownWithItsSocialLogins() throws Exception {
        scene.world.addOauthProvider(ada.userId(), "Google", "https://accounts.google.com", "app", "ada");

        JsonNode provider = ask(Endpoint.GET_USER, ",\"userId\":\"" + ada.userId() + "\"")
                .body()
                .at("/user/oauthProviders/0");

        assertThat(provider.path("providerName").asText()).isEqualTo("Google");
        assertThat(provider.path("issuer").asText()).isEqualTo("https://accounts.google.com");
        assertThat(provider.path("subject").asText()).isEqualTo("ada");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET_API_KEYS|userId|user",
                "GET_USER|userId|user",
                "GET_API_KEY|apiKeyId|api key",
                "GET_ACTIVITY|activityId|activity"
            })
    void whatDoesNotExistIsNotFoundAndWhatIsNoUuidIsRefused(Endpoint endpoint, String name, String what)
            throws Exception {
        assertThat(ask(endpoint, ",\"" + name + "\":\"" + scene.world.newId() + "\"")
                        .refusal())
                .isEqualTo("404: " + what + " not found");
        assertThat(ask(endpoint, ",\"" + name + "\":\"x\"").refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @Test
    void anActivityIsReadableByEveryUserOfItsOrganisationAndByTheParent() throws Exception {
        Phone.Answer made = scene.session(ada.userKey(), ada.organizationId(), "");
        String query = Bodies.query(
                ada.organizationId(),
                ",\"activityId\":\"" + made.activity().path("id").asText() + "\"");
        for (KeyPair reader : List.of(ada.userKey(), scene.demo.delegateKey(), scene.demo.rootKey())) {
            assertThat(scene.phone.post(Endpoint.GET_ACTIVITY, reader, query).result())
                    .isEqualTo(made.result());
        }
        assertThat(scene.phone
                        .post(Endpoint.GET_ACTIVITY, scene.demo.second().userKey(), query)
                        .code())
                .isEqualTo("PUBLIC_KEY_NOT_FOUND");
    }

    @Test
    void subOrganisationsAreListedToUsersOfTheParentPageByPage() throws Exception {
        String grace = scene.demo.second().organizationId();
        List<String> all = List.of(ada.organizationId(), grace);

        assertThat(subOrganizations("")).isEqualTo(all);
        assertThat(subOrganizations(",\"paginationOptions\":{\"limit\":\"1\"}")).isEqualTo(all.subList(0, 1));
        assertThat(subOrganizations(",\"paginationOptions\":{\"after\":\"" + ada.organizationId() + "\"}"))
                .containsExactly(grace);
        assertThat(scene.phone
                        .post(Endpoint.LIST_SUBORGS, ada.userKey(), Bodies.query(scene.demo.parentId(), ""))
                        .code())
                .isEqualTo("PUBLIC_KEY_NOT_FOUND");
    }

    private List<String> subOrganizations(String members) throws Exception {
        List<String> ids = new ArrayList<>();
        scene.phone
                .post(Endpoint.LIST_SUBORGS, scene.demo.watchKey(), Bodies.query(scene.demo.parentId(), members))
                .body()
                .path("organizationIds")
                .forEach(id -> ids.add(id.asText()));
        return ids;
    }

    @Test
    void activitiesArePagedFromTheNewestOn() throws Exception {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            made.add(scene.session(ada.userKey(), ada.organizationId(), "")
                    .activity()
                    .path("id")
                    .asText());
        }
        Collections.reverse(made);

        assertThat(ids("")).isEqualTo(made.subList(0, 10));
        assertThat(ids(",\"paginationOptions\":{\"limit\":\"100\"}")).isEqualTo(made);
        assertThat(ids(",\"paginationOptions\":{\"after\":\"" + made.get(9) + "\"}"))
                .isEqualTo(made.subList(10, 12));
        assertThat(ids(",\"paginationOptions\":{\"limit\":\"2\",\"after\":\"" + made.get(3) + "\"}"))
                .isEqualTo(made.subList(4, 6));
        assertThat(ids(",\"paginationOptions\":{\"limit\":\"2\",\"before\":\"" + made.get(3) + "\"}"))
                .isEqualTo(made.subList(1, 3));
        assertThat(ids(",\"paginationOptions\":{\"after\":\"" + made.getLast() + "\"}"))
                .isEmpty();
    }

    @Test
    void activitiesAreFilteredByTypeAndStatusBeforeTheyArePaged() throws Exception {
        scene.turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.failed("INTERNAL", "x"));
        String failed = scene.session(ada.userKey(), ada.organizationId(), "")
                .activity()
                .path("id")
                .asText();
        String done = scene.session(ada.userKey(), ada.organizationId(), "")
                .activity()
                .path("id")
                .asText();
        String readOnly = scene.submit(ActivityType.CREATE_READ_ONLY_SESSION, ada.userKey(), ada.organizationId(), "{}")
                .activity()
                .path("id")
                .asText();

        assertThat(ids(",\"filterByType\":[\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\"]"))
                .containsExactly(done, failed);
        assertThat(ids(",\"filterByStatus\":[\"ACTIVITY_STATUS_COMPLETED\"],\"filterByType\":[]"))
                .containsExactly(readOnly, done);
        assertThat(ids(",\"filterByStatus\":[\"ACTIVITY_STATUS_FAILED\"],\"paginationOptions\":{\"limit\":\"1\"}"))
                .containsExactly(failed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"paginationOptions\":{\"limit\":\"0\"}",
                ",\"paginationOptions\":{\"limit\":\"101\"}",
                ",\"paginationOptions\":{\"limit\":10}",
                ",\"paginationOptions\":{\"after\":\"5f5ddbd0-0000-7000-8000-000000000000\"}",
                ",\"paginationOptions\":{\"after\":\"x\"}",
                ",\"paginationOptions\":[]",
                ",\"filterByType\":\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\"",
                ",\"filterByStatus\":[1]"
            })
    void aListIsAskedForInItsForm(String members) throws Exception {
        assertThat(ask(Endpoint.LIST_ACTIVITIES, members).refusal()).isEqualTo("400 REQUEST_INVALID: bad request body");
    }
}
