package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Sends stamped bytes until there is an answer that stands. Repeats are always of the same bytes: for Turnkey that is the same activity,
 * so none can make a second session.
 */
final class StampedCalls {
    private static final int MOST_SENDS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    /** A repeat with less time than this would only turn a clear answer into "too slow". */
    private static final Duration WORTH_SENDING = Duration.ofMillis(200);
    /** Ours: Turnkey says "rate limited" of a whole organization and names no end. */
    private static final Duration ORGANIZATION_HELD_BACK = Duration.ofSeconds(30);

    private final TurnkeyHttp http;
    private final InstantSource clock;
    private final Waiting waiting;
    private final Backoff backoff;

    StampedCalls(TurnkeyHttp http, InstantSource clock, Waiting waiting, Backoff backoff) {
        this.http = http;
        this.clock = clock;
        this.waiting = waiting;
        this.backoff = backoff;
    }

    enum Kind {
        /** A look at what was submitted as well. A wrong clock is told only of what Turnkey refused. */
        SUBMISSION(256 * 1024),
        QUERY(256 * 1024),
        /** A hundred activities. */
        PAGE(8 * 1024 * 1024);

        /** Far above any answer of ours: a user has at most twenty API keys, and an activity repeats them per vote. */
        final int longestBody;

        Kind(int longestBody) {
            this.longestBody = longestBody;
        }
    }

    private enum Repeat {
        NO,
        AFTER_PAUSE,
        STAMPED_ANEW
    }

    /**
     * What one exchange says.
     *
     * @param answer stands if nothing repeats it
     * @param pause the least time before a repeat
     */
    private record Attempt(Answer<JsonNode> answer, Repeat repeat, Duration pause) {
        static Attempt last(Answer<JsonNode> answer) {
            return new Attempt(answer, Repeat.NO, Duration.ZERO);
        }
    }

    /** As {@link TurnkeyHttp#connect}. */
    void connect(Deadline deadline) {
        http.connect(deadline);
    }

    /** @throws UncheckedIOException if the stamper's key did not answer; then nothing more was sent */
    Answer<JsonNode> post(Kind kind, String path, byte[] body, Stamper stamper, Deadline deadline) {
        StampHeader stamp = stamp(stamper, body);
        boolean stampedAnew = false;
        for (int sent = 1; ; sent++) {
            Instant begun = clock.instant();
            Reply reply = http.post(path, body, stamp, kind.longestBody, deadline);
            Optional<Duration> ahead = ahead(begun, reply);
            Attempt attempt = read(reply);
            if (ahead.isPresent() && (kind != Kind.SUBMISSION || isRefused(attempt.answer()))) {
                return new Answer.ClockOff<>(ahead.get());
            }
            switch (attempt.repeat()) {
                case NO -> {
                    return attempt.answer();
                }
                case STAMPED_ANEW -> {
                    if (stampedAnew) {
                        return attempt.answer();
                    }
                    stampedAnew = true;
                    stamp = stamp(stamper, body);
                }
                case AFTER_PAUSE -> {
                    Duration pause = longer(attempt.pause(), backoff.pause(FIRST_PAUSE, sent - 1));
                    if (sent >= MOST_SENDS
                            || deadline.left().compareTo(pause.plus(WORTH_SENDING)) < 0
                            || !waiting.paused(pause)) {
                        return attempt.answer();
                    }
                }
            }
        }
    }

    /**
     * Sends what somebody else stamped. Without an answer the same bytes go again; any answer stands, since only who stamped knows what to
     * do about it.
     *
     * @return completed: one JSON object came, whatever its status. {@link Answer.Refused}, {@link Answer.RateLimited}: a machine before
     *     Turnkey's answered, in another form
     */
    Answer<Reply.Answered> pass(String path, byte[] body, StampHeader stamp, Deadline deadline) {
        for (int sent = 1; ; sent++) {
            Answer<Reply.Answered> answer = passed(http.post(path, body, stamp, Kind.SUBMISSION.longestBody, deadline));
            boolean hasNoAnswer = answer instanceof Answer.Unreachable || answer instanceof Answer.TooSlow;
            Duration pause = backoff.pause(FIRST_PAUSE, sent - 1);
            if (!hasNoAnswer
                    || sent >= MOST_SENDS
                    || deadline.left().compareTo(pause.plus(WORTH_SENDING)) < 0
                    || !waiting.paused(pause)) {
                return answer;
            }
        }
    }

