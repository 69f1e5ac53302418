package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks 5 to 16: stamps of the official stampers are taken, each flawed one is refused in Turnkey's words. */
class StampChecksTest {
    /** Of the requests in the vectors. */
    private static final String ORGANIZATION = "7ff189fb-df7d-452e-8540-57632e380b77";

    private static final String USER = "6912b819-f4df-40f4-a192-20ee43090974";
    private static final Instant TIMESTAMP = Instant.ofEpochMilli(1767225600000L);

    private static final TurnkeyStandIn TURNKEY =
            TurnkeyStandIn.builder().clock(() -> TIMESTAMP).start();
    private static final Phone PHONE = new Phone(TURNKEY.url());

    static {
        TURNKEY.world().addOrganization(ORGANIZATION, "Vectors");
        TURNKEY.world().addUser(ORGANIZATION, USER, "Official");
        TURNKEY.world().setRootQuorum(ORGANIZATION, 1, Set.of(USER));
    }

    @AfterAll
    static void close() {
        PHONE.close();
        TURNKEY.close();
    }

    record Vector(String id, String flaw, P256PublicKey registered, String body, String stamp) {
        static Vector read(JsonNode node) {
            try {
                return new Vector(
                        node.path("id").asText(),
                        node.path("flaw").asText(),
                        P256PublicKey.fromCompressedHex(node.path("publicKey").asText()),
                        repeated(node, "body"),
                        repeated(node, "stamp"));
            } catch (CryptoException.MalformedKey e) {
                throw new AssertionError(e);
            }
        }

