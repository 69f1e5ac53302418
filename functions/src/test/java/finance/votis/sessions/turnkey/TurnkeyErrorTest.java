package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.standins.http.Reply;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Turnkey docs: errors. Each documented row, as an HTTP answer with its code, without it, and as a failed activity. */
class TurnkeyErrorTest {
    private static final String NOT_LIMITED = """
            400 | INVALID_ORGANIZATION_ID | malformed organization ID provided                                          | BAD_ORGANIZATION_ID    | 1
            400 | REQUEST_INVALID         | bad request body                                                            | BAD_REQUEST            | 1
            400 | REQUEST_INVALID         | invalid api key expiration                                                  | BAD_EXPIRATION         | 1
            400 | ORGANIZATION_MISMATCH   | organization mismatch: request is targeting organization (A), but voters are in organization (B) | ORGANIZATION_MISMATCH | 1
            401 | SIGNATURE_MISSING       | no valid authentication signature found for request                         | STAMP_NOT_ACCEPTED     | 1
            401 | SIGNATURE_MISSING       | cannot authenticate public API activity request without a stamp (X-Stamp/X-Stamp-Webauthn header) | STAMP_NOT_ACCEPTED | 1
            401 | SIGNATURE_MISSING       | malformed activity stamp                                                    | STAMP_NOT_ACCEPTED     | 1
            401 | SIGNATURE_MISSING       | could not extract api key stamp                                             | STAMP_NOT_ACCEPTED     | 1
            401 | SIGNATURE_MISSING       | could not extract webauthn stamp                                            | STAMP_NOT_ACCEPTED     | 1
            401 | SIGNATURE_INVALID       | could not verify api key signature                                          | SIGNATURE_INVALID      | 2
            401 | PUBLIC_KEY_NOT_FOUND    | could not find public key in organization                                   | KEY_UNKNOWN            | 1
            401 | PUBLIC_KEY_NOT_FOUND    | could not find public key in organization or its parent organization        | KEY_UNKNOWN            | 1
            401 | PUBLIC_KEY_NOT_FOUND    | public key could not be found in organization or its parent organization    | KEY_UNKNOWN            | 1
            401 | API_KEY_EXPIRED         | expired api key                                                             | KEY_EXPIRED            | 1
            401 | CREDENTIAL_CONFLICT     | more than one suborg associated with a public key                           | CREDENTIAL_CONFLICT    | 1
            403 | REQUEST_NOT_AUTHORIZED  | request not authorized                                                      | NOT_AUTHORIZED         | 1
            403 | API_OPERATIONS_DISABLED | api operations disabled                                                     | OPERATIONS_DISABLED    | 1
            403 | UNAUTHENTICATED         | authentication failed                                                       | OPERATIONS_DISABLED    | 1
            404 | ORGANIZATION_NOT_FOUND  | no organization found with the given ID                                     | ORGANIZATION_NOT_FOUND | 1
            429 | SIGNING_QUOTA_EXCEEDED  | this organization is over its allotted quota                                | QUOTA_EXCEEDED         | 1
            500 | INTERNAL                | internal server error (1f2e3d4c-5b6a-4788-9900-aabbccddeeff)                | INTERNAL               | 4
            """;

    private static final String WITHOUT_CODE_OF_THEIR_OWN = """
            404 | No activity found with fingerprint. Consensus activities must target an existing activity by fingerprint | NOT_FOUND | 1
            404 | api key not found                                                           | NOT_FOUND      | 1
            429 | user has exceeded maximum long-lived api keys                               | TOO_MANY_KEYS  | 1
            429 | user has exceeded maximum short-lived api keys                              | TOO_MANY_KEYS  | 1
            429 | the organization is over its allotted quota                                 | QUOTA_EXCEEDED | 1
            400 | something that nobody has seen before                                       | OTHER          | 1
            501 | something that nobody has seen before                                       | INTERNAL       | 1
            503 | something that nobody has seen before                                       | INTERNAL       | 4
            """;

