package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.turnkey.StampedCalls.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Activities and queries of Turnkey's public API, each stamped by the stamper that is given with it. Every call waits for pending
 * activities, repeats only equal bytes, and ends by its deadline. A stamper whose key is remote and does not answer shows as {@link
 * java.io.UncheckedIOException}.
 *
 * <p>Immutable and safe for use by many threads; one per function instance.
 */
public final class TurnkeyClient {
    private static final Duration FIRST_POLL = Duration.ofMillis(200);
    /** An activity is younger than its request, but by another clock: Turnkey takes requests so far from the future. */
    private static final int EARLIER_MINUTES = 5;

    private static final String SAME_PAGE = "a page of activities ends where the one before it ended";

    private final StampedCalls calls;
    private final InstantSource clock;
    private final Waiting waiting;
    private final Backoff backoff;

    private TurnkeyClient(StampedCalls calls, InstantSource clock, Waiting waiting, Backoff backoff) {
        this.calls = calls;
        this.clock = clock;
        this.waiting = waiting;
        this.backoff = backoff;
    }

    /**
     * The client of one Turnkey, with a connection pool of its own.
     *
     * @param baseUrl checked by the caller, without a slash at its end
     * @param jitter asked for each pause, so that functions restored from one snapshot do not wait in step
     */
    public static TurnkeyClient over(
            URI baseUrl, InstantSource clock, Waiting waiting, Supplier<? extends RandomGenerator> jitter) {
        return over(new TurnkeyHttp(baseUrl, TurnkeyHttp.newClient()), clock, waiting, jitter);
    }

    /** The same for a function. */
    public static TurnkeyClient over(URI baseUrl, Platform platform) {
        return over(
                new TurnkeyHttp(baseUrl, TurnkeyHttp.newClient(platform.network())),
                platform.clock(),
                platform.waiting(),
                platform.random());
    }

    static TurnkeyClient over(
            TurnkeyHttp http, InstantSource clock, Waiting waiting, Supplier<? extends RandomGenerator> jitter) {
        Backoff backoff = new Backoff(jitter);
        return new TurnkeyClient(new StampedCalls(http, clock, waiting, backoff), clock, waiting, backoff);
    }

    /**
     * Shakes hands before there is something to ask.
     *
     * @throws ExplainedException if Turnkey did not answer in time
     */
    public void connect(Deadline deadline) {
        calls.connect(deadline);
    }

    /** {@code ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2}. */
    public ActivityRequest<ReadWriteSession> readWriteSession(
            OrganizationId organization, ReadWriteSession.Parameters parameters) {
        return readWriteSession(organization, parameters, clock.instant());
    }

    /**
     * A request for a session as {@link #readWriteSession} wrote it, to be sent again or to be found.
     *
     * @param body of {@link ActivityRequest#body}
     * @return nothing if the bytes are not such a request for this organization, byte for byte in the form that we write
     */
    public Optional<StoredRequest> storedReadWriteSession(OrganizationId organization, byte[] body) {
        return StoredBody.read(body)
                .map(stored -> new StoredRequest(
                        readWriteSession(organization, stored.parameters(), stored.timestamp()), stored.parameters()))
                // The path from the bytes to a request and back loses nothing, or they are not ours.
                .filter(stored -> Arrays.equals(stored.request().bytes(), body));
    }

    /**
     * As {@link #readWriteSession(OrganizationId, ReadWriteSession.Parameters)} with another time than now, so that the bytes are a function
     * of what is given here and nothing else.
     *
     * @param timestamp to the millisecond; Turnkey takes what is under an hour old and at most five minutes ahead
     */
    public ActivityRequest<ReadWriteSession> readWriteSession(
            OrganizationId organization, ReadWriteSession.Parameters parameters, Instant timestamp) {
        ObjectNode json = Json.newObject()
                .put("targetPublicKey", parameters.targetPublicKey().uncompressedHex());
        parameters.userId().ifPresent(user -> json.put("userId", user.value()));
        json.put("apiKeyName", parameters.apiKeyName())
                .put("expirationSeconds", Long.toString(parameters.expiration().toSeconds()))
                .put("invalidateExisting", parameters.invalidateExisting());
        return ActivityRequest.of(
                "/public/v1/submit/create_read_write_session",
                "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",
                organization,
                timestamp,
                json,
                activity -> Results.readWriteSession(activity, organization, parameters.userId()));
    }

