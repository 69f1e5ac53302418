package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks 34 and 50: the bearer token that reads. */
class ReadOnlySessionsTest {
    private static final String NOT_ACCEPTED =
            "401 UNAUTHENTICATED: no valid authentication signature found for request";

    private final Scene scene = new Scene();
    private final DemoWorld demo = scene.demo;
    private final DemoWorld.Customer ada = demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    private JsonNode session(KeyPair key, String organizationId) throws Exception {
        return scene.submit(ActivityType.CREATE_READ_ONLY_SESSION, key, organizationId, "{}")
                .result();
    }

    private String token(KeyPair key, String organizationId) throws Exception {
        return session(key, organizationId).path("session").asText();
    }

    private Phone.Answer ask(Endpoint endpoint, String token, String organizationId) throws Exception {
        return scene.phone.send(endpoint, Bodies.query(organizationId), "X-Session", token);
    }

    @Test
    void itBelongsToWhoeverStampedItAndLastsAnHour() throws Exception { // check 50
        JsonNode result = session(demo.delegateKey(), ada.organizationId());
        assertThat(result.path("organizationId").asText()).isEqualTo(ada.organizationId());
        assertThat(result.path("userId").asText()).isEqualTo(ada.delegateUserId());
        assertThat(result.path("sessionExpiry").isTextual()).isTrue();
        assertThat(result.path("sessionExpiry").asText())
                .isEqualTo(Long.toString(scene.now().getEpochSecond() + 3600));
    }

    @Test
    void itReadsItsOrganisationAndNoOther() throws Exception { // check 34
        String token = token(demo.delegateKey(), ada.organizationId());
        assertThat(ask(Endpoint.LIST_USERS, token, ada.organizationId()).body().path("users"))
                .hasSize(2);
        assertThat(ask(Endpoint.WHOAMI, token, ada.organizationId())
                        .body()
                        .path("username")
                        .asText())
                .isEqualTo("Delegate");
        assertThat(ask(Endpoint.LIST_USERS, token, demo.second().organizationId())
                        .refusal())
                .isEqualTo(NOT_ACCEPTED);
        assertThat(ask(Endpoint.WHOAMI, token, demo.parentId()).refusal()).isEqualTo(NOT_ACCEPTED);
    }

    @Test
    void oneOfTheParentReadsEverySubOrganisation() throws Exception {
        String token = token(demo.adminKey(), demo.parentId());
        for (DemoWorld.Customer customer : demo.customers()) {
            assertThat(ask(Endpoint.LIST_USERS, token, customer.organizationId())
                            .body()
                            .path("users"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(ActivityType.class)
    void itWritesNothing(ActivityType type) throws Exception { // check 34
        String token = token(ada.userKey(), ada.organizationId());
        assertThat(scene.phone
                        .send(type.endpoint(), scene.body(type, ada.organizationId(), "{}"), "X-Session", token)
                        .code())
                .isEqualTo("SIGNATURE_MISSING");
    }

    @Test
    void itEndsWithItsHour() throws Exception { // check 34
        String token = token(ada.userKey(), ada.organizationId());
        scene.advance(Duration.ofMinutes(59));
        assertThat(ask(Endpoint.WHOAMI, token, ada.organizationId()).status()).isEqualTo(200);
        scene.advance(Duration.ofMinutes(1));
        assertThat(ask(Endpoint.WHOAMI, token, ada.organizationId()).refusal()).isEqualTo(NOT_ACCEPTED);
    }

    @Test
    void anUnknownOneReadsNothing() throws Exception { // check 34
        assertThat(ask(Endpoint.WHOAMI, "unknown", ada.organizationId()).refusal())
                .isEqualTo(NOT_ACCEPTED);
    }
}
