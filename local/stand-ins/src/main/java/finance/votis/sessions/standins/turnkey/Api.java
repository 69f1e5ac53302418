package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import finance.votis.sessions.standins.turnkey.Activities.Envelope;
import finance.votis.sessions.standins.turnkey.Authentication.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The way of a request: faults and limits first, then who sent it, then what it asks. */
final class Api {
    /** Check 26, ours: Turnkey's limit is not known. */
    private static final int MAX_BODY = 1 << 20;
    /** For {@code ./dev up}, which may stand for days. */
    private static final int MAX_RECORDED = 1000;

    private static final int MAX_RECORDED_BYTES = 16 << 20;

    /** As {@link DateTimeFormatter#RFC_1123_DATE_TIME}, but with two digits for the day, as RFC 9110, section 5.6.7, wants it. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final World world;
    private final Faults faults;
    private final Authentication authentication;
    private final Activities activities;
    private final Queries queries;
    private final RateLimit rateLimit;
    private final Deque<RecordedRequest> requests = new ArrayDeque<>();
    private int recordedBytes;

    Api(World world, Faults faults, Authentication authentication, Activities activities) {
        this.world = world;
        this.faults = faults;
        this.authentication = authentication;
        this.activities = activities;
        this.queries = new Queries(activities);
        this.rateLimit = new RateLimit(faults);
    }

    Reply handle(Request request) {
        record(new RecordedRequest(request));
        return dated(answer(request));
    }

    /** With the time by Turnkey's clock, right or wrong, as every server gives it (RFC 9110, section 6.6.1). */
    private Reply dated(Reply reply) {
        return switch (reply) {
            case Reply.Whole whole -> dated(whole);
            case Reply.Half(Reply.Whole whole) -> new Reply.Half(dated(whole));
            case Reply.After(Duration delay, Reply then) -> new Reply.After(delay, dated(then));
            case Reply.Reset reset -> reset;
        };
    }

    private Reply.Whole dated(Reply.Whole whole) {
        return whole.with("Date", DATE.format(world.instant()));
    }

    private Reply answer(Request request) {
        Optional<Endpoint> endpoint = Endpoint.at(request.target());
        Optional<Fault> fault = endpoint.flatMap(faults::take);
        if (fault.orElse(null) instanceof Fault.Instead instead) {
            return instead(instead);
        }
        Optional<Fault.InActivity> inActivity =
                fault.flatMap(one -> one instanceof Fault.InActivity it ? Optional.of(it) : Optional.empty());
        int status = 200;
        ObjectNode body;
        synchronized (world) {
            try {
                // A copy: what is done to an answer below is not done to the activity.
                body = answer(request, endpoint, inActivity).deepCopy();
            } catch (Refusal e) {
                status = e.status();
                body = e.json();
            }
        }
        if (faults.isOn(Switch.UNKNOWN_MEMBERS_IN_ANSWERS)) {
            Answers.addUnknownMembers(body);
        }
        return after(fault, status, body);
    }

    private void record(RecordedRequest request) {
        synchronized (requests) {
            requests.add(request);
            recordedBytes += request.size();
            while (requests.size() > MAX_RECORDED || recordedBytes > MAX_RECORDED_BYTES) {
                recordedBytes -= requests.remove().size();
            }
        }
    }

    List<RecordedRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    private ObjectNode answer(Request request, Optional<Endpoint> found, Optional<Fault.InActivity> fault)
            throws Refusal {
        rateLimit.countCaller(); // check 3
        Endpoint endpoint = found.orElseThrow(Refusal::noSuchPath); // check 2
        if (!request.method().equals("POST")) {
            throw Refusal.methodNotAllowed(); // check 1
        }
        if (request.body().length > MAX_BODY) {
            throw Refusal.bodyTooLarge(); // check 26
        }
        Proof proof = Authentication.proof(request, endpoint.isQuery());
        return endpoint.isQuery()
                ? query(endpoint, proof, new Fields("", Json.readObject(request.body())))
                : submission(endpoint, proof, request.body(), fault);
    }

