package finance.votis.sessions.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The body of a call: one JSON object of known fields. A field is of exactly the type it is asked for as: {@code null} is no type, a number
 * in quotes is text. Every refusal names the field and its rule and never what was sent.
 */
public final class JsonBody {

    public static final int MAX_BYTES = 8 * 1024;

    private static final Pattern CONTENT_TYPE =
            Pattern.compile("application/json\\s*(;\\s*charset\\s*=\\s*(utf-8|\"utf-8\")\\s*)?;?");
    private static final Pattern NAMEABLE = Pattern.compile("[A-Za-z0-9_.$-]{1,64}");

    /** No body of this API has fields of fields of fields. */
    private static final int DEEPEST_FIELD = 2;

    private final ObjectNode object;
    private final String place;

    /** @param place of the object in the body: empty, or names with a slash after each */
    private JsonBody(ObjectNode object, String place) {
        this.object = object;
        this.place = place;
    }

    /**
     * The body of a call that must have one.
     *
     * @throws RefusedAtTheDoor malformed-body, body-too-large, unsupported-content-type, unknown-field
     */
    public static JsonBody required(ApiCall call, Set<String> fields) throws RefusedAtTheDoor {
        byte[] bytes = bytes(call);
        JsonBody body = parse(call, needed(bytes));
        body.only(fields);
        return body;
    }

    /** As {@link #required}, but no body is an empty object. */
    public static JsonBody optional(ApiCall call, Set<String> fields) throws RefusedAtTheDoor {
        byte[] bytes = bytes(call);
        if (bytes.length == 0) {
            return new JsonBody(Json.newObject(), "");
        }
        JsonBody body = parse(call, bytes);
        body.only(fields);
        return body;
    }

    /**
     * A look at a body that is another API's, where {@code null} is as good as nothing. Its fields are looked at by {@link #only}.
     *
     * @throws RefusedAtTheDoor malformed-body, body-too-large, unsupported-content-type
     */
    public static JsonBody foreign(ApiCall call) throws RefusedAtTheDoor {
        JsonBody body = parse(call, needed(bytes(call)));
        dropNulls(body.object);
        return body;
    }

    private static void dropNulls(ObjectNode object) {
        object.properties().removeIf(field -> field.getValue().isNull());
        object.forEach(member -> {
            if (member instanceof ObjectNode inner) {
                dropNulls(inner);
            }
        });
    }

    private static byte[] needed(byte[] bytes) throws RefusedAtTheDoor {
        if (bytes.length == 0) {
            throw malformed("a JSON object is needed");
        }
        return bytes;
    }

