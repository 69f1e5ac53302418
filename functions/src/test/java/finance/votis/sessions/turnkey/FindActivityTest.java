package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What became of a request whose answer was lost: its activity is looked for by the fingerprint, and read as an answer. */
class FindActivityTest {
    private static final String LIST = "/public/v1/query/list_activities";
    private static final String OTHER = "sha256:" + "0".repeat(64);

    private final Given.StillTime time = new Given.StillTime();
    private final Deadline deadline = time.deadline(Duration.ofSeconds(20));
    private final AtomicReference<Instant> now = new AtomicReference<>(Given.NOW);

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(now::get).start();

    private final DemoWorld demo = turnkey.demo();
    private final OrganizationId parent = new OrganizationId(demo.parentId());

    @AutoClose
    private final LocalStamper admin = demo.adminKey().stamper();

    private final TurnkeyClient client =
            TurnkeyClient.over(new TurnkeyHttp(turnkey.url(), http), now::get, time, () -> () -> 0L);

    @AutoClose
    private final TargetKeyPair target = TargetKeyPair.generate(new SecureRandom());

    /** A millisecond after the one before it, so that each has bytes of its own. */
    private ActivityRequest<ReadWriteSession> request() {
        now.updateAndGet(instant -> instant.plusMillis(1));
        return client.readWriteSession(
                parent,
                new ReadWriteSession.Parameters(
                        target.publicKey(), Optional.empty(), "nightly", Duration.ofHours(3), false));
    }

    private ReadWriteSession submit(ActivityRequest<ReadWriteSession> request) {
        return Given.completed(client.createReadWriteSession(request, admin, deadline));
    }

    private Optional<Activity> find(ActivityRequest<?> request) {
        return Given.completed(client.findActivity(request, admin, deadline));
    }

    private int pagesAskedFor() {
        return turnkey.requests(Endpoint.LIST_ACTIVITIES).size();
    }

    @Test
    void anActivityIsFoundOnEachPageAndReadAsTheAnswerThatWasLost() {
        ActivityRequest<ReadWriteSession> first = request();
        ReadWriteSession made = submit(first);
        for (int i = 0; i < 204; i++) {
            submit(request());
        }
        ActivityRequest<ReadWriteSession> last = request();
        submit(last);

        assertThat(find(last)).isPresent();
        assertThat(pagesAskedFor()).isEqualTo(1);
        Activity found = find(first).orElseThrow();
        assertThat(pagesAskedFor()).isEqualTo(4);
        assertThat(found.id()).isEqualTo(made.activityId());
        assertThat(client.outcomeOf(first, found)).isEqualTo(new Answer.Completed<>(made));
    }

    @Test
    void onlyActivitiesOfItsTypeAreLookedThrough() {
        ActivityRequest<ReadWriteSession> request = request();
        submit(request);
        client.createReadOnlySession(client.readOnlySession(parent), admin, deadline);

        assertThat(find(request)).isPresent();
        assertThat(turnkey.requests(Endpoint.LIST_ACTIVITIES).getLast().bodyText())
                .isEqualTo("{\"organizationId\":\"" + parent
                        + "\",\"filterByType\":[\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\"],"
                        + "\"paginationOptions\":{\"limit\":\"100\"}}");
    }

    @Test
    void aRequestThatNeverArrivedIsNotFound() {
        assertThat(find(request())).isEmpty();
        submit(request());
        assertThat(find(request())).isEmpty();
        assertThat(pagesAskedFor()).isEqualTo(2);
    }

    @Test
    void whoMayNotAskIsRefused() {
        try (LocalStamper stranger = Given.stamper()) {
            assertThat(Given.refused(client.findActivity(request(), stranger, deadline))
                            .refusal())
                    .isEqualTo(Refusal.KEY_UNKNOWN);
        }
    }

