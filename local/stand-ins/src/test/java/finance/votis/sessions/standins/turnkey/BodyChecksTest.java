package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.LocalStamper;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks 1 to 4, 17 to 28, and the forms of parameters, 42 to 46: what is asked must have Turnkey's form. */
class BodyChecksTest {
    private static final String BAD_BODY = "400 REQUEST_INVALID: bad request body";
    private static final String BAD_ORGANIZATION = "400 INVALID_ORGANIZATION_ID: malformed organization ID provided";

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    /** {@code <ORG>}, {@code <USER>}, {@code <NOW>}, {@code <TARGET>} stand for good values. */
    private String refusal(Endpoint endpoint, String template) throws Exception {
        return scene.phone.post(endpoint, ada.userKey(), filled(template)).refusal();
    }

    private String filled(String template) {
        return template.replace("<ORG>", ada.organizationId())
                .replace("<USER>", ada.userId())
                .replace("<NOW>", Long.toString(scene.now().toEpochMilli()))
                .replace("<TARGET>", scene.aTarget())
                .replace("<KEY>", KeyPair.generate(scene.random).publicKey().compressedHex());
    }

    private String sessionRefusal(String parameters) throws Exception {
        return refusal(Endpoint.CREATE_READ_WRITE_SESSION, """
                {"type":"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2","timestampMs":"<NOW>","organizationId":"<ORG>","parameters":%s}""".formatted(parameters));
    }

    @Test
    void everythingIsAPost() throws Exception { // check 1
        assertThat(scene.phone
                        .send(scene.phone.to(Endpoint.WHOAMI.path()).GET().build())
                        .refusal())
                .isEqualTo("405: Method Not Allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/public/v1/submit/activity",
                "/public/v1/query/get_organization",
                "/public/v1/query/whoami?x=1"
            })
    void otherPathsDoNotExist(String path) throws Exception { // check 2
        Phone.Answer answer = scene.phone.send(
                scene.phone.to(path).POST(BodyPublishers.ofString("{}")).build());
        assertThat(answer.refusal()).isEqualTo("404: Not Found");
        assertThat(answer.body().path("code").asInt()).isEqualTo(5);
    }

