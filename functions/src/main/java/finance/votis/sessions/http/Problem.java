package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * A problem document (RFC 9457) before it has its instance.
 *
 * @param detail the rule in words, never a value that was sent
 * @param pointer JSON pointer (RFC 6901) of the field at fault
 * @param activityId of the activity at Turnkey that the problem is about
 * @param turnkeyCode Turnkey's error code
 * @param retryAfter when to come back
 */
public record Problem(
        ProblemType type,
        String detail,
        Optional<String> pointer,
        Optional<String> activityId,
        Optional<String> turnkeyCode,
        Optional<Duration> retryAfter) {

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A field of the body by its name; the rule says what it must be. */
    public static Problem ofField(ProblemType type, String field, String rule) {
        return new Problem(
                type,
                field + ": " + rule,
                Optional.of("/" + field.replace("~", "~0").replace("/", "~1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Problem withActivityId(String id) {
        return new Problem(type, detail, pointer, Optional.of(id), turnkeyCode, retryAfter);
    }

    Problem withTurnkeyCode(Optional<String> code) {
        return new Problem(type, detail, pointer, activityId, code, retryAfter);
    }

    Problem withRetryAfter(Duration wait) {
        return new Problem(type, detail, pointer, activityId, turnkeyCode, Optional.of(wait));
    }

    /**
     * The document that the caller gets.
     *
     * @param instance the request's id
     */
    ObjectNode document(String instance) {
        ObjectNode document = Json.newObject()
                .put("type", type.uri())
                .put("title", type.title())
                .put("status", type.status())
                .put("detail", detail)
                .put("instance", instance)
                .put("action", type.action().text());
        pointer.ifPresent(value -> document.put("pointer", value));
        activityId.ifPresent(value -> document.put("activityId", value));
        turnkeyCode.ifPresent(value -> document.put("turnkeyCode", value));
        return document;
    }
}