    private final Given.StillTime time = new Given.StillTime();

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final LocalStamper stamper = Given.stamper();

    private Answer<ReadWriteSession> create(ScriptedTurnkey turnkey) {
        TurnkeyClient client = Given.client(turnkey.url(), http, time);
        return client.createReadWriteSession(
                client.readWriteSession(Given.ORGANIZATION, Given.phoneSession()),
                stamper,
                time.deadline(Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = NOT_LIMITED)
    void aRowOfTheTableWithItsCode(int status, String code, String message, Refusal refusal, int sent) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.error(status, code, message))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            assertThat(refused.refusal()).isEqualTo(refusal);
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.code()).contains(code);
            assertThat(turnkey.requests()).hasSize(sent);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = NOT_LIMITED)
    void aRowOfTheTableByItsTextAlone(int status, String code, String message, Refusal refusal, int sent) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.errorWithoutCode(status, message))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            assertThat(refused.refusal()).isEqualTo(refusal);
            assertThat(refused.code()).isEmpty();
            assertThat(turnkey.requests()).hasSize(sent);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = WITHOUT_CODE_OF_THEIR_OWN)
    void aRowWithoutACode(int status, String message, Refusal refusal, int sent) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.errorWithoutCode(status, message))) {
            assertThat(Given.refused(create(turnkey)).refusal()).isEqualTo(refusal);
            assertThat(turnkey.requests()).hasSize(sent);
        }
    }

    /** The text of a row counts for more than the code that it shares with others. */
    @ParameterizedTest
    @CsvSource({"RATE_LIMIT_EXCEEDED", "REQUEST_INVALID", "UNSPECIFIED"})
    void tooManyKeysIsNoRateWhateverTheCode(String code) {
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(Given.error(429, code, "user has exceeded maximum long-lived api keys"))) {
            assertThat(Given.refused(create(turnkey)).refusal()).isEqualTo(Refusal.TOO_MANY_KEYS);
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = NOT_LIMITED)
    void aFailedActivityMeansTheSame(int status, String code, String message, Refusal refusal, int sent) {
        String answer = Given.activity("FAILED", "null")
                .replace(
                        "\"failure\":null",
                        "\"failure\":"
                                + new String(Given.error(status, code, message).body(), StandardCharsets.UTF_8));
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.ok(answer))) {
            Answer.Failed<?> failed = Given.failed(create(turnkey));
            assertThat(failed.refusal()).isEqualTo(refusal);
            assertThat(failed.code()).contains(code);
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    /** A remote key signs differently each time. */
    @Test
    void anInvalidSignatureIsMadeAnewOnceOverTheSameBytes() {
        Reply.Whole invalid = Given.error(401, "SIGNATURE_INVALID", "could not verify api key signature");
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(invalid, Given.completed(Given.readWriteResult()))) {
            Given.completed(create(turnkey));
            assertThat(turnkey.bodies().get(1)).isEqualTo(turnkey.bodies().get(0));
            assertThat(time.pauses()).isEmpty();
        }
    }

    @Test
    void stampingAnewAddsOneSendToARowOfRepeatsAndNoMore() {
        Reply.Whole internal = Given.errorWithoutCode(500, "internal server error");
        Reply.Whole invalid = Given.error(401, "SIGNATURE_INVALID", "could not verify api key signature");
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(internal, internal, internal, invalid, internal)) {
            assertThat(Given.refused(create(turnkey)).refusal()).isEqualTo(Refusal.INTERNAL);
            assertThat(turnkey.requests()).hasSize(5);
        }
    }

    @Test
    void tooManyRequestsWaitsAndIsSentAgain() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.errorWithoutCode(429, "Too many requests. Please wait and try again in a few seconds"),
                Given.completed(Given.readWriteResult()))) {
            Given.completed(create(turnkey));
            assertThat(turnkey.bodies().get(1)).isEqualTo(turnkey.bodies().get(0));
            assertThat(time.pauses()).containsExactly(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRateThatStaysTooHighSaysWhenToComeAgain() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.errorWithoutCode(429, "Too many requests. Please wait and try again in a few seconds"))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.RateLimited<>(Duration.ofSeconds(1)));
            assertThat(turnkey.requests()).hasSize(4);
        }
    }

    @Test
    void retryAfterIsObeyed() {
        Reply.Whole limited = Given.errorWithoutCode(429, "Too many requests. Please wait");
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(limited.with("Retry-After", "7"), Given.completed(Given.readWriteResult()))) {
            Given.completed(create(turnkey));
            assertThat(time.pauses()).containsExactly(Duration.ofSeconds(7));
        }
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(limited.with("Retry-After", "60"))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.RateLimited<>(Duration.ofSeconds(60)));
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"})
    void anOddRetryAfterIsAtLeastASecond(String header) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.errorWithoutCode(429, "Too many requests").with("Retry-After", header))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.RateLimited<>(Duration.ofSeconds(1)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "this sub-organization cannot execute activities because its parent has been rate limited, RATE_LIMIT_EXCEEDED",
        "this organization cannot execute activities because it has been rate limited, UNSPECIFIED",
        "another text, RATE_LIMIT_EXCEEDED"
    })
    void anOrganizationThatIsHeldBackIsNotAskedAgainAtOnce(String message, String code) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.error(429, code, message))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.RateLimited<>(Duration.ofSeconds(30)));
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @Test
    void a429FromAMachineBeforeTurnkeyIsARate() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Reply.of(429, "text/html", "<h1>slow down</h1>".getBytes(StandardCharsets.UTF_8)),
                Given.completed(Given.readWriteResult()))) {
            Given.completed(create(turnkey));
        }
    }

    @Test
    void a429WithACodeThatWeDoNotKnowIsNoRate() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.error(429, "MAX_OTP_INITIATED", "too often"))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            assertThat(refused.refusal()).isEqualTo(Refusal.OTHER);
            assertThat(refused.code()).contains("MAX_OTP_INITIATED");
        }
    }

    @Test
    void aCodeThatDoesNotExistYetParses() {
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(Given.error(400, "QUANTUM_NOT_ENTANGLED_7", "come back later"))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            assertThat(refused.refusal()).isEqualTo(Refusal.OTHER);
            assertThat(refused.code()).contains("QUANTUM_NOT_ENTANGLED_7");
        }
    }

    @Test
    void whatDoesNotLookLikeACodeIsNotTakenForOne() {
        try (ScriptedTurnkey turnkey =
                ScriptedTurnkey.saying(Given.error(400, "ada@example.com", "request for ada@example.com"))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            assertThat(refused.code()).isEmpty();
            assertThat(refused.toString()).doesNotContain("ada@example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"details\":null,\"message\":null}",
                "{\"details\":[],\"message\":\"\"}",
                "{\"details\":[null,3,{}],\"message\":7}",
                "{\"details\":\"no list\"}"
            })
    void anErrorThatSaysNothingIsARefusalAllTheSame(String body) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Reply.json(400, body))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            assertThat(refused.refusal()).isEqualTo(Refusal.OTHER);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEmpty();
        }
    }

    @Test
    void theIncidentOfAnInternalErrorIsKeptForTheLog() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.error(
                500, "INTERNAL", "internal server error (1f2e3d4c-5b6a-4788-9900-aabbccddeeff) for ada@example.com"))) {
            Answer.Refused<?> refused = Given.refused(create(turnkey));
            TurnkeyError error = refused.error();
            assertThat(refused.incident()).isEqualTo(error.incident());
            assertThat(refused.status()).isEqualTo(500);
            assertThat(error.incident()).contains("1f2e3d4c-5b6a-4788-9900-aabbccddeeff");
            assertThat(error)
                    .hasToString("TurnkeyError[INTERNAL, INTERNAL, incident 1f2e3d4c-5b6a-4788-9900-aabbccddeeff]");
        }
    }
}
