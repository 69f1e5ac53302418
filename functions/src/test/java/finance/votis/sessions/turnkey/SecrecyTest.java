package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.standins.http.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a call ends with may be logged: it holds no bundle, no token, no stamp and no text of Turnkey's. */
class SecrecyTest {
    private static final String TEXT = "for ada@example.com at 42 Wallaby Way";

    private final Given.StillTime time = new Given.StillTime();

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final LocalStamper stamper = Given.stamper();

    static List<Reply.Whole> answers() {
        String bad = Given.BUNDLE.replace("w99a5x", "w99a5y");
        String failure = "\"failure\":"
                + new String(
                        Given.error(200, "INTERNAL", "internal server error " + TEXT)
                                .body(),
                        StandardCharsets.UTF_8);
        return List.of(
                Given.completed(Given.readWriteResult()),
                Given.completed(Given.readOnlyResult()),
                Given.completed(Given.readWriteResult().replace(Given.BUNDLE, bad)),
                Given.completed(Given.readWriteResult().replace("apiKeyId", Given.SESSION)),
                Given.completed(Given.readWriteResult().replaceFirst("35e5c619", "99999999")),
                Given.completed(Given.readOnlyResult().replace("1763928600", TEXT)),
                Given.completed(Given.readOnlyResult().replaceFirst("35e5c619", "99999999")),
                Given.ok(Given.activity("FAILED", "null").replace("\"failure\":null", failure)),
                Given.ok(Given.activity("FAILED", "null").replace("ACTIVITY_STATUS_FAILED", TEXT)),
                Given.ok(Given.activity("COMPLETED", "null").replace(Given.ACTIVITY, TEXT)),
                Given.ok(Given.BUNDLE + Given.SESSION + TEXT),
                Given.error(400, TEXT, TEXT),
                Given.error(403, "REQUEST_NOT_AUTHORIZED", "request not authorized " + TEXT),
                Given.errorWithoutCode(500, "internal server error " + TEXT),
                Reply.of(404, TEXT + "; " + Given.SESSION, TEXT.getBytes(StandardCharsets.UTF_8)),
                Reply.of(502, "text/html", (TEXT + Given.SESSION).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void noEndOfACallPrintsWhatMustNotBeLogged(Reply.Whole answer) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(answer)) {
            TurnkeyClient client = Given.client(turnkey.url(), http, time);
            ActivityRequest<ReadWriteSession> readWrite =
                    client.readWriteSession(Given.ORGANIZATION, Given.phoneSession());
            ActivityRequest<ReadOnlySession> readOnly = client.readOnlySession(Given.ORGANIZATION);

            String printed = String.join(
                    "\n",
                    client.createReadWriteSession(readWrite, stamper, time.deadline(Duration.ofSeconds(9)))
                            .toString(),
                    client.createReadOnlySession(readOnly, stamper, time.deadline(Duration.ofSeconds(9)))
                            .toString(),
                    client.activity(Given.ORGANIZATION, Given.ACTIVITY, stamper, time.deadline(Duration.ofSeconds(9)))
                            .toString(),
                    client.whoami(Given.ORGANIZATION, stamper, time.deadline(Duration.ofSeconds(9)))
                            .toString(),
                    readWrite.toString(),
                    readOnly.toString());
            assertThat(printed)
                    .doesNotContain("w99a5", Given.BUNDLE.substring(20, 40), "ro-session", "nobody-may-see")
                    .doesNotContain("ada@example.com", "Wallaby", "not for the log");
            turnkey.requests()
                    .forEach(request -> assertThat(printed)
                            .doesNotContain(
                                    request.header("X-Stamp").orElseThrow().substring(0, 20))
                            .doesNotContain("targetPublicKey"));
        }
    }

    @Test
    void theCarriersPrintNothingOfWhatTheyCarry() {
        SealedBundle bundle = new SealedBundle(Given.BUNDLE);
        assertThat(bundle).hasToString("SealedBundle[<redacted>]");
        assertThat(bundle.text()).isEqualTo(Given.BUNDLE);
        SessionToken token = new SessionToken(Given.SESSION);
        assertThat(token).hasToString("SessionToken[<redacted>]");
        assertThat(token.text()).isEqualTo(Given.SESSION);
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionToken(" "));
        Optional<ObjectNode> body =
                Json.object(Given.completed(Given.readWriteResult()).body());
        assertThat(new finance.votis.sessions.turnkey.Reply.Answered(
                        200, "application/json", Optional.empty(), Optional.empty(), body, Given.SESSION))
                .hasToString("Answered[200, application/json]");
        assertThat(new Answer.Completed<>(body.orElseThrow())).hasToString("Completed[<redacted>]");
    }

    @Test
    void aBundleThatIsNoneIsRefusedWithoutBeingNamed() {
        String no = Given.BUNDLE.replace("w99a5x", "w99a5y");
        Throwable refused = catchThrowable(() -> new SealedBundle(no));
        assertThat(refused).isInstanceOf(IllegalArgumentException.class);

        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("w99a5", no.substring(20, 40));
    }
}