    /**
     * Holds that there is no other field.
     *
     * @throws RefusedAtTheDoor unknown-field
     */
    public void only(Set<String> fields) throws RefusedAtTheDoor {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!fields.contains(name)) {
                throw new RefusedAtTheDoor(unknown(name));
            }
        }
    }

    /**
     * The object in a field that must be there.
     *
     * @throws RefusedAtTheDoor invalid-field
     */
    public JsonBody object(String field) throws RefusedAtTheDoor {
        if (object.get(field) instanceof ObjectNode inner) {
            return new JsonBody(inner, place + field + "/");
        }
        throw refusal(field, "must be an object");
    }

    /** A list of texts in a field that must be there. */
    public List<String> texts(String field) throws RefusedAtTheDoor {
        if (!(object.get(field) instanceof ArrayNode list)
                || !list.valueStream().allMatch(JsonNode::isTextual)) {
            throw refusal(field, "must be a list of strings");
        }
        return list.valueStream().map(JsonNode::textValue).toList();
    }

    /** Text of so many characters that can all be shown to people: none is invisible, changes the direction of writing or begins a line. */
    public Optional<String> printable(String field, int most) throws RefusedAtTheDoor {
        Optional<String> text = text(field);
        if (text.isPresent()) {
            int length = text.get().codePointCount(0, text.get().length());
            if (length < 1 || length > most || !text.get().codePoints().allMatch(JsonBody::isPrintable)) {
                throw refusal(field, "must be 1 to " + most + " printable characters");
            }
        }
        return text;
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** Text without NUL and without half a character (a lone surrogate). */
    public Optional<String> text(String field) throws RefusedAtTheDoor {
        JsonNode node = object.get(field);
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw refusal(field, "must be a string");
        }
        String text = node.textValue();
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
            throw refusal(field, "must be text without NUL and without lone surrogates");
        }
        return Optional.of(text);
    }

    /** A JSON number without fraction and exponent, between the two bounds. */
    public OptionalLong wholeNumber(String field, long least, long most) throws RefusedAtTheDoor {
        JsonNode node = object.get(field);
        if (node == null) {
            return OptionalLong.empty();
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < least
                || node.longValue() > most) {
            throw refusal(field, "must be a whole number from " + least + " to " + most);
        }
        return OptionalLong.of(node.longValue());
    }

    public Optional<Boolean> flag(String field) throws RefusedAtTheDoor {
        JsonNode node = object.get(field);
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isBoolean()) {
            throw refusal(field, "must be true or false");
        }
        return Optional.of(node.booleanValue());
    }

    /** The refusal of a field of this object that breaks a rule of the room. */
    public RefusedAtTheDoor refusal(String field, String rule) {
        return invalid(place + field, rule);
    }

    /** As {@link #refusal}, of another type. */
    public RefusedAtTheDoor refusal(ProblemType type, String field, String rule) {
        return new RefusedAtTheDoor(Problem.ofField(type, place + field, rule));
    }

    /** The refusal of a field that breaks a rule of the room. */
    public static RefusedAtTheDoor invalid(String field, String rule) {
        return new RefusedAtTheDoor(Problem.ofField(ProblemType.INVALID_FIELD, field, rule));
    }

    /**
     * The very bytes of a body, none if there is no body.
     *
     * @throws RefusedAtTheDoor malformed-body, body-too-large
     */
    public static byte[] bytes(ApiCall call) throws RefusedAtTheDoor {
        String body = call.body().orElse("");
        // Looked at before decoding, so that the cost of a huge body is that of its length.
        int most = call.base64() ? (MAX_BYTES + 2) / 3 * 4 : MAX_BYTES;
        byte[] bytes = body.length() > most ? new byte[MAX_BYTES + 1] : decode(body, call.base64());
        if (bytes.length > MAX_BYTES) {
            throw new RefusedAtTheDoor(
                    Problem.of(ProblemType.BODY_TOO_LARGE, "the body may have " + MAX_BYTES + " bytes at most"));
        }
        return bytes;
    }

    private static byte[] decode(String body, boolean base64) throws RefusedAtTheDoor {
        if (!base64) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw malformed("the body is not base64, although it is said to be");
        }
    }

    private static JsonBody parse(ApiCall call, byte[] bytes) throws RefusedAtTheDoor {
        String contentType =
                call.headers().getOrDefault("content-type", "").trim().toLowerCase(Locale.ROOT);
        if (!CONTENT_TYPE.matcher(contentType).matches()) {
            throw new RefusedAtTheDoor(Problem.of(
                    ProblemType.UNSUPPORTED_CONTENT_TYPE, "Content-Type must be application/json, in UTF-8"));
        }
        return switch (Json.read(bytes)) {
            case Json.Reading.Whole(ObjectNode object) -> new JsonBody(object, "");
            case Json.Reading.Refused(List<String> blamed) -> throw new RefusedAtTheDoor(unreadable(blamed));
        };
    }

    private static Problem unreadable(List<String> blamed) {
        List<String> names = blamed.stream().limit(DEEPEST_FIELD).toList();
        return !names.isEmpty()
                        && names.stream()
                                .allMatch(name -> NAMEABLE.matcher(name).matches())
                ? Problem.ofField(
                        ProblemType.MALFORMED_BODY,
                        String.join("/", names),
                        "must be there once, be nested at most " + Json.MAX_DEPTH + " deep and have no number of over "
                                + Json.MAX_NUMBER + " characters")
                : Problem.of(
                        ProblemType.MALFORMED_BODY,
                        "the body must be one JSON object in UTF-8, no member twice, nested at most " + Json.MAX_DEPTH
                                + " deep");
    }

    /** The name is told back only if it is an ordinary one: it is the one thing sent that an answer repeats. */
    private Problem unknown(String name) {
        return NAMEABLE.matcher(name).matches()
                ? Problem.ofField(ProblemType.UNKNOWN_FIELD, place + name, "is not a field of this request")
                : Problem.of(ProblemType.UNKNOWN_FIELD, "a field with an unusual name is not a field of this request");
    }

    private static RefusedAtTheDoor malformed(String detail) {
        return new RefusedAtTheDoor(Problem.of(ProblemType.MALFORMED_BODY, detail));
    }
}
