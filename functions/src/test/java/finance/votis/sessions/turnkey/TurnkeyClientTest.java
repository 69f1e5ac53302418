package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, what is made of the answers, and how pending activities are waited for. */
class TurnkeyClientTest {
    private final Given.StillTime time = new Given.StillTime();
    private final Deadline deadline = time.deadline(Duration.ofSeconds(20));

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final LocalStamper stamper = Given.stamper();

    private TurnkeyClient clientOf(ScriptedTurnkey turnkey) {
        return Given.client(turnkey.url(), http, time);
    }

    private Answer<ReadWriteSession> create(ScriptedTurnkey turnkey) {
        TurnkeyClient client = clientOf(turnkey);
        return client.createReadWriteSession(
                client.readWriteSession(Given.ORGANIZATION, Given.phoneSession()), stamper, deadline);
    }

    private Answer<ReadOnlySession> createReadOnly(ScriptedTurnkey turnkey) {
        TurnkeyClient client = clientOf(turnkey);
        return client.createReadOnlySession(client.readOnlySession(Given.ORGANIZATION), stamper, deadline);
    }

    // What goes over the wire

    @Test
    void theReadWriteRequestIsByteForByteTheDocumentedOne() throws Exception {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            create(turnkey);

            Request request = turnkey.onlyRequest();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/public/v1/submit/create_read_write_session");
            assertThat(request.headers("Content-Type")).containsExactly("application/json");
            assertThat(request.headers("X-Client-Version")).containsExactly("votis-turnkey/1.0.0");
            assertThat(new String(request.body(), StandardCharsets.UTF_8))
                    .isEqualTo(
                            "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\",\"timestampMs\":\"1763925000123\","
                                    + "\"organizationId\":\"35e5c619-ba95-417c-bb48-b16f1543aea0\",\"parameters\":{\"targetPublicKey\":\""
                                    + Given.TARGET
                                    + "\",\"userId\":\"071875c1-229b-4544-b2b2-028367c4c447\",\"apiKeyName\":\"phone 4f2a\","
                                    + "\"expirationSeconds\":\"900\",\"invalidateExisting\":false}}");
        }
    }

    @Test
    void theBytesOnTheWireAreTheBytesThatWereStamped() throws Exception {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            TurnkeyClient client = clientOf(turnkey);
            ActivityRequest<ReadWriteSession> request =
                    client.readWriteSession(Given.ORGANIZATION, Given.phoneSession());
            client.createReadWriteSession(request, stamper, deadline);

            Request sent = turnkey.onlyRequest();
            assertThat(sent.body()).isEqualTo(request.body());
            assertThat(sent.headers("X-Stamp")).hasSize(1);
            Stamp stamp = Stamp.parse(sent.header("X-Stamp").orElseThrow());
            assertThat(stamp.publicKey()).isEqualTo(stamper.publicKey());
            assertThat(stamp.signs(sent.body())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 60, 86_400, 9_007_199_254_740_993L})
    void theLifetimeReachesTheWireAsAString(long seconds) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            TurnkeyClient client = clientOf(turnkey);
            client.createReadWriteSession(
                    client.readWriteSession(
                            Given.ORGANIZATION,
                            new ReadWriteSession.Parameters(
                                    Given.target(), Optional.empty(), "nightly", Duration.ofSeconds(seconds), true)),
                    stamper,
                    deadline);

            assertThat(turnkey.bodies().getFirst())
                    .contains("\"expirationSeconds\":\"" + seconds + "\"")
                    .contains("\"invalidateExisting\":true")
                    .doesNotContain("userId");
        }
    }

    @Test
    void aNameIsEscapedAndArrivesAsItWas() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            TurnkeyClient client = clientOf(turnkey);
            String name = "Zoë's \"phone\" \\ 📱";
            client.createReadWriteSession(
                    client.readWriteSession(
                            Given.ORGANIZATION,
                            new ReadWriteSession.Parameters(
                                    Given.target(), Optional.empty(), name, Duration.ofMinutes(15), false)),
                    stamper,
                    deadline);

            byte[] body = turnkey.onlyRequest().body();
            assertThat(Json.object(body)
                            .orElseThrow()
                            .at("/parameters/apiKeyName")
                            .textValue())
                    .isEqualTo(name);
        }
    }

    @Test
    void theReadOnlyRequestHasNoParameters() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readOnlyResult()))) {
            createReadOnly(turnkey);

            assertThat(turnkey.paths()).containsExactly("/public/v1/submit/create_read_only_session");
            assertThat(turnkey.bodies())
                    .containsExactly(
                            "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"1763925000123\","
                                    + "\"organizationId\":\"35e5c619-ba95-417c-bb48-b16f1543aea0\",\"parameters\":{}}");
        }
    }

    @Test
    void queriesHaveNoEnvelope() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok("{}"))) {
            TurnkeyClient client = clientOf(turnkey);
            client.whoami(Given.ORGANIZATION, stamper, deadline);
            client.apiKeys(Given.ORGANIZATION, Given.USER, stamper, deadline);
            client.activity(Given.ORGANIZATION, Given.ACTIVITY, stamper, deadline);

            String organization = "{\"organizationId\":\"35e5c619-ba95-417c-bb48-b16f1543aea0\"";
            assertThat(turnkey.paths())
                    .containsExactly(
                            "/public/v1/query/whoami",
                            "/public/v1/query/get_api_keys",
                            "/public/v1/query/get_activity");
            assertThat(turnkey.bodies())
                    .containsExactly(
                            organization + "}",
                            organization + ",\"userId\":\"" + Given.USER + "\"}",
                            organization + ",\"activityId\":\"" + Given.ACTIVITY + "\"}");
        }
    }

    @Test
    void aRequestKnowsItsFingerprintAndItsTime() {
        TurnkeyClient client = Given.client(URI.create("http://127.0.0.1:1"), http, time);
        ActivityRequest<ReadOnlySession> request = client.readOnlySession(Given.ORGANIZATION);

        assertThat(request.timestamp()).isEqualTo(Given.NOW);
        assertThat(request.fingerprint())
                .isEqualTo(Fingerprint.of(request.body()))
                .startsWith("sha256:");
        request.body()[0] = 'X';
        assertThat(request.body()[0]).isEqualTo((byte) '{');
    }

    @Test
    void readOnlyRequestsOfOneOrganizationAndMillisecondAreTheSame() {
        TurnkeyClient client = Given.client(URI.create("http://127.0.0.1:1"), http, time);
        ActivityRequest<ReadOnlySession> request = client.readOnlySession(Given.ORGANIZATION);
        assertThat(client.readOnlySession(Given.ORGANIZATION).body()).isEqualTo(request.body());
        assertThat(client.readOnlySession(Given.OTHER_ORGANIZATION).body()).isNotEqualTo(request.body());
    }

    // What is made of the answers

    @Test
    void aReadWriteSessionIsRead() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            assertThat(create(turnkey))
                    .isEqualTo(new Answer.Completed<>(new ReadWriteSession(
                            Given.ORGANIZATION,
                            Given.USER,
                            Given.API_KEY,
                            new SealedBundle(Given.BUNDLE),
                            Given.ACTIVITY,
                            Given.CREATED_AT)));
        }
    }

    @Test
    void aReadOnlySessionIsReadWithTheUserWhoStamped() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readOnlyResult()))) {
            assertThat(createReadOnly(turnkey))
                    .isEqualTo(new Answer.Completed<>(new ReadOnlySession(
                            Given.ORGANIZATION,
                            Given.USER,
                            new SessionToken(Given.SESSION),
                            Given.ACTIVITY,
                            Instant.ofEpochSecond(1_763_928_600))));
        }
    }

    @Test
    void withoutAUserInTheRequestTheAnswerNamesTheOneWhoStamped() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            TurnkeyClient client = clientOf(turnkey);
            Answer<ReadWriteSession> answer = client.createReadWriteSession(
                    client.readWriteSession(
                            Given.ORGANIZATION,
                            new ReadWriteSession.Parameters(
                                    Given.target(), Optional.empty(), "nightly", Duration.ofMinutes(15), false)),
                    stamper,
                    deadline);
            assertThat(Given.completed(answer).userId()).isEqualTo(Given.USER);
        }
    }

    @Test
    void unknownMembersAreIgnored() {
        String more = Given.activity("COMPLETED", Given.readWriteResult())
                .replace("\"votes\":", "\"appProofs\":[{\"scheme\":\"X\"}],\"votes\":")
                .replace("\"apiKeyId\"", "\"sessionProfileId\":{\"a\":[1,2.5,null]},\"apiKeyId\"");
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(more))) {
            assertThat(create(turnkey)).isInstanceOf(Answer.Completed.class);
        }
    }

    @Test
    void deletedKeysAreRead() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.completed("{\"deleteApiKeysResult\":{\"apiKeyIds\":[\"" + Given.API_KEY + "\"]}}"))) {
            TurnkeyClient client = clientOf(turnkey);
            Answer<DeletedKeys> answer = client.deleteApiKeys(
                    client.deleteApiKeys(Given.ORGANIZATION, Given.USER, List.of(Given.API_KEY)), stamper, deadline);

            assertThat(answer).isEqualTo(new Answer.Completed<>(new DeletedKeys(List.of(Given.API_KEY))));
            assertThat(turnkey.bodies().getFirst())
                    .contains("\"type\":\"ACTIVITY_TYPE_DELETE_API_KEYS\"")
                    .endsWith("\"parameters\":{\"userId\":\"" + Given.USER + "\",\"apiKeyIds\":[\"" + Given.API_KEY
                            + "\"]}}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"deleteApiKeysResult\":{\"apiKeyIds\":[\"no id\"]}}",
                "{\"deleteApiKeysResult\":{\"apiKeyIds\":[7]}}"
            })
    void aDeletionOfWhatHasNoIdIsUnreadable(String result) {
        assertThat(deletion(Given.ORGANIZATION, result)).isInstanceOf(Answer.Unreadable.class);
    }

    @Test
    void aDeletionThatIsNotShownIsABrokenPromise() {
        assertThat(deletion(Given.ORGANIZATION, "{\"deleteApiKeysResult\":null}"))
                .isEqualTo(new Answer.BrokenPromise<>(Shortfall.RESULT_MISSING, Given.ACTIVITY));
    }

    @Test
    void aDeletionInAnotherOrganizationIsABrokenPromise() {
        assertThat(deletion(
                        Given.OTHER_ORGANIZATION,
                        "{\"deleteApiKeysResult\":{\"apiKeyIds\":[\"" + Given.API_KEY + "\"]}}"))
                .isEqualTo(new Answer.BrokenPromise<>(Shortfall.WRONG_ORGANIZATION, Given.ACTIVITY));
    }

    private Answer<DeletedKeys> deletion(OrganizationId organization, String result) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(result))) {
            TurnkeyClient client = clientOf(turnkey);
            return client.deleteApiKeys(
                    client.deleteApiKeys(organization, Given.USER, List.of(Given.API_KEY)), stamper, deadline);
        }
    }

    @Test
    void whoamiNamesTheOrganizationThatWasFound() {
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(Given.ok("""
                {"organizationId":"%s","organizationName":"n","userId":"%s","username":"u"}""".formatted(Given.OTHER_ORGANIZATION, Given.USER)))) {
            assertThat(clientOf(turnkey).whoami(Given.ORGANIZATION, stamper, deadline))
                    .isEqualTo(new Answer.Completed<>(new Identity(Given.OTHER_ORGANIZATION, Given.USER)));
        }
    }

    @Test
    void sessionKeysAndLongLivedKeysAreRead() {
        String session =
                "{\"credential\":{\"publicKey\":\"03bf162576eb8dfecf33d9275d09595284f6c4df0db6156c3c582777886a0ee0ac\","
                        + "\"type\":\"CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256\"},\"apiKeyId\":\"" + Given.API_KEY
                        + "\",\"apiKeyName\":\"phone\",\"createdAt\":{\"seconds\":\"1763925001\",\"nanos\":\"0\"},"
                        + "\"updatedAt\":{\"seconds\":\"1763925001\",\"nanos\":\"0\"},\"expirationSeconds\":\"3600\"}";
        String longLived =
                session.replace(",\"expirationSeconds\":\"3600\"", "").replace("phone", "");
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(Given.ok("{\"apiKeys\":[" + session + "," + longLived + "]}"))) {
            Answer<List<ApiKey>> answer = clientOf(turnkey).apiKeys(Given.ORGANIZATION, Given.USER, stamper, deadline);

            ApiKey expected = new ApiKey(
                    Given.API_KEY,
                    "phone",
                    "03bf162576eb8dfecf33d9275d09595284f6c4df0db6156c3c582777886a0ee0ac",
                    "CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256",
                    Given.CREATED_AT,
                    Optional.of(Duration.ofHours(1)));
            assertThat(answer)
                    .isEqualTo(new Answer.Completed<>(List.of(
                            expected,
                            new ApiKey(
                                    Given.API_KEY,
                                    "",
                                    expected.publicKey(),
                                    expected.credentialType(),
                                    Given.CREATED_AT,
                                    Optional.empty()))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"apiKeys\":{}}",
                "{\"apiKeys\":[{}]}",
                "{\"apiKeys\":[{\"credential\":{\"publicKey\":\"03\",\"type\":\"T\"},\"apiKeyId\":\"70630e5c-ab9b-43d2-9de5-d97f527c92e0\","
                        + "\"createdAt\":{\"seconds\":\"1\"},\"expirationSeconds\":\"-1\"}]}",
                "{\"apiKeys\":[{\"credential\":{\"publicKey\":\"03\",\"type\":\"T\"},\"apiKeyId\":\"70630e5c-ab9b-43d2-9de5-d97f527c92e0\","
                        + "\"createdAt\":{\"seconds\":\"1\"},\"expirationSeconds\":\"999999999999999999\"}]}"
            })
    void aListOfKeysInAnotherFormIsUnreadable(String answer) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(answer))) {
            assertThat(clientOf(turnkey).apiKeys(Given.ORGANIZATION, Given.USER, stamper, deadline))
                    .isInstanceOf(Answer.Unreadable.class);
        }
    }

    @Test
    void anActivityCanBeLookedAt() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(Given.activity("CONSENSUS_NEEDED", "null")))) {
            Answer<Activity> answer = clientOf(turnkey).activity(Given.ORGANIZATION, Given.ACTIVITY, stamper, deadline);

            Activity activity = Given.completed(answer);
            assertThat(activity.status()).isEqualTo(ActivityStatus.CONSENSUS_NEEDED);
            assertThat(activity.organizationId()).isEqualTo(Given.ORGANIZATION);
            assertThat(activity.createdAt()).contains(Given.CREATED_AT);
            assertThat(activity.fingerprint()).contains(Given.FINGERPRINT);
        }
    }

    @Test
    void anotherActivityThanAskedForIsUnreadable() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed("{}"))) {
            assertThat(clientOf(turnkey)
                            .activity(Given.ORGANIZATION, "01989b4a-d95c-7569-87dc-000000000000", stamper, deadline))
                    .isEqualTo(new Answer.Unreadable<>("another activity than asked for"));
        }
    }

    // What a completed activity promises

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    createReadWriteSessionResultV2       | createReadWriteSessionResult         | RESULT_MISSING
                    "organizationId":"35e5c619           | "organizationId":"99999999           | WRONG_ORGANIZATION
                    "userId":"071875c1                   | "userId":"99999999                   | WRONG_USER
                    "credentialBundle":                  | "another":                           | BUNDLE_MISSING
                    "credentialBundle":"w99a5x           | "credentialBundle":"                 | BUNDLE_MALFORMED
                    "credentialBundle":"w99a5x           | "credentialBundle":"w99a5y           | BUNDLE_MALFORMED
                    """)
    void aReadWriteSessionThatIsNotWhatWasAskedForIsABrokenPromise(String part, String instead, Shortfall shortfall) {
        String result = Given.readWriteResult();
        assertThat(result).contains(part);
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(result.replace(part, instead)))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.BrokenPromise<>(shortfall, Given.ACTIVITY));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    createReadOnlySessionResult          | createReadOnlySessionResultV2        | RESULT_MISSING
                    "organizationId":"35e5c619           | "organizationId":"99999999           | WRONG_ORGANIZATION
                    "session":                           | "another":                           | SESSION_MISSING
                    "session":"ro-session-9f1c6d52-the-token-that-nobody-may-see" | "session":"" | SESSION_MISSING
                    "session":"ro-session-9f1c6d52-the-token-that-nobody-may-see" | "session":" " | SESSION_MISSING
                    "session":"ro-session-9f1c6d52-the-token-that-nobody-may-see" | "session":null | SESSION_MISSING
                    """)
    void aReadOnlySessionThatIsNotWhatWasAskedForIsABrokenPromise(String part, String instead, Shortfall shortfall) {
        String result = Given.readOnlyResult();
        assertThat(result).contains(part);
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(result.replace(part, instead)))) {
            assertThat(createReadOnly(turnkey)).isEqualTo(new Answer.BrokenPromise<>(shortfall, Given.ACTIVITY));
        }
    }

    static Stream<Arguments> notOurs() {
        return Stream.of("COMPLETED", "PENDING", "FAILED", "CONSENSUS_NEEDED").flatMap(status -> {
            String own = Given.activity(status, Given.readWriteResult());
            return Stream.of(
                            Map.entry(
                                    own.replaceFirst(Given.ORGANIZATION.value(), Given.OTHER_ORGANIZATION.value()),
                                    Shortfall.WRONG_ORGANIZATION),
                            Map.entry(own.replace("SESSION_V2\"", "SESSION\""), Shortfall.WRONG_ACTIVITY),
                            Map.entry(
                                    own.replace(Given.FINGERPRINT, Fingerprint.of(new byte[0])),
                                    Shortfall.WRONG_ACTIVITY))
                    .map(wrong -> Arguments.of(wrong.getKey(), wrong.getValue()));
        });
    }

    @ParameterizedTest
    @MethodSource("notOurs")
    void anActivityThatIsNotTheRequestsIsABrokenPromiseWhateverItsStatus(String answer, Shortfall shortfall) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(answer))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.BrokenPromise<>(shortfall, Given.ACTIVITY));
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("notOurs")
    void aPollThatFindsAnotherActivityIsABrokenPromise(String answer, Shortfall shortfall) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.pending(), Given.pending(), Given.ok(answer))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.BrokenPromise<>(shortfall, Given.ACTIVITY));
            assertThat(turnkey.requests()).hasSize(3);
        }
    }

    @Test
    void anActivityMayLeaveItsFingerprintOut() {
        String without = Given.activity("COMPLETED", Given.readWriteResult())
                .replace("\"fingerprint\":\"" + Given.FINGERPRINT + "\",", "");
        assertThat(without).doesNotContain("sha256");
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(without))) {
            assertThat(create(turnkey)).isInstanceOf(Answer.Completed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "\"\"", "{\"createReadWriteSessionResultV2\":null}"})
    void aCompletedActivityWithoutAResultIsABrokenPromise(String result) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(result))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.BrokenPromise<>(Shortfall.RESULT_MISSING, Given.ACTIVITY));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "apiKeyId":"70630e5c | "apiKeyId":"
                    "createdAt":         | "madeAt":
                    {"seconds":"1763925001","nanos":"0"},"updatedAt" | {"seconds":1763925001},"updatedAt"
                    {"seconds":"1763925001","nanos":"0"},"updatedAt" | {"seconds":"99999999999999"},"updatedAt"
                    "id":"01989b4a-d95c  | "id":"01989b4ad95c
                    "status":"ACTIVITY_STATUS_COMPLETED" | "status":"ACTIVITY_STATUS_DONE"
                    "status":"ACTIVITY_STATUS_COMPLETED" | "status":3
                    {"activity":         | {"activities":
                    """)
    void anAnswerThatLacksWhatEveryOneHasIsUnreadable(String part, String instead) {
        String answer = Given.activity("COMPLETED", Given.readWriteResult());
        assertThat(answer).contains(part);
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(answer.replace(part, instead)))) {
            assertThat(create(turnkey)).isInstanceOf(Answer.Unreadable.class);
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    // Statuses

    @Test
    void consensusNeededNamesActivityAndFingerprint() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(Given.activity("CONSENSUS_NEEDED", "{}")))) {
            TurnkeyClient client = clientOf(turnkey);
            ActivityRequest<ReadWriteSession> request =
                    client.readWriteSession(Given.ORGANIZATION, Given.phoneSession());
            assertThat(client.createReadWriteSession(request, stamper, deadline))
                    .isEqualTo(new Answer.NeedsApproval<>(Given.ACTIVITY, request.fingerprint()));
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @Test
    void authenticatorsNeededAndRejectedAreEndsOfTheirOwn() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.ok(Given.activity("AUTHENTICATORS_NEEDED", "null")),
                Given.ok(Given.activity("REJECTED", "null")))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.AuthenticatorsNeeded<>(Given.ACTIVITY));
            assertThat(create(turnkey)).isEqualTo(new Answer.Rejected<>(Given.ACTIVITY));
        }
    }

    @Test
    void aFailedActivitySpeaksThroughTheSameErrors() {
        String answer = Given.activity("FAILED", "null")
                .replace(
                        "\"failure\":null",
                        "\"failure\":{\"code\":7,\"message\":\"request not authorized\",\"details\":[{\"@type\":\"t\"},"
                                + "{\"@type\":\"u\",\"turnkeyErrorCode\":\"REQUEST_NOT_AUTHORIZED\"}]}");
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(answer))) {
            Answer.Failed<?> failed = Given.failed(create(turnkey));
            assertThat(failed.activityId()).isEqualTo(Given.ACTIVITY);
            assertThat(failed.refusal()).isEqualTo(Refusal.NOT_AUTHORIZED);
            assertThat(failed.code()).contains("REQUEST_NOT_AUTHORIZED");
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @Test
    void aFailedActivityMayGiveNoReason() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(Given.activity("FAILED", "null")))) {
            Answer.Failed<?> failed = Given.failed(create(turnkey));
            assertThat(failed.refusal()).isEqualTo(Refusal.OTHER);
            assertThat(failed.code()).isEmpty();
        }
    }

    // Waiting for pending activities

    @Test
    void aPendingActivityIsAskedForByTheSameBytesFirstAndThenById() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.pending(),
                Given.ok(Given.activity("CREATED", "null")),
                Given.pending(),
                Given.completed(Given.readWriteResult()))) {
            assertThat(create(turnkey)).isInstanceOf(Answer.Completed.class);

            assertThat(turnkey.paths())
                    .containsExactly(
                            "/public/v1/submit/create_read_write_session",
                            "/public/v1/submit/create_read_write_session",
                            "/public/v1/query/get_activity",
                            "/public/v1/query/get_activity");
            assertThat(turnkey.bodies().get(1)).isEqualTo(turnkey.bodies().get(0));
            assertThat(turnkey.bodies().get(2)).contains(Given.ORGANIZATION.value(), Given.ACTIVITY);
            assertThat(turnkey.bodies().get(3)).contains(Given.ORGANIZATION.value(), Given.ACTIVITY);
            assertThat(time.pauses())
                    .containsExactly(Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));
        }
    }

    @Test
    void theResultOfAPendingActivityMayBeAbsent() {
        String absent = Given.activity("PENDING", "null").replace("\"result\":null,", "");
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(Given.ok(absent), Given.completed(Given.readWriteResult()))) {
            assertThat(create(turnkey)).isInstanceOf(Answer.Completed.class);
        }
    }

    @Test
    void anActivityThatStaysPendingEndsInsideTheDeadline() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.pending())) {
            assertThat(create(turnkey)).isEqualTo(new Answer.TooSlow<>(Optional.of(Given.ACTIVITY)));
            // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 5 + 5 = 16.2; another 5 would not fit into 20.
            assertThat(time.pauses()).hasSize(7).last().isEqualTo(Duration.ofSeconds(5));
            assertThat(deadline.left()).isEqualTo(Duration.ofMillis(3_800));
        }
    }

    @Test
    void aRefusalWhileWaitingIsTheEnd() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.pending(), Given.pending(), Given.error(401, "PUBLIC_KEY_NOT_FOUND", "gone"))) {
            assertThat(Given.refused(create(turnkey)).refusal()).isEqualTo(Refusal.KEY_UNKNOWN);
        }
    }

    @Test
    void aWaitThatIsInterruptedEndsAndLeavesTheInterruptSet() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.pending())) {
            TurnkeyClient client = Given.client(turnkey.url(), http, span -> {
                throw new InterruptedException();
            });
            assertThat(client.createReadWriteSession(
                            client.readWriteSession(Given.ORGANIZATION, Given.phoneSession()), stamper, deadline))
                    .isEqualTo(new Answer.TooSlow<>(Optional.of(Given.ACTIVITY)));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    // The stamper

    @Test
    void aRemoteKeyThatDoesNotAnswerSendsNothing() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            Stamper broken = new Stamper() {
                @Override
                public P256PublicKey publicKey() {
                    return stamper.publicKey();
                }

                @Override
                public Stamp stamp(byte[] body) throws IOException {
                    throw new IOException("no answer");
                }
            };
            TurnkeyClient client = clientOf(turnkey);
            assertThatThrownBy(() -> client.whoami(Given.ORGANIZATION, broken, deadline))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(turnkey.requests()).isEmpty();
        }
    }

    @Test
    void anotherKeyMayStampTheSameRequestAfterTheCredentialWasLoadedAnew() throws CryptoException {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                        Given.error(401, "API_KEY_EXPIRED", "expired api key"),
                        Given.completed(Given.readWriteResult()));
                LocalStamper rotated = new LocalStamper(
                        P256PrivateKey.fromHex("9720de87f61537e481f95f4433bed97b9d60719457c4dd20dac4bbf377f59c69"))) {
            TurnkeyClient client = clientOf(turnkey);
            ActivityRequest<ReadWriteSession> request =
                    client.readWriteSession(Given.ORGANIZATION, Given.phoneSession());
            assertThat(Given.refused(client.createReadWriteSession(request, stamper, deadline))
                            .refusal())
                    .isEqualTo(Refusal.KEY_EXPIRED);
            assertThat(client.createReadWriteSession(request, rotated, deadline))
                    .isInstanceOf(Answer.Completed.class);

            assertThat(turnkey.bodies().get(1)).isEqualTo(turnkey.bodies().get(0));
            assertThat(Stamp.parse(turnkey.requests().get(1).header("X-Stamp").orElseThrow())
                            .publicKey())
                    .isEqualTo(rotated.publicKey());
        }
    }

    // What is refused before it is sent

    @Test
    void parametersThatTurnkeyCouldNotTakeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> parameters("", Duration.ofMinutes(15)));
        assertThatIllegalArgumentException().isThrownBy(() -> parameters("n", Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> parameters("n", Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> parameters("n", Duration.ofMillis(1_500)));
        TurnkeyClient client = Given.client(URI.create("http://127.0.0.1:1"), http, time);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.deleteApiKeys(Given.ORGANIZATION, Given.USER, List.of()));
    }

    private static ReadWriteSession.Parameters parameters(String name, Duration expiration) {
        return new ReadWriteSession.Parameters(Given.target(), Optional.empty(), name, expiration, false);
    }

    @Test
    void aReplyIsNeverTakenFromAnotherRedirectedHost() {
        try (ScriptedTurnkey elsewhere = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()));
                ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                        Reply.json(307, "{}").with("Location", elsewhere.url() + "/public/v1/submit/x"))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.Unreadable<>("status 307"));
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(turnkey.requests()).hasSize(1);
        }
    }
}