    @Test
    void everyEndOfAnActivityIsTheOneThatSubmittingHas() {
        turnkey.faults()
                .next(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.consensusNeeded(),
                        Fault.authenticatorsNeeded(),
                        Fault.rejected());
        for (int i = 0; i < 3; i++) {
            ActivityRequest<ReadWriteSession> request = request();
            Answer<ReadWriteSession> submitted = client.createReadWriteSession(request, admin, deadline);
            assertThat(client.outcomeOf(request, find(request).orElseThrow())).isEqualTo(submitted);
        }
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.failed("INTERNAL", "it broke"));
        ActivityRequest<ReadWriteSession> failed = request();
        client.createReadWriteSession(failed, admin, deadline);
        assertThat(Given.failed(client.outcomeOf(failed, find(failed).orElseThrow()))
                        .code())
                .contains("INTERNAL");
    }

    @Test
    void oneThatIsPendingIsTooSlowAndNamed() {
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.pending(1000));
        ActivityRequest<ReadWriteSession> request = request();
        Answer<ReadWriteSession> submitted = client.createReadWriteSession(request, admin, deadline);

        Activity pending = Given.completed(client.findActivity(request, admin, time.deadline(Duration.ofSeconds(1))))
                .orElseThrow();
        assertThat(client.outcomeOf(request, pending))
                .isEqualTo(submitted)
                .isEqualTo(new Answer.TooSlow<>(Optional.of(pending.id())));
    }

    @Test
    void anotherRequestsActivityIsNoOutcome() {
        ActivityRequest<ReadWriteSession> request = request();
        submit(request);
        Activity activity = find(request).orElseThrow();

        assertThat(client.outcomeOf(request(), activity))
                .isEqualTo(new Answer.BrokenPromise<>(Shortfall.WRONG_ACTIVITY, activity.id()));
        assertThat(client.outcomeOf(client.readWriteSession(Given.OTHER_ORGANIZATION, Given.phoneSession()), activity))
                .isEqualTo(new Answer.BrokenPromise<>(Shortfall.WRONG_ORGANIZATION, activity.id()));
    }

    // How far back

    private static String activity(UUID id, String fingerprint, Instant createdAt) {
        return """
                {"id":"%s","organizationId":"%s","status":"ACTIVITY_STATUS_NOT_KNOWN_YET","type":"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",\
                "fingerprint":"%s","createdAt":{"seconds":"%d","nanos":"0"}}""".formatted(id, Given.ORGANIZATION, fingerprint, createdAt.getEpochSecond());
    }

    private static Reply.Whole page(List<String> activities) {
        return Given.ok("{\"activities\":[" + String.join(",", activities) + "]}");
    }

    /** A hundred others. */
    private static List<String> full(Instant first, Instant last) {
        List<String> activities = new ArrayList<>(Collections.nCopies(99, activity(UUID.randomUUID(), OTHER, first)));
        activities.add(activity(UUID.randomUUID(), OTHER, last));
        return activities;
    }

    private Answer<Optional<Activity>> findIn(ScriptedTurnkey scripted) {
        TurnkeyClient asking = Given.client(scripted.url(), http, time);
        return asking.findActivity(asking.readWriteSession(Given.ORGANIZATION, Given.phoneSession()), admin, deadline);
    }

    @Test
    void aPageThatEndsMoreThanFiveMinutesBeforeTheRequestIsTheLast() {
        Instant fiveMinutesBefore = Given.NOW.minus(Duration.ofMinutes(5)).plusSeconds(1);
        List<String> young = full(Given.NOW, fiveMinutesBefore);
        List<String> old = full(fiveMinutesBefore, fiveMinutesBefore.minusSeconds(1));
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(page(young), page(old))) {
            assertThat(findIn(scripted)).isEqualTo(new Answer.Completed<>(Optional.empty()));

            assertThat(scripted.paths()).containsExactly(LIST, LIST);
            String lastOfFirst = young.getLast().substring(7, 43);
            assertThat(scripted.bodies().getLast()).contains("{\"limit\":\"100\",\"after\":\"" + lastOfFirst + "\"}");
        }
    }

    @Test
    void aPageOfAnotherOrderSaysNothingOfAge() {
        Instant old = Given.NOW.minus(Duration.ofHours(2));
        String ours = Given.activity("COMPLETED", Given.readWriteResult());
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(
                page(full(old, old.plusSeconds(1))),
                page(List.of(ours.substring("{\"activity\":".length(), ours.length() - 1))))) {
            assertThat(Given.completed(findIn(scripted)).orElseThrow().id()).isEqualTo(Given.ACTIVITY);
        }
    }

    @Test
    void aPageThatIsNotFullIsTheLast() {
        try (ScriptedTurnkey scripted =
                ScriptedTurnkey.saying(page(full(Given.NOW, Given.NOW).subList(0, 99)))) {
            assertThat(findIn(scripted)).isEqualTo(new Answer.Completed<>(Optional.empty()));
            assertThat(scripted.requests()).hasSize(1);
        }
    }

    @Test
    void aListThatDoesNotGoOnIsUnreadable() {
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(page(full(Given.NOW, Given.NOW)))) {
            assertThat(findIn(scripted))
                    .isEqualTo(new Answer.Unreadable<>("a page of activities ends where the one before it ended"));
            assertThat(scripted.requests()).hasSize(2);
        }
    }

    @Test
    void whatIsNoListIsUnreadable() {
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(Given.ok("{\"activities\":{}}"))) {
            assertThat(findIn(scripted)).isEqualTo(new Answer.Unreadable<>("activities is not an array"));
        }
    }

    @Test
    void itEndsByTheDeadline() {
        try (ScriptedTurnkey scripted = ScriptedTurnkey.saying(page(full(Given.NOW, Given.NOW)))) {
            TurnkeyClient asking = Given.client(scripted.url(), http, time);
            assertThat(asking.findActivity(
                            asking.readWriteSession(Given.ORGANIZATION, Given.phoneSession()),
                            admin,
                            time.deadline(Duration.ZERO)))
                    .isEqualTo(new Answer.TooSlow<>(Optional.empty()));
        }
    }
}
