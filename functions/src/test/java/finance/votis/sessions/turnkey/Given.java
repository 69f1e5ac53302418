package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.standins.http.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Known values, and answers as Turnkey writes them (Turnkey docs: captured activities). */
final class Given {
    static final OrganizationId ORGANIZATION = new OrganizationId("35e5c619-ba95-417c-bb48-b16f1543aea0");
    static final OrganizationId OTHER_ORGANIZATION = new OrganizationId("9c3a1f0e-7b1d-4c61-8a55-3f2c9e10d7b4");
    static final UserId USER = new UserId("071875c1-229b-4544-b2b2-028367c4c447");
    static final UserId OTHER_USER = new UserId("5d0f0a77-3c3f-4a9e-9d0e-6a1b7c2d8e9f");
    static final ApiKeyId API_KEY = new ApiKeyId("70630e5c-ab9b-43d2-9de5-d97f527c92e0");
    static final String ACTIVITY = "01989b4a-d95c-7569-87dc-e35ffc34497f";
    static final Instant NOW = Instant.ofEpochMilli(1_763_925_000_123L);
    static final Instant CREATED_AT = Instant.ofEpochSecond(1_763_925_001);

    /** A bundle of Turnkey's own tests, and the key it is sealed to (github.com/tkhq/sdk, packages/crypto, crypto-test.ts). */
    static final String BUNDLE =
            "w99a5xV6A75TfoAUkZn869fVyDYvgVsKrawMALZXmrauZd8hEv66EkPU1Z42CUaHESQjcA5bqd8dynTGBMLWB9ewtXWPEVbZvocB4Tw2K1vQVp7uwjf";

    static final String TARGET =
            "0464fb511728122da3b7b8a449c79d7a9e3fb847f4cbf0efbc6c82f68ada0ae5ebd1f9b6a45f5e4b61852c8e293a7b79022422ffff9ea8fba7297271b589cc9ed2";
    /** Of the request for {@link #phoneSession()} at {@link #NOW}. */
    static final String FINGERPRINT = "sha256:5bc68fc91358a28a792720a9ca838221d4bf195ea3731c049e8b3f6359a2a95b";

    static final String SESSION = "ro-session-9f1c6d52-the-token-that-nobody-may-see";

    private Given() {}

    /** The key of Turnkey's own stamper tests (github.com/tkhq/sdk, packages/api-key-stamper, fixtures). */
    static LocalStamper stamper() {
        try {
            return new LocalStamper(
                    P256PrivateKey.fromHex("487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c"));
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    static P256PublicKey target() {
        try {
            return P256PublicKey.fromUncompressedHex(TARGET);
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    static ReadWriteSession.Parameters phoneSession() {
        return new ReadWriteSession.Parameters(
                target(), Optional.of(USER), "phone 4f2a", Duration.ofMinutes(15), false);
    }

    static TurnkeyClient client(URI url, HttpClient http, Waiting waiting) {
        return client(new TurnkeyHttp(url, http), waiting);
    }

    static TurnkeyClient client(TurnkeyHttp http, Waiting waiting) {
        return TurnkeyClient.over(http, InstantSource.fixed(NOW), waiting, () -> () -> 0L);
    }

    static Reply.Whole ok(String json) {
        return Reply.json(200, json);
    }

    static Reply.Whole error(int status, String code, String message) {
        return Reply.json(status, """
                {"code":3,"message":"%s","details":[{"@type":"type.googleapis.com/errors.v1.TurnkeyErrorDetail","turnkeyErrorCode":"%s"}]}\
                """.formatted(message, code));
    }

    static Reply.Whole errorWithoutCode(int status, String message) {
        return Reply.json(status, """
                {"code":13,"message":"%s","details":[]}""".formatted(message));
    }

    private static String type(String result) {
        if (result.contains("ReadOnlySession")) {
            return "CREATE_READ_ONLY_SESSION";
        }
        return result.contains("deleteApiKeys") ? "DELETE_API_KEYS" : "CREATE_READ_WRITE_SESSION_V2";
    }

    static String activity(String status, String result) {
        return """
                {"activity":{"id":"%s","organizationId":"%s","status":"ACTIVITY_STATUS_%s","type":"ACTIVITY_TYPE_%s",\
                "intent":{},"result":%s,"votes":[{"message":"not for the log"}],\
                "fingerprint":"%s","canApprove":false,"canReject":true,\
                "createdAt":{"seconds":"1763925001","nanos":"0"},"updatedAt":{"seconds":"1763925002","nanos":"0"},"failure":null}}\
                """.formatted(ACTIVITY, ORGANIZATION, status, type(result), result, FINGERPRINT);
    }

    static String readWriteResult() {
        return """
                {"createReadWriteSessionResultV2":{"organizationId":"%s","organizationName":"Ada's wallet","userId":"%s",\
                "username":"ada","apiKeyId":"%s","credentialBundle":"%s"}}""".formatted(ORGANIZATION, USER, API_KEY, BUNDLE);
    }

    static String readOnlyResult() {
        return """
                {"createReadOnlySessionResult":{"organizationId":"%s","organizationName":"Ada's wallet","userId":"%s",\
                "username":"delegate","session":"%s","sessionExpiry":"1763928600"}}\
                """.formatted(ORGANIZATION, USER, SESSION);
    }

    static Reply.Whole completed(String result) {
        return ok(activity("COMPLETED", result));
    }

    static Reply.Whole pending() {
        return ok(activity("PENDING", "{}"));
    }

    static Answer.Refused<?> refused(Answer<?> answer) {
        if (answer instanceof Answer.Refused<?> refused) {
            return refused;
        }
        throw new AssertionError("not refused: " + answer);
    }

    static Answer.Failed<?> failed(Answer<?> answer) {
        if (answer instanceof Answer.Failed<?> failed) {
            return failed;
        }
        throw new AssertionError("not failed: " + answer);
    }

    static <T> T completed(Answer<T> answer) {
        if (answer instanceof Answer.Completed<T>(T value)) {
            return value;
        }
        throw new AssertionError("not completed: " + answer);
    }

    /** Time that passes only while somebody waits. */
    static final class StillTime implements Waiting {
        private final List<Duration> pauses = new ArrayList<>();
        private long nanos;

        @Override
        public void pause(Duration span) {
            pauses.add(span);
            nanos += span.toNanos();
        }

        Deadline deadline(Duration span) {
            return Deadline.after(span, () -> nanos);
        }

        List<Duration> pauses() {
            return pauses;
        }
    }
}
