package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * A problem document (RFC 9457) before it has its instance.
 *
 * @param detail the rule in words, never a value that was sent
 * @param at what of the request is at fault
 * @param activityId of the activity at Turnkey that the problem is about
 * @param turnkeyCode Turnkey's error code
 * @param retryAfter when to come back
 */
public record Problem(
        ProblemType type,
        String detail,
        Optional<Place> at,
        Optional<String> activityId,
        Optional<String> turnkeyCode,
        Optional<Duration> retryAfter) {

    /** A part of the request. In the document it is a member of its own. */
    sealed interface Place {

        String name();

        /** A field of the body, by its name or, deeper, by the names on the way to it with slashes between. */
        record Field(String name) implements Place {}

        /** A parameter of the URL's path or query. */
        record Parameter(String name) implements Place {}

        record Header(String name) implements Place {}
    }

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A field of the body, as {@code apiKeyName} or {@code parameters/userId}; the rule says what it must be. */
    public static Problem ofField(ProblemType type, String field, String rule) {
        return at(type, new Place.Field(field), rule);
    }

    /** A parameter of the URL. */
    public static Problem ofParameter(ProblemType type, String parameter, String rule) {
        return at(type, new Place.Parameter(parameter), rule);
    }

    /** A header, as it is usually written: {@code X-Stamp}. */
    public static Problem ofHeader(ProblemType type, String header, String rule) {
        return at(type, new Place.Header(header), rule);
    }

    private static Problem at(ProblemType type, Place place, String rule) {
        return new Problem(
                type,
                place.name() + ": " + rule,
                Optional.of(place),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Problem withActivityId(String id) {
        return new Problem(type, detail, at, Optional.of(id), turnkeyCode, retryAfter);
    }

    Problem withTurnkeyCode(Optional<String> code) {
        return new Problem(type, detail, at, activityId, code, retryAfter);
    }

    Problem withRetryAfter(Duration wait) {
        return new Problem(type, detail, at, activityId, turnkeyCode, Optional.of(wait));
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
        at.ifPresent(place -> {
            switch (place) {
                // JSON pointer (RFC 6901). No name that is told has a tilde, and a slash is a step.
                case Place.Field(String name) -> document.put("pointer", "/" + name);
                case Place.Parameter(String name) -> document.put("parameter", name);
                case Place.Header(String name) -> document.put("header", name);
            }
        });
        activityId.ifPresent(value -> document.put("activityId", value));
        turnkeyCode.ifPresent(value -> document.put("turnkeyCode", value));
        return document;
    }
}
