package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Turnkey's clock and ours: what differs too much is told by name, and nothing that was made is lost for it. */
class ClockSkewTest {
    private final Given.StillTime time = new Given.StillTime();
    private final Deadline deadline = time.deadline(Duration.ofSeconds(20));

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(InstantSource.fixed(Given.NOW)).start();

    private final DemoWorld demo = turnkey.demo();
    private final OrganizationId parent = new OrganizationId(demo.parentId());
    private final UserId adminUser = new UserId(demo.adminUserId());

    @AutoClose
    private final LocalStamper admin = demo.adminKey().stamper();

    @AutoClose
    private final TargetKeyPair target = TargetKeyPair.generate(new SecureRandom());

    private final TurnkeyClient client = Given.client(turnkey.url(), http, time);

    private Answer<Identity> whoami() {
        return client.whoami(parent, admin, deadline);
    }

    private Answer<ReadWriteSession> create() {
        return client.createReadWriteSession(
                client.readWriteSession(
                        parent,
                        new ReadWriteSession.Parameters(
                                target.publicKey(), Optional.empty(), "nightly", Duration.ofHours(3), false)),
                admin,
                deadline);
    }

    // Against a Turnkey with another clock

    @ParameterizedTest
    @ValueSource(longs = {-119, 119})
    void upToTwoMinutesAreNoSkew(long turnkeyAhead) {
        turnkey.faults().skewClock(Duration.ofSeconds(turnkeyAhead));
        assertThat(whoami()).isInstanceOf(Answer.Completed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "-121,our clock is 120 s ahead of Turnkey's",
        "121,our clock is 120 s behind Turnkey's",
        "-3600,our clock is 3599 s ahead of Turnkey's",
        "86400,our clock is 86399 s behind Turnkey's"
    })
    void moreIsToldOfEveryQuery(long turnkeyAhead, String message) {
        turnkey.faults().skewClock(Duration.ofSeconds(turnkeyAhead));
        for (Answer<?> answer : List.of(
                whoami(),
                client.apiKeys(parent, adminUser, admin, deadline),
                client.activity(parent, Given.ACTIVITY, admin, deadline),
                client.findActivity(client.readOnlySession(parent), admin, deadline))) {
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.ClockOff.class,
                            off -> assertThat(off.message()).isEqualTo(message));
        }
        assertThat(turnkey.requests()).hasSize(4);
    }

    @Test
    void aSessionThatWasMadeIsNotLost() {
        turnkey.faults().skewClock(Duration.ofMinutes(4));
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.pending(3));

        assertThat(create()).isInstanceOf(Answer.Completed.class);
        assertThat(turnkey.requests(Endpoint.GET_ACTIVITY)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-6, 61})
    void aRequestWhoseTimeTurnkeyDoesNotTakeIsToldAsAWrongClock(long turnkeyAheadMinutes) {
        turnkey.faults().skewClock(Duration.ofMinutes(turnkeyAheadMinutes));
        assertThat(create()).isInstanceOf(Answer.ClockOff.class);
        assertThat(turnkey.requests()).hasSize(1);
    }

    @Test
    void aKeyThatIsOverByTurnkeysClockAloneIsToldAsAWrongClock() throws Exception {
        ReadWriteSession made = Given.completed(create());
        try (LocalStamper opened = new LocalStamper(
                target.open(CredentialBundle.parse(made.credentialBundle().text())))) {
            turnkey.faults().skewClock(Duration.ofHours(4));
            assertThat(client.whoami(parent, opened, deadline)).isInstanceOf(Answer.ClockOff.class);
        }
    }

    // What the header may say

    private static final Duration SLOW = Duration.ofSeconds(4);

    /** Given.NOW is 19:10:00.123; the answer comes four seconds later by our clock. */
    private Answer<Identity> whoamiSaying(Reply.Whole answer) {
        Iterator<Instant> clock = List.of(Given.NOW, Given.NOW.plus(SLOW)).iterator();
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(answer)) {
            return TurnkeyClient.over(new TurnkeyHttp(scripted.url(), http), clock::next, time, () -> () -> 0L)
                    .whoami(Given.ORGANIZATION, admin, deadline);
        }
    }

    private static Reply.Whole identity() {
        return Given.ok("{\"organizationId\":\"" + Given.ORGANIZATION + "\",\"userId\":\"" + Given.USER + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "'Sun, 23 Nov 2025 19:10:00 GMT',0",
        "'Sun, 23 Nov 2025 19:10:04 GMT',0",
        "'Sun, 23 Nov 2025 19:08:00 GMT',0",
        "'Sun, 23 Nov 2025 19:07:59 GMT',120",
        "'Sun, 23 Nov 2025 19:12:04 GMT',0",
        "'Sun, 23 Nov 2025 19:12:05 GMT',-121"
    })
    void aSlowAnswerMayHaveBeenMadeAtAnyTimeWhileItWasWaitedFor(String date, long secondsAhead) {
        Answer<Identity> answer = whoamiSaying(identity().with("Date", date));
        if (secondsAhead == 0) {
            assertThat(answer).isInstanceOf(Answer.Completed.class);
        } else {
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.ClockOff.class,
                            off -> assertThat(off.ahead().toSeconds()).isEqualTo(secondsAhead));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2020-01-01T00:00:00Z",
                "Sun Nov 23 19:10:00 2020",
                "Mon, 23 Nov 2020 19:10 o'clock GMT"
            })
    void aDateThatIsNoneSaysNothing(String date) {
        assertThat(whoamiSaying(identity().with("Date", date))).isInstanceOf(Answer.Completed.class);
    }

    @Test
    void withoutTheHeaderNothingIsSaid() {
        assertThat(whoamiSaying(identity())).isInstanceOf(Answer.Completed.class);
    }

    // What is told of it

    private static Reply.Whole anHourAgo(Reply.Whole answer) {
        return answer.with("Date", "Sun, 23 Nov 2025 18:10:00 GMT");
    }

    private Answer<ReadWriteSession> createAt(ScriptedTurnkey scripted) {
        TurnkeyClient asking = Given.client(scripted.url(), http, time);
        return asking.createReadWriteSession(
                asking.readWriteSession(Given.ORGANIZATION, Given.phoneSession()), admin, deadline);
    }

    @ParameterizedTest
    @CsvSource({
        "400,REQUEST_INVALID,bad request body",
        "401,SIGNATURE_INVALID,could not verify api key signature",
        "401,API_KEY_EXPIRED,expired api key",
        "403,REQUEST_NOT_AUTHORIZED,request not authorized"
    })
    void aRefusedSubmissionIsToldAsAWrongClock(int status, String code, String text) {
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(anHourAgo(Given.error(status, code, text)))) {
            assertThat(createAt(scripted)).isEqualTo(new Answer.ClockOff<>(Duration.ofMillis(3_599_123)));
            assertThat(scripted.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"429,SIGNING_QUOTA_EXCEEDED,over its allotted quota", "500,INTERNAL,internal server error"})
    void aSubmissionThatMayStillHappenIsToldAsItIs(int status, String code, String text) {
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(anHourAgo(Given.error(status, code, text)))) {
            assertThat(Given.refused(createAt(scripted)).code()).contains(code);
        }
    }

    @Test
    void anAnswerOfASubmissionCountsWhateverItsDate() {
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(
                anHourAgo(Given.pending()),
                anHourAgo(Given.pending()),
                anHourAgo(Given.pending()),
                anHourAgo(Given.completed(Given.readWriteResult())))) {
            assertThat(createAt(scripted)).isInstanceOf(Answer.Completed.class);
            assertThat(scripted.paths()).last().isEqualTo("/public/v1/query/get_activity");
        }
    }

    @Test
    void aQueryIsNotRepeatedForAWrongClock() {
        Reply.Whole unavailable = anHourAgo(Given.errorWithoutCode(503, "unavailable"));
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(unavailable)) {
            assertThat(Given.client(scripted.url(), http, time).whoami(Given.ORGANIZATION, admin, deadline))
                    .isInstanceOf(Answer.ClockOff.class);
            assertThat(scripted.requests()).hasSize(1);
        }
    }
}