        private static String repeated(JsonNode node, String name) {
            JsonNode repeat = node.path(name + "Repeat");
            return repeat.isMissingNode()
                    ? node.path(name).asText()
                    : repeat.path("unit").asText().repeat(repeat.path("count").asInt());
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private static Stream<JsonNode> cases(boolean valid) throws IOException {
        try (InputStream in = StampChecksTest.class.getResourceAsStream("/vectors/stamps.json")) {
            JsonNode cases = new ObjectMapper().readTree(in).path("cases");
            assertThat(cases).hasSizeGreaterThan(80);
            return StreamSupport.stream(cases.spliterator(), false)
                    .filter(one -> one.path("valid").asBoolean() == valid);
        }
    }

    static Stream<Vector> good() throws IOException {
        return cases(true).map(Vector::read);
    }

    static Stream<Vector> flawed() throws IOException {
        // A line end cannot be sent in a header, and 70000 characters end at the edge of HTTP already.
        return cases(false)
                .map(Vector::read)
                .filter(vector ->
                        !vector.id().equals("base64-newline") && !vector.id().equals("stamp-huge"));
    }

    private static void register(Vector vector) {
        boolean there = TURNKEY.world().apiKeys(USER).stream()
                .anyMatch(key -> key.publicKey().equals(vector.registered()));
        if (!there) {
            TURNKEY.world().addApiKey(USER, vector.id(), vector.registered());
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodStampIsTakenWhateverTheBody(Vector vector) throws Exception {
        register(vector);
        assertThat(PHONE.send(Endpoint.WHOAMI, vector.body(), "X-Stamp", vector.stamp())
                        .status())
                .isIn(200, 400, 404); // who it is is settled; what it asks may be nonsense
    }

    @ParameterizedTest
    @CsvSource({
        "sdk-whoami, WHOAMI",
        "sdk-read-only, CREATE_READ_ONLY_SESSION",
        "sdk-read-write, CREATE_READ_WRITE_SESSION",
        "sdk-stamp-login, STAMP_LOGIN"
    })
    void aWholeRequestOfTheOfficialSdkIsAnswered(String id, Endpoint endpoint) throws Exception {
        Vector vector = good().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        register(vector);
        Phone.Answer answer = PHONE.send(endpoint, vector.body(), "X-Stamp", vector.stamp());

        assertThat(answer.refusal()).isEqualTo("200: ");
        JsonNode said = endpoint == Endpoint.WHOAMI
                ? answer.body()
                : answer.activity().path("votes").get(0);
        assertThat(said.path("userId").asText()).isEqualTo(USER);
    }

    private static final Set<String> WRONG_KEY = Set.of(
            "key-not-registered", "key-uncompressed", "key-upper", "key-hybrid", "key-off-curve", "key-infinity");
    private static final List<String> FORM =
            List.of("scheme", "missing-field", "field-type", "extra-field", "duplicate-field", "not-json");
    private static final List<String> TEXT = List.of("base64", "empty");

    @ParameterizedTest
    @MethodSource("flawed")
    void aFlawedStampIsRefusedForItsFlaw(Vector vector) throws Exception {
        if (!vector.id().equals("key-not-registered")) {
            register(vector);
        }
        String expected;
        if (WRONG_KEY.contains(vector.id())) {
            expected = "401 PUBLIC_KEY_NOT_FOUND: could not find public key in organization or its parent organization";
        } else if (FORM.contains(vector.flaw())) {
            expected = "401: malformed activity stamp";
        } else if (TEXT.contains(vector.flaw())) {
            expected = "401: could not extract api key stamp";
        } else {
            expected = "401 SIGNATURE_INVALID: could not verify api key signature";
        }
        assertThat(PHONE.send(Endpoint.WHOAMI, vector.body(), "X-Stamp", vector.stamp())
                        .refusal())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "A,500,malformed activity stamp", // base64url, but not of JSON
        "A,501,could not extract api key stamp", // no number of bytes
        "*,500,could not extract api key stamp",
        "A,1200,could not extract api key stamp"
    })
    void aStampThatIsFarTooLongIsRefusedToo(String unit, int count, String message) throws Exception { // check 7
        assertThat(PHONE.send(Endpoint.WHOAMI, "{}", "X-Stamp", unit.repeat(count))
                        .refusal())
                .isEqualTo("401: " + message);
    }

    @Test
    void withoutAStampNothingIsAnswered() throws Exception { // check 5
        assertThat(PHONE.send(Endpoint.WHOAMI, Bodies.query(ORGANIZATION)).refusal())
                .isEqualTo("401 SIGNATURE_MISSING: no valid authentication signature found for request");
        assertThat(PHONE.send(Endpoint.CREATE_READ_ONLY_SESSION, "{}").refusal())
                .isEqualTo("401 SIGNATURE_MISSING: cannot authenticate public API activity request without a stamp"
                        + " (X-Stamp/X-Stamp-Webauthn header)");
    }

    @Test
    void oneStampIsEnough() throws Exception { // check 6
        Vector vector = good().findFirst().orElseThrow();
        assertThat(PHONE.send(Endpoint.WHOAMI, vector.body(), "X-Stamp", vector.stamp(), "x-stamp", vector.stamp())
                        .refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
        assertThat(PHONE.send(Endpoint.WHOAMI, vector.body(), "X-Stamp", vector.stamp(), "X-Session", "s")
                        .refusal())
                .isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @ParameterizedTest
    @CsvSource({"X-Stamp-WebAuthn,could not extract webauthn stamp", "X-Stamp-Attested,malformed activity stamp"})
    void otherKindsOfStampsAreRefused(String header, String message) throws Exception {
        assertThat(PHONE.send(Endpoint.WHOAMI, Bodies.query(ORGANIZATION), header, "{}")
                        .refusal())
                .isEqualTo("401: " + message);
    }

    @Test
    void theNameOfTheHeaderMayHaveAnyCase() throws Exception {
        Vector vector =
                good().filter(one -> one.id().equals("sdk-whoami")).findFirst().orElseThrow();
        register(vector);
        for (String name : List.of("x-stamp", "X-STAMP")) {
            assertThat(PHONE.send(Endpoint.WHOAMI, vector.body(), name, vector.stamp())
                            .status())
                    .isEqualTo(200);
        }
    }
}