    /**
     * {@code ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION}: no parameters, the session is the stamping user's.
     *
     * <p>Nothing but the millisecond tells two requests for one organization apart: those made in the same one have equal bytes and so
     * are one activity with one token. Its user is the same for both, so neither reads more than it would by itself.
     */
    public ActivityRequest<ReadOnlySession> readOnlySession(OrganizationId organization) {
        return ActivityRequest.of(
                "/public/v1/submit/create_read_only_session",
                "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION",
                organization,
                clock.instant(),
                Json.newObject(),
                activity -> Results.readOnlySession(activity, organization));
    }

    /**
     * {@code ACTIVITY_TYPE_DELETE_API_KEYS}. It deletes long-lived keys as well: look at their type first.
     *
     * @param ids of keys of this user, at least one
     */
    public ActivityRequest<DeletedKeys> deleteApiKeys(OrganizationId organization, UserId user, List<ApiKeyId> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("no API key to delete");
        }
        ObjectNode json = Json.newObject().put("userId", user.value());
        ArrayNode doomed = json.putArray("apiKeyIds");
        ids.forEach(id -> doomed.add(id.value()));
        return ActivityRequest.of(
                "/public/v1/submit/delete_api_keys",
                "ACTIVITY_TYPE_DELETE_API_KEYS",
                organization,
                clock.instant(),
                json,
                Results::deletedKeys);
    }

    /** The answer names the organization and, if one was asked for, the user of the request, and holds a bundle in its right form. */
    public Answer<ReadWriteSession> createReadWriteSession(
            ActivityRequest<ReadWriteSession> request, Stamper stamper, Deadline deadline) {
        return submit(request, stamper, deadline);
    }

    /** The answer names the organization of the request. Its user is the one who stamped: whether it may be, the caller decides. */
    public Answer<ReadOnlySession> createReadOnlySession(
            ActivityRequest<ReadOnlySession> request, Stamper stamper, Deadline deadline) {
        return submit(request, stamper, deadline);
    }

    /** What Turnkey answers where a key is gone already is not known. */
    public Answer<DeletedKeys> deleteApiKeys(ActivityRequest<DeletedKeys> request, Stamper stamper, Deadline deadline) {
        return submit(request, stamper, deadline);
    }

    /** Who the stamper is. A parent's id finds a key of its sub-organizations too, so the answer may name another organization. */
    public Answer<Identity> whoami(OrganizationId organization, Stamper stamper, Deadline deadline) {
        byte[] body = Json.bytes(Json.newObject().put("organizationId", organization.value()));
        return read(calls.post(Kind.QUERY, "/public/v1/query/whoami", body, stamper, deadline), Results::identity);
    }

    /** The user's registered keys, expired ones perhaps among them. */
    public Answer<List<ApiKey>> apiKeys(OrganizationId organization, UserId user, Stamper stamper, Deadline deadline) {
        byte[] body = Json.bytes(
                Json.newObject().put("organizationId", organization.value()).put("userId", user.value()));
        return read(calls.post(Kind.QUERY, "/public/v1/query/get_api_keys", body, stamper, deadline), Results::apiKeys);
    }

    /**
     * An activity as it stands.
     *
     * @param activityId a UUID
     */
    public Answer<Activity> activity(
            OrganizationId organization, String activityId, Stamper stamper, Deadline deadline) {
        return activity(Kind.QUERY, organization, activityId, stamper, deadline);
    }

    /**
     * Looks for the activity of a request among those of its type, since no query finds by fingerprint: page by page, the newest first
     * (Turnkey docs: list_activities), back to {@value #EARLIER_MINUTES} minutes before the request was made.
     *
     * @return completed and empty: Turnkey has no such activity
     */
    public Answer<Optional<Activity>> findActivity(ActivityRequest<?> request, Stamper stamper, Deadline deadline) {
        Instant earliest = request.timestamp().minus(Duration.ofMinutes(EARLIER_MINUTES));
        Optional<String> after = Optional.empty();
        while (true) {
            Answer<ActivityPage> answer = page(request, after, stamper, deadline);
            switch (answer) {
                case Answer.Incomplete<ActivityPage> incomplete -> {
                    return incomplete.cast();
                }
                case Answer.Completed<ActivityPage>(ActivityPage page) -> {
                    if (page.found().isPresent() || page.end().isLast(earliest)) {
                        return new Answer.Completed<>(page.found());
                    }
                    if (page.end().lastId().equals(after)) {
                        return new Answer.Unreadable<>(SAME_PAGE);
                    }
                    after = page.end().lastId();
                }
            }
        }
    }

    private Answer<ActivityPage> page(
            ActivityRequest<?> request, Optional<String> after, Stamper stamper, Deadline deadline) {
        return read(
                activities(request.organizationId(), List.of(request.type()), after, stamper, deadline),
                answer -> ActivityPage.read(answer, request.fingerprint()));
    }

    private Answer<JsonNode> activities(
            OrganizationId organization,
            List<String> types,
            Optional<String> after,
            Stamper stamper,
            Deadline deadline) {
        ObjectNode query = Json.newObject().put("organizationId", organization.value());
        ArrayNode filter = query.putArray("filterByType");
        types.forEach(filter::add);
        page(query, after);
        return calls.post(Kind.PAGE, "/public/v1/query/list_activities", Json.bytes(query), stamper, deadline);
    }

    private static void page(ObjectNode query, Optional<String> after) {
        ObjectNode options = query.putObject("paginationOptions").put("limit", Integer.toString(PageEnd.FULL));
        after.ifPresent(id -> options.put("after", id));
    }

    /**
     * What an organization has of these types, the newest first, page by page back to a time; somewhat older ones may be among them. A user of
     * the parent may ask too.
     *
     * @param each is given every one as soon as its page is read, also if a later page cannot be had
     * @param beforeEach runs before each page is asked for
     * @return the organization, once every one was given
     */
    public Answer<OrganizationId> activitiesSince(
            Instant earliest,
            OrganizationId organization,
            List<String> types,
            Consumer<VotedActivity> each,
            Runnable beforeEach,
            Stamper stamper,
            Deadline deadline) {
        Optional<String> after = Optional.empty();
        while (true) {
            beforeEach.run();
            switch (read(activities(organization, types, after, stamper, deadline), VotedActivityPage::read)) {
                case Answer.Incomplete<VotedActivityPage> incomplete -> {
                    return incomplete.cast();
                }
                case Answer.Completed<VotedActivityPage>(VotedActivityPage(var activities, var end)) -> {
                    activities.forEach(each);
                    if (end.isLast(earliest)) {
                        return new Answer.Completed<>(organization);
                    }
                    if (end.lastId().equals(after)) {
                        return new Answer.Unreadable<>(SAME_PAGE);
                    }
                    after = end.lastId();
                }
            }
        }
    }

    /**
     * All sub-organizations of a parent (Turnkey docs: list_suborgs), page by page.
     *
     * @param stamper of a user of the parent
     * @param beforeEach runs before each page is asked for
     */
    public Answer<List<OrganizationId>> subOrganizations(
            OrganizationId parent, Runnable beforeEach, Stamper stamper, Deadline deadline) {
        List<OrganizationId> found = new ArrayList<>();
        Optional<OrganizationId> after = Optional.empty();
        while (true) {
            beforeEach.run();
            ObjectNode query = Json.newObject().put("organizationId", parent.value());
            page(query, after.map(OrganizationId::value));
            Answer<SubOrganizationPage> answer = read(
                    calls.post(Kind.QUERY, "/public/v1/query/list_suborgs", Json.bytes(query), stamper, deadline),
                    SubOrganizationPage::read);
            switch (answer) {
                case Answer.Incomplete<SubOrganizationPage> incomplete -> {
                    return incomplete.cast();
                }
                case Answer.Completed<SubOrganizationPage>(SubOrganizationPage page) -> {
                    found.addAll(page.ids());
                    if (page.last().isEmpty()) {
                        return new Answer.Completed<>(List.copyOf(found));
                    }
                    if (page.last().equals(after)) {
                        return new Answer.Unreadable<>(
                                "a page of sub-organizations ends where the one before it ended");
                    }
                    after = page.last();
                }
            }
        }
    }

    /**
     * What submitting the request would have answered for its activity as it stands. One that is still pending is {@link
     * Answer.TooSlow} with its id.
     */
    public <T> Answer<T> outcomeOf(ActivityRequest<T> request, Activity activity) {
        return onlyOurs(request, activity)
                .then(ours -> ours.isPending() ? new Answer.TooSlow<>(Optional.of(ours.id())) : end(request, ours));
    }

    private Answer<Activity> activity(
            Kind kind, OrganizationId organization, String activityId, Stamper stamper, Deadline deadline) {
        byte[] body = Json.bytes(
                Json.newObject().put("organizationId", organization.value()).put("activityId", activityId));
        return read(calls.post(kind, "/public/v1/query/get_activity", body, stamper, deadline), answer -> {
            Activity activity = Activity.read(answer.path("activity"));
            if (!activity.id().equals(activityId)) {
                throw new MalformedAnswer("another activity than asked for");
            }
            return activity;
        });
    }

    private <T> Answer<T> submit(ActivityRequest<T> request, Stamper stamper, Deadline deadline) {
        Answer<Activity> answer = post(request, stamper, deadline);
        Optional<String> pending = Optional.empty();
        for (int polls = 0;
                answer instanceof Answer.Completed<Activity>(Activity activity) && activity.isPending();
                polls++) {
            pending = Optional.of(activity.id());
            Duration pause = backoff.pause(FIRST_POLL, polls);
            if (deadline.left().compareTo(pause) <= 0 || !waiting.paused(pause)) {
                return new Answer.TooSlow<>(pending);
            }
            // Sending the same bytes again is documented as a way of asking, and needs no right to read.
            answer = polls == 0
                    ? post(request, stamper, deadline)
                    : activity(Kind.SUBMISSION, request.organizationId(), activity.id(), stamper, deadline)
                            .then(polled -> onlyOurs(request, polled));
        }
        return answer instanceof Answer.TooSlow<Activity>
                ? new Answer.TooSlow<>(pending)
                : answer.then(activity -> end(request, activity));
    }

    private <T> Answer<Activity> post(ActivityRequest<T> request, Stamper stamper, Deadline deadline) {
        return read(
                        calls.post(Kind.SUBMISSION, request.path(), request.bytes(), stamper, deadline),
                        answer -> Activity.read(answer.path("activity")))
                .then(activity -> onlyOurs(request, activity));
    }

    private static Answer<Activity> onlyOurs(ActivityRequest<?> request, Activity activity) {
        return request.shortfall(activity)
                .<Answer<Activity>>map(shortfall -> new Answer.BrokenPromise<>(shortfall, activity.id()))
                .orElseGet(() -> new Answer.Completed<>(activity));
    }

    private static <T> Answer<T> end(ActivityRequest<T> request, Activity activity) {
        return switch (activity.status()) {
            case COMPLETED -> {
                try {
                    yield request.read(activity);
                } catch (MalformedAnswer malformed) {
                    yield new Answer.Unreadable<>(malformed.rule());
                }
            }
            case CONSENSUS_NEEDED -> new Answer.NeedsApproval<>(activity.id(), request.fingerprint());
            case AUTHENTICATORS_NEEDED -> new Answer.AuthenticatorsNeeded<>(activity.id());
            case REJECTED -> new Answer.Rejected<>(activity.id());
            case FAILED -> new Answer.Failed<>(activity.id(), activity.failure());
            case CREATED, PENDING -> throw new AssertionError("a pending activity was not waited for");
        };
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(JsonNode answer) throws MalformedAnswer;
    }

    private static <T> Answer<T> read(Answer<JsonNode> answer, Reading<T> reading) {
        return answer.then(json -> {
            try {
                return new Answer.Completed<>(reading.read(json));
            } catch (MalformedAnswer malformed) {
                return new Answer.Unreadable<>(malformed.rule());
            }
        });
    }
}
