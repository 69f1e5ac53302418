package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Platform;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * Submits what a device stamped, byte for byte, and hands back Turnkey's answer, after a look at whose it is. It has no key and changes
 * nothing. Immutable and safe for use by many threads; one per function instance.
 */
public final class TurnkeyRelay {
    private static final String SUBMIT = "/public/v1/submit/";

    private final StampedCalls calls;

    private TurnkeyRelay(StampedCalls calls) {
        this.calls = calls;
    }

    /** The relay to one Turnkey, with a connection pool of its own. */
    public static TurnkeyRelay over(URI baseUrl, Platform platform) {
        TurnkeyHttp http = new TurnkeyHttp(baseUrl, TurnkeyHttp.newClient(platform.network()));
        return new TurnkeyRelay(
                new StampedCalls(http, platform.clock(), platform.waiting(), new Backoff(platform.random())));
    }

    /** As {@link TurnkeyClient#connect}. */
    public void connect(Deadline deadline) {
        calls.connect(deadline);
    }

    /**
     * Submits a request. Without an answer the same bytes are sent again, which for Turnkey is the same activity.
     *
     * @param path the last part of the activity's path
     * @param owner whom the answer must be about
     * @param makesSession whether a completed activity must name its user
     * @return completed: Turnkey answered, be it by a refusal. {@link Answer.BrokenPromise}: it answered about somebody else
     */
    public Answer<RelayedAnswer> submit(
            String path, byte[] body, StampHeader stamp, Identity owner, boolean makesSession, Deadline deadline) {
        return calls.pass(SUBMIT + path, body, stamp, deadline)
                .then(answered -> answered.status() == 200
                        ? activity(answered, owner, makesSession)
                        : new Answer.Completed<>(refusal(answered)));
    }

    private static RelayedAnswer refusal(Reply.Answered answered) {
        return new RelayedAnswer(
                answered.status(),
                answered.text(),
                answered.retryAfter(),
                answered.body().map(body -> TurnkeyError.ofAnswer(answered.status(), body)),
                Optional.empty(),
                Optional.empty());
    }

    private static Answer<RelayedAnswer> activity(Reply.Answered answered, Identity owner, boolean makesSession) {
        JsonNode json = answered.body().orElseThrow().path("activity");
        Activity activity;
        try {
            activity = Activity.read(json);
        } catch (MalformedAnswer malformed) {
            return new Answer.Unreadable<>(malformed.rule());
        }
        Optional<Shortfall> shortfall = shortfall(activity, json.path("result"), owner, makesSession);
        if (shortfall.isPresent()) {
            return new Answer.BrokenPromise<>(shortfall.get(), activity.id());
        }
        return new Answer.Completed<>(new RelayedAnswer(
                answered.status(),
                answered.text(),
                answered.retryAfter(),
                activity.status() == ActivityStatus.FAILED ? Optional.of(activity.failure()) : Optional.empty(),
                Optional.of(activity.id()),
                json.path("result")
                        .valueStream()
                        .flatMap(result -> Members.text(result, "apiKeyId").flatMap(ApiKeyId::parse).stream())
                        .findFirst()));
    }

    private static Optional<Shortfall> shortfall(
            Activity activity, JsonNode results, Identity owner, boolean makesSession) {
        if (!activity.organizationId().equals(owner.organizationId())) {
            return Optional.of(Shortfall.WRONG_ORGANIZATION);
        }
        boolean mustName = makesSession && activity.status() == ActivityStatus.COMPLETED;
        if (mustName && results.valueStream().noneMatch(JsonNode::isObject)) {
            return Optional.of(Shortfall.RESULT_MISSING);
        }
        // By whatever name a version's result goes: none may be about somebody else.
        for (JsonNode result : results) {
            if (isAnothers(result, "organizationId", owner.organizationId(), OrganizationId::parse, mustName)) {
                return Optional.of(Shortfall.WRONG_ORGANIZATION);
            }
            if (isAnothers(result, "userId", owner.userId(), UserId::parse, mustName)) {
                return Optional.of(Shortfall.WRONG_USER);
            }
        }
        return Optional.empty();
    }

    private static <T> boolean isAnothers(
            JsonNode result, String member, T own, Function<String, Optional<T>> parse, boolean mustBeThere) {
        return (mustBeThere || result.hasNonNull(member))
                && !Members.text(result, member).flatMap(parse).equals(Optional.of(own));
    }
}