    private ObjectNode submission(Endpoint endpoint, Proof proof, byte[] raw, Optional<Fault.InActivity> fault)
            throws Refusal {
        Optional<ActivityType> type = Arrays.stream(ActivityType.values())
                .filter(one -> one.endpoint() == endpoint)
                .findFirst();
        Envelope envelope =
                Envelope.read(raw, type.map(ActivityType::wireName).orElse("ACTIVITY_TYPE_APPROVE_ACTIVITY"));
        Authentication.Caller caller = authentication.caller(proof, organization(envelope.organizationId()));
        Activity activity = type.isPresent()
                ? activities.submit(caller, type.get(), envelope, fault)
                : activities.approve(caller, envelope);
        ObjectNode answer = Json.object();
        answer.set("activity", Answers.activity(activity, caller.user()));
        return answer;
    }

    private ObjectNode query(Endpoint endpoint, Proof proof, Fields fields) throws Refusal {
        Organization organization = organization(Envelope.organizationId(fields));
        if (endpoint == Endpoint.WHOAMI) {
            return Answers.identity(authentication.whoami(proof, organization));
        }
        User reader = authentication.reader(proof, organization);
        return switch (endpoint) {
            case GET_API_KEYS -> queries.apiKeys(organization, fields);
            case GET_API_KEY -> queries.apiKey(organization, fields);
            case GET_USER -> queries.user(organization, fields);
            case LIST_USERS -> queries.users(organization);
            case LIST_POLICIES -> queries.policies(organization);
            case GET_ORGANIZATION_CONFIGS -> queries.configs(organization);
            case GET_ACTIVITY -> queries.activity(organization, fields, reader);
            case LIST_ACTIVITIES -> queries.activities(organization, fields, reader);
            case LIST_SUBORGS -> queries.subOrganizations(world.subOrganizationsOf(organization), fields);
            case WHOAMI,
                    CREATE_READ_WRITE_SESSION,
                    CREATE_READ_ONLY_SESSION,
                    STAMP_LOGIN,
                    CREATE_API_KEYS,
                    DELETE_API_KEYS,
                    APPROVE_ACTIVITY -> throw new IllegalStateException("not a query: " + endpoint);
        };
    }

    /** Check 28. */
    private Organization organization(String id) throws Refusal {
        Organization organization = world.findOrganization(id).orElseThrow(Refusal::organizationNotFound);
        if (organization.parent().isPresent()) {
            rateLimit.countSubOrganization(id); // check 3
        }
        return organization;
    }

    private Reply instead(Fault.Instead fault) {
        return switch (fault) {
            case Fault.Answered(int status, String contentType, String body, Map<String, String> headers) -> {
                Reply.Whole whole = Reply.of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
                for (Map.Entry<String, String> header : headers.entrySet()) {
                    whole = whole.with(header.getKey(), header.getValue());
                }
                yield whole;
            }
            case Fault.Refused(int status, Optional<String> code, String message) ->
                whole(status, Refusal.of(status, code, message).json());
            case Fault.ServerError() ->
                whole(500, Refusal.internal(world.newId()).json());
            case Fault.ResetBeforeEffect() -> new Reply.Reset();
            case Fault.Silence() -> new Reply.After(FOR_EVER, new Reply.Reset());
        };
    }

    private Reply after(Optional<Fault> fault, int status, ObjectNode body) {
        if (!(fault.orElse(null) instanceof Fault.After after)) {
            return whole(status, body);
        }
        return switch (after) {
            case Fault.Delay(Duration time) -> new Reply.After(time, whole(status, body));
            case Fault.ResetAfterEffect(Runnable onReset) -> {
                onReset.run();
                yield new Reply.Reset();
            }
            case Fault.HalfABody() -> new Reply.Half(whole(status, body));
            case Fault.Edited(String pointer, Optional<String> value) -> {
                edit(body, JsonPointer.compile(pointer), value);
                yield whole(status, body);
            }
        };
    }

    private static void edit(ObjectNode body, JsonPointer pointer, Optional<String> value) {
        String name = pointer.last().getMatchingProperty();
        if (!(body.at(pointer.head()) instanceof ObjectNode owner)) {
            throw new IllegalStateException("the answer has nothing at " + pointer.head());
        }
        value.ifPresentOrElse(text -> owner.put(name, text), () -> owner.remove(name));
    }

    private Reply.Whole whole(int status, ObjectNode body) {
        Reply.Whole whole = Reply.of(status, "application/json", Json.bytes(body));
        for (Map.Entry<String, String> header : rateLimit.headers().entrySet()) {
            whole = whole.with(header.getKey(), header.getValue());
        }
        return whole;
    }
}