    private Answer<Reply.Answered> passed(Reply reply) {
        return switch (reply) {
            case Reply.Lost(String exception) -> new Answer.Unreachable<>(exception);
            case Reply.OutOfTime() -> new Answer.TooSlow<>(Optional.empty());
            case Reply.TooLong(int status) -> new Answer.Unreadable<>(overTheBound(status));
            case Reply.Answered answered
            when answered.status() != 200 && answered.status() < 400 ->
                new Answer.Unreadable<>("status " + answered.status());
            case Reply.Answered answered when answered.body().isPresent() -> new Answer.Completed<>(answered);
            // A machine before Turnkey's says so in words of its own, which are not Turnkey's to hand on.
            case Reply.Answered answered
            when answered.status() == 429 ->
                new Answer.RateLimited<>(
                        longer(answered.retryAfter().orElseGet(backoff::secondsAfterLimit), Duration.ofSeconds(1)));
            case Reply.Answered answered
            when answered.status() >= 500 ->
                new Answer.Refused<>(answered.status(), TurnkeyError.ofServerBefore(answered.status()));
            case Reply.Answered answered -> new Answer.Unreadable<>(notJson(answered));
        };
    }

    private Optional<Duration> ahead(Instant begun, Reply reply) {
        Optional<Instant> date = reply instanceof Reply.Answered answered ? answered.date() : Optional.empty();
        return date.flatMap(made -> ClockSkew.overLimit(begun, made, clock.instant()));
    }

    /** So that nothing was made. */
    private static boolean isRefused(Answer<JsonNode> answer) {
        return answer instanceof Answer.Refused<JsonNode>(int status, TurnkeyError _) && status < 500 && status != 429;
    }

    private Attempt read(Reply reply) {
        return switch (reply) {
            case Reply.Lost(String exception) -> repeatable(new Answer.Unreachable<>(exception), Optional.empty());
            case Reply.OutOfTime() -> repeatable(new Answer.TooSlow<>(Optional.empty()), Optional.empty());
            case Reply.TooLong(int status) -> Attempt.last(new Answer.Unreadable<>(overTheBound(status)));
            case Reply.Answered answered -> read(answered);
        };
    }

    private Attempt read(Reply.Answered answered) {
        int status = answered.status();
        Optional<ObjectNode> body = answered.body();
        if (status == 200) {
            return Attempt.last(body.<Answer<JsonNode>>map(Answer.Completed::new)
                    .orElseGet(() -> new Answer.Unreadable<>(notJson(answered))));
        }
        if (status < 400) {
            return Attempt.last(new Answer.Unreadable<>("status " + status));
        }
        TurnkeyError error;
        if (body.isPresent()) {
            error = TurnkeyError.ofAnswer(status, body.get());
        } else if (status >= 500 || status == 429) {
            error = TurnkeyError.ofServerBefore(status);
        } else {
            return Attempt.last(new Answer.Unreadable<>(notJson(answered)));
        }
        return refused(status, error, answered.retryAfter());
    }

    private Attempt refused(int status, TurnkeyError error, Optional<Duration> retryAfter) {
        Answer<JsonNode> refused = new Answer.Refused<>(status, error);
        return switch (error.refusal()) {
            case TOO_MANY_REQUESTS -> {
                Duration wait = retryAfter.orElseGet(backoff::secondsAfterLimit);
                yield repeatable(new Answer.RateLimited<>(longer(wait, Duration.ofSeconds(1))), Optional.of(wait));
            }
            case ORGANIZATION_RATE_LIMITED ->
                Attempt.last(new Answer.RateLimited<>(retryAfter.orElse(ORGANIZATION_HELD_BACK)));
            case SIGNATURE_INVALID -> new Attempt(refused, Repeat.STAMPED_ANEW, Duration.ZERO);
            case INTERNAL ->
                switch (status) {
                    case 500, 502, 503, 504 -> repeatable(refused, retryAfter);
                    default -> Attempt.last(refused);
                };
            case BAD_REQUEST,
                    BAD_ORGANIZATION_ID,
                    BAD_EXPIRATION,
                    ORGANIZATION_MISMATCH,
                    STAMP_NOT_ACCEPTED,
                    KEY_UNKNOWN,
                    KEY_EXPIRED,
                    CREDENTIAL_CONFLICT,
                    NOT_AUTHORIZED,
                    OPERATIONS_DISABLED,
                    ORGANIZATION_NOT_FOUND,
                    NOT_FOUND,
                    QUOTA_EXCEEDED,
                    TOO_MANY_KEYS,
                    OTHER -> Attempt.last(refused);
        };
    }

    private static Attempt repeatable(Answer<JsonNode> answer, Optional<Duration> pause) {
        return new Attempt(answer, Repeat.AFTER_PAUSE, pause.orElse(Duration.ZERO));
    }

    private static String notJson(Reply.Answered answered) {
        return "status " + answered.status() + ", " + answered.mediaType() + ", body is not one JSON object";
    }

    private static String overTheBound(int status) {
        return "status " + status + ", body over the bound";
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static StampHeader stamp(Stamper stamper, byte[] body) {
        try {
            return StampHeader.apiKey(stamper.stamp(body));
        } catch (IOException e) {
            throw new UncheckedIOException("The key that stamps did not answer", e);
        }
    }
}