    @Test
    void atMostSoManyRequestsASecond() throws Exception { // check 3
        scene.turnkey.faults().limitRate(1);
        Phone.Answer first = scene.whoami(ada.userKey(), ada.organizationId());
        Phone.Answer second = scene.whoami(ada.userKey(), ada.organizationId());
        scene.advance(Duration.ofSeconds(1));
        Phone.Answer third = scene.whoami(ada.userKey(), ada.organizationId());

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.refusal()).isEqualTo("429: Too many requests. Please wait and try again in a few seconds");
        assertThat(second.http().headers().firstValue("ratelimit-limit")).hasValue("1");
        assertThat(second.http().headers().firstValue("ratelimit-remaining")).hasValue("0");
        assertThat(second.http().headers().firstValue("retry-after")).isEmpty();
        assertThat(third.status()).isEqualTo(200);
    }

    @Test
    void atMostTenASecondForASubOrganisation() throws Exception { // check 3
        scene.turnkey.faults().limitRate(60);
        for (int i = 0; i < 10; i++) {
            assertThat(scene.whoami(ada.userKey(), ada.organizationId()).status())
                    .isEqualTo(200);
        }
        assertThat(scene.whoami(ada.userKey(), ada.organizationId()).status()).isEqualTo(429);
        DemoWorld.Customer grace = scene.demo.second();
        assertThat(scene.whoami(grace.userKey(), grace.organizationId()).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
    void theContentTypeIsNotLookedAt(String type) throws Exception { // check 4
        String body = Bodies.query(ada.organizationId());
        try (LocalStamper stamper = ada.userKey().stamper()) {
            String stamp = stamper.stamp(body.getBytes(StandardCharsets.UTF_8)).headerValue();
            assertThat(scene.phone
                            .send(Endpoint.WHOAMI, body, "X-Stamp", stamp, "Content-Type", type)
                            .status())
                    .isEqualTo(200);
            assertThat(scene.phone.send(Endpoint.WHOAMI, body, "X-Stamp", stamp).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "1", "null", "{", "{}x", "{\"organizationId\":\"<ORG>\",\"organizationId\":\"<ORG>\"}"
            })
    void theBodyIsOneJsonObjectWithNoMemberTwice(String body) throws Exception { // checks 17 and 25
        assertThat(refusal(Endpoint.WHOAMI, body)).isEqualTo(BAD_BODY);
    }

    @Test
    void aMemberTwiceIsRefusedInsideToo() throws Exception { // check 25
        assertThat(sessionRefusal("{\"targetPublicKey\":\"<TARGET>\",\"targetPublicKey\":\"<TARGET>\"}"))
                .isEqualTo(BAD_BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"organizationId\":null}",
                "{\"organizationId\":\"\"}",
                "{\"organizationId\":\"acme\"}",
                "{\"organizationId\":\"7FF189FB-DF7D-452E-8540-57632E380B77\"}"
            })
    void theOrganisationIsNamedByAUuid(String body) throws Exception { // check 18
        assertThat(refusal(Endpoint.WHOAMI, body)).isEqualTo(BAD_ORGANIZATION);
    }

    @Test
    void theOrganisationExists() throws Exception { // check 28
        assertThat(refusal(Endpoint.WHOAMI, Bodies.query(scene.world.newId())))
                .isEqualTo("404 ORGANIZATION_NOT_FOUND: no organization found with the given ID");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // check 19: each is missing once
                "{\"timestampMs\":\"<NOW>\",\"organizationId\":\"<ORG>\",\"parameters\":{}}",
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"organizationId\":\"<ORG>\",\"parameters\":{}}",
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"<NOW>\",\"organizationId\":\"<ORG>\"}",
                // check 20: not of this path
                "{\"type\":\"ACTIVITY_TYPE_DELETE_API_KEYS\",\"timestampMs\":\"<NOW>\",\"organizationId\":\"<ORG>\",\"parameters\":{}}",
                // check 21: a number, a sign, not digits
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":<NOW>,\"organizationId\":\"<ORG>\",\"parameters\":{}}",
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"-1\",\"organizationId\":\"<ORG>\",\"parameters\":{}}",
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"now\",\"organizationId\":\"<ORG>\",\"parameters\":{}}",
                // check 23: the session is the stamper's, whatever the sender hopes
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"<NOW>\",\"organizationId\":\"<ORG>\",\"parameters\":{\"userId\":\"<USER>\"}}",
                // check 27: parameters is an object
                "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"<NOW>\",\"organizationId\":\"<ORG>\",\"parameters\":\"{}\"}"
            })
    void anActivityHasItsEnvelope(String body) throws Exception {
        assertThat(refusal(Endpoint.CREATE_READ_ONLY_SESSION, body)).isEqualTo(BAD_BODY);
    }

    @Test
    void unknownMembersAreTakenAtTopLevelAndByASwitchInParameters() throws Exception { // check 23
        String template = """
                {"type":"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION","timestampMs":"<NOW>","organizationId":"<ORG>","generateAppProofs":true,"further":1,"parameters":%s}""";
        assertThat(scene.phone
                        .post(Endpoint.CREATE_READ_ONLY_SESSION, ada.userKey(), filled(template.formatted("{}")))
                        .status())
                .isEqualTo(200);
        scene.turnkey.faults().switchOn(Switch.UNKNOWN_PARAMETERS_TAKEN);
        assertThat(scene.phone
                        .post(
                                Endpoint.CREATE_READ_ONLY_SESSION,
                                ada.userKey(),
                                filled(template.formatted("{\"further\":1}")))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"3600000,false", "3599999,true", "-300000,true", "-300001,false"})
    void aTimestampIsUnderAnHourOldAndAtMostFiveMinutesAhead(long age, boolean fresh) throws Exception { // check 22
        String body = Bodies.activity(
                ActivityType.CREATE_READ_ONLY_SESSION,
                ada.organizationId(),
                scene.now().minusMillis(age),
                "{}");
        Phone.Answer answer = scene.phone.post(Endpoint.CREATE_READ_ONLY_SESSION, ada.userKey(), body);
        if (fresh) {
            assertThat(answer.status()).isEqualTo(200);
        } else {
            assertThat(answer.refusal()).isEqualTo(BAD_BODY);
        }
    }

    @Test
    void turnkeysClockCanGoWrong() throws Exception {
        scene.turnkey.faults().skewClock(Duration.ofMinutes(-6));
        assertThat(scene.session(ada.userKey(), ada.organizationId(), "").refusal())
                .isEqualTo(BAD_BODY);
    }

    @Test
    void anythingOverAMebibyteIsTooMuch() throws Exception { // check 26
        String filler = " ".repeat(1 << 20);
        assertThat(refusal(Endpoint.WHOAMI, Bodies.query(ada.organizationId()) + filler))
                .isEqualTo("413: request body too large");
    }

    @Test
    void nullIsAsGoodAsAbsent() throws Exception { // check 24
        assertThat(scene.session(
                                ada.userKey(),
                                ada.organizationId(),
                                ",\"userId\":null,\"apiKeyName\":null,\"expirationSeconds\":null,\"invalidateExisting\":null")
                        .result()
                        .path("userId")
                        .asText())
                .isEqualTo(ada.userId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"targetPublicKey\":\"\"}",
                "{\"targetPublicKey\":1}",
                // check 42: compressed, upper case, off the curve, no hex
                "{\"targetPublicKey\":\"<KEY>\"}",
                "{\"targetPublicKey\":\"0464FB511728122DA3B7B8A449C79D7A9E3FB847F4CBF0EFBC6C82F68ADA0AE5EBD1F9B6A45F5E4B61852C8E293A7B79022422FFFF9EA8FBA7297271B589CC9ED2\"}",
                "{\"targetPublicKey\":\"0464fb511728122da3b7b8a449c79d7a9e3fb847f4cbf0efbc6c82f68ada0ae5ebd1f9b6a45f5e4b61852c8e293a7b79022422ffff9ea8fba7297271b589cc9ed3\"}",
                "{\"targetPublicKey\":\"client-generated-public-key-hex\"}",
                "{\"targetPublicKey\":\"<TARGET>\",\"userId\":\"ada\"}", // check 43
                "{\"targetPublicKey\":\"<TARGET>\",\"apiKeyName\":\"\"}", // check 45
                "{\"targetPublicKey\":\"<TARGET>\",\"apiKeyName\":\"two\\nlines\"}",
                "{\"targetPublicKey\":\"<TARGET>\",\"apiKeyName\":\"two\\u2028lines\"}",
                "{\"targetPublicKey\":\"<TARGET>\",\"apiKeyName\":\"turned\\u202eround\"}",
                "{\"targetPublicKey\":\"<TARGET>\",\"expirationSeconds\":900}", // check 27
                "{\"targetPublicKey\":\"<TARGET>\",\"invalidateExisting\":\"true\"}", // check 27
                "{\"targetPublicKey\":\"<TARGET>\",\"email\":\"ada@example.org\"}" // check 23
            })
    void parametersOfASessionHaveTheirForm(String parameters) throws Exception {
        assertThat(sessionRefusal(parameters)).isEqualTo(BAD_BODY);
    }

    @Test
    void aNameHasAtMost255Characters() throws Exception { // check 45
        assertThat(sessionRefusal("{\"targetPublicKey\":\"<TARGET>\",\"apiKeyName\":\"" + "n".repeat(256) + "\"}"))
                .isEqualTo(BAD_BODY);
        for (String character : List.of("é", "\ud83d\udd11")) {
            assertThat(scene.session(
                                    ada.userKey(),
                                    ada.organizationId(),
                                    ",\"apiKeyName\":\"" + character.repeat(255) + "\"")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "", "15m", "+900", "1000000000000000000"})
    void aLifetimeIsAPositiveWholeNumber(String seconds) throws Exception { // check 46
        assertThat(sessionRefusal("{\"targetPublicKey\":\"<TARGET>\",\"expirationSeconds\":\"" + seconds + "\"}"))
                .isEqualTo("400 REQUEST_INVALID: invalid api key expiration");
    }

    @Test
    void aUserOfTheRequestIsOneOfTheOrganisation() throws Exception { // check 44
        assertThat(sessionRefusal("{\"targetPublicKey\":\"<TARGET>\",\"userId\":\""
                        + scene.demo.second().userId() + "\"}"))
                .isEqualTo("404: user not found");
    }
}
