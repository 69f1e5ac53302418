package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.runtime.Deadline;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that was kept as bytes is the request again, or nothing. */
class StoredRequestTest {
    private static final ReadWriteSession.Parameters NIGHTLY = new ReadWriteSession.Parameters(
            Given.target(), Optional.empty(), "Server session \"nächtlich\"", Duration.ofHours(3), true);

    private final Given.StillTime time = new Given.StillTime();
    private final Deadline deadline = time.deadline(Duration.ofSeconds(20));

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final LocalStamper stamper = Given.stamper();

    private final TurnkeyClient nowhere = Given.client(URI.create("http://127.0.0.1:1"), http, time);

    private Optional<StoredRequest> stored(String body) {
        return nowhere.storedReadWriteSession(Given.ORGANIZATION, body.getBytes(StandardCharsets.UTF_8));
    }

    private String written(ReadWriteSession.Parameters parameters) {
        return new String(
                nowhere.readWriteSession(Given.ORGANIZATION, parameters).body(), StandardCharsets.UTF_8);
    }

    @Test
    void itSaysWhatItSaidAndIsSentByteForByte() {
        byte[] kept = nowhere.readWriteSession(Given.ORGANIZATION, NIGHTLY).body();
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Given.completed(Given.readWriteResult()))) {
            // A later run has a later clock.
            TurnkeyClient later = TurnkeyClient.over(
                    new TurnkeyHttp(turnkey.url(), http),
                    () -> Given.NOW.plus(Duration.ofMinutes(49)),
                    time,
                    () -> () -> 0L);
            StoredRequest stored =
                    later.storedReadWriteSession(Given.ORGANIZATION, kept).orElseThrow();
            assertThat(stored.parameters()).isEqualTo(NIGHTLY);
            assertThat(stored.request().timestamp()).isEqualTo(Given.NOW);
            Given.completed(later.createReadWriteSession(stored.request(), stamper, deadline));

            assertThat(turnkey.onlyRequest().body()).isEqualTo(kept);
            assertThat(turnkey.onlyRequest().path()).isEqualTo("/public/v1/submit/create_read_write_session");
        }
    }

    @Test
    void theUserThatWasAskedForIsStillCheckedInTheAnswer() {
        StoredRequest stored = stored(written(Given.phoneSession())).orElseThrow();
        assertThat(stored.parameters()).isEqualTo(Given.phoneSession());
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(
                Given.completed(Given.readWriteResult().replace(Given.USER.value(), Given.OTHER_USER.value())))) {
            assertThat(Given.client(turnkey.url(), http, time)
                            .createReadWriteSession(stored.request(), stamper, deadline))
                    .isEqualTo(new Answer.BrokenPromise<>(Shortfall.WRONG_USER, Given.ACTIVITY));
        }
    }

    @Test
    void theBytesThatAreKeptAreTheCallersNoLonger() {
        byte[] kept = nowhere.readWriteSession(Given.ORGANIZATION, NIGHTLY).body();
        StoredRequest stored =
                nowhere.storedReadWriteSession(Given.ORGANIZATION, kept).orElseThrow();
        String fingerprint = stored.request().fingerprint();
        kept[10] ^= 1;
        assertThat(stored.request().fingerprint()).isEqualTo(fingerprint);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`_SESSION_V2`,`_SESSION`",
                "35e5c619,99999999",
                "`\"type\":`,`\"type\": `",
                "`\"parameters\"`,`\"generateAppProofs\":true,\"parameters\"`",
                "`{\"targetPublicKey\"`,`{\"admin\":true,\"targetPublicKey\"`",
                "`\"1763925000123\"`,1763925000123",
                "1763925000123,01763925000123",
                "1763925000123,x",
                "1763925000123,9999999999999999999",
                "0464fb,0464fc",
                "0464fb,0464FB",
                "071875c1,71875c1",
                "071875c1-229b,071875C1-229b",
                "phone 4f2a,``",
                "`\"apiKeyName\":\"phone 4f2a\",`,``",
                "`\"900\"`,900",
                "`\"900\"`,`\"0\"`",
                "`\"900\"`,`\"0900\"`",
                "`false`,`\"false\"`",
                "`false`,null",
                "`}}`,`}} `",
                "`}}`,`}`"
            })
    void otherBytesAreNone(String part, String other) {
        String body = written(Given.phoneSession());
        assertThat(body).contains(part);
        assertThat(stored(body)).isPresent();
        assertThat(stored(body.replaceFirst(Pattern.quote(part), other))).isEmpty();
    }

    @Test
    void neitherAnotherActivityNorNothingIsOne() {
        String readOnly = new String(nowhere.readOnlySession(Given.ORGANIZATION).body(), StandardCharsets.UTF_8);
        assertThat(stored(readOnly)).isEmpty();
        assertThat(stored("")).isEmpty();
        assertThat(stored("[]")).isEmpty();
        assertThat(nowhere.storedReadWriteSession(Given.ORGANIZATION, new byte[] {'{', (byte) 0xff, '}'}))
                .isEmpty();
    }

    @Test
    void itsTimeIsTheOneInItsBytes() {
        String body = written(NIGHTLY).replace("1763925000123", "1");
        assertThat(stored(body).orElseThrow().request().timestamp()).isEqualTo(Instant.ofEpochMilli(1));
    }
}
