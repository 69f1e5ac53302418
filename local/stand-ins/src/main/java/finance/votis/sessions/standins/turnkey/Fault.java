package finance.votis.sessions.standins.turnkey;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One thing that goes wrong with one request. Made by the methods here, used up by {@link Faults#next}. */
public sealed interface Fault {
    /** Happens instead of the request being looked at; the request has no effect. */
    sealed interface Instead extends Fault {}

    /** Happens to the answer of a request that took its effect. */
    sealed interface After extends Fault {}

    /** Happens to the activity that the request makes; on other requests it means nothing. */
    sealed interface InActivity extends Fault {}

    record Delay(Duration time) implements After {}

    record Answered(int status, String contentType, String body, Map<String, String> headers) implements Instead {}

    record Refused(int status, Optional<String> turnkeyErrorCode, String message) implements Instead {}

    record ServerError() implements Instead {}

    record ResetBeforeEffect() implements Instead {}

    record Silence() implements Instead {}

    record ResetAfterEffect(Runnable onReset) implements After {}

    record HalfABody() implements After {}

    record Edited(String pointer, Optional<String> value) implements After {}

    record Pending(int polls) implements InActivity {}

    record ConsensusNeeded() implements InActivity {}

    record AuthenticatorsNeeded() implements InActivity {}

    record Rejected() implements InActivity {}

    record Failed(Optional<String> turnkeyErrorCode, String message) implements InActivity {}

    record LeadingZeroKey() implements InActivity {}

    /** The request takes its effect at once; the answer is held back this long. */
    static Fault delay(Duration time) {
        return new Delay(time);
    }

    /** No answer until the stand-in is closed; no effect. */
    static Fault silence() {
        return new Silence();
    }

    /** 429 as the edge gives it: {@code Too many requests}, with ratelimit headers and without Retry-After. */
    static Fault tooManyRequests() {
        return new Answered(
                429,
                "application/json",
                "{\"code\":8,\"message\":\"Too many requests. Please wait and try again in a few seconds\",\"details\":[]}",
                Map.of("ratelimit-limit", "1", "ratelimit-remaining", "0"));
    }

    /** 500 {@code internal server error (uuid)}. */
    static Fault internalError() {
        return new ServerError();
    }

    /** 400 with the body {@code {}}, as seen in the wild. */
    static Fault emptyObject() {
        return new Answered(400, "application/json", "{}", Map.of());
    }

    /** 502 with a page for people, as a proxy gives it. */
    static Fault badGateway() {
        return new Answered(502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>", Map.of());
    }

    /** An answer of your own. */
    static Fault answer(int status, String contentType, String body) {
        return new Answered(status, contentType, body, Map.of());
    }

    /** An error in Turnkey's own shape. */
    static Fault refusal(int status, String turnkeyErrorCode, String message) {
        return new Refused(status, Optional.of(turnkeyErrorCode), message);
    }

    /** An error in Turnkey's own shape, without a {@code turnkeyErrorCode}. */
    static Fault refusal(int status, String message) {
        return new Refused(status, Optional.empty(), message);
    }

    static Fault resetBeforeEffect() {
        return new ResetBeforeEffect();
    }

    static Fault resetAfterEffect() {
        return resetAfterEffect(() -> {});
    }

    /** The request takes its effect, then this runs, on a thread of the stand-in, then the connection is reset. */
    static Fault resetAfterEffect(Runnable onReset) {
        return new ResetAfterEffect(onReset);
    }

    /** Head with the full length, half the body, end of the connection; the request takes its effect. */
    static Fault halfABody() {
        return new HalfABody();
    }

    /** The answer lacks the member at this JSON pointer, for example {@code /activity/result/…/credentialBundle}. */
    static Fault without(String pointer) {
        return new Edited(pointer, Optional.empty());
    }

    /** The answer has this string at this JSON pointer. */
    static Fault with(String pointer, String value) {
        return new Edited(pointer, Optional.of(value));
    }

    /** The activity stays {@code PENDING} for this many looks at it (the same bytes again, or get_activity). */
    static Fault pending(int polls) {
        return new Pending(polls);
    }

    /** The activity needs the approval of one more user. */
    static Fault consensusNeeded() {
        return new ConsensusNeeded();
    }

    static Fault authenticatorsNeeded() {
        return new AuthenticatorsNeeded();
    }

    static Fault rejected() {
        return new Rejected();
    }

    /** HTTP 200 with status {@code FAILED} and this failure. */
    static Fault failed(String turnkeyErrorCode, String message) {
        return new Failed(Optional.of(turnkeyErrorCode), message);
    }

    /** The session key's scalar begins with a zero byte, as one in 256 does. */
    static Fault leadingZeroKey() {
        return new LeadingZeroKey();
    }
}
