package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The members of one JSON object of a request, each read in its own type or refused: a number is no string (check 27).
 * Null is the same as absent (check 24). It remembers which members were asked for, so that the rest can be refused.
 */
final class Fields {
    /** Lower case, as the validator tag {@code uuid} has it. */
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String where;
    private final ObjectNode object;
    private final Set<String> asked = new HashSet<>();

    Fields(String where, ObjectNode object) {
        this.where = where;
        this.object = object;
    }

    Optional<String> string(String name) throws Refusal {
        Optional<JsonNode> node = member(name);
        if (node.isPresent() && !node.get().isTextual()) {
            throw Refusal.badRequestBody(where + name + " must be a string");
        }
        return node.map(JsonNode::textValue);
    }

    String requiredString(String name) throws Refusal {
        String value = string(name).orElse("");
        if (value.isEmpty()) {
            throw missing(name);
        }
        return value;
    }

    Optional<String> uuid(String name) throws Refusal {
        Optional<String> value = string(name);
        if (value.isPresent() && !isUuid(value.get())) {
            throw notUuid(name);
        }
        return value;
    }

    String requiredUuid(String name) throws Refusal {
        return uuid(name).orElseThrow(() -> missing(name));
    }

    List<String> uuids(String name) throws Refusal {
        List<String> values = strings(name);
        for (String value : values) {
            if (!isUuid(value)) {
                throw notUuid(name);
            }
        }
        return values;
    }

    boolean flag(String name) throws Refusal {
        Optional<JsonNode> node = member(name);
        if (node.isPresent() && !node.get().isBoolean()) {
            throw Refusal.badRequestBody(where + name + " must be true or false");
        }
        return node.map(JsonNode::booleanValue).orElse(false);
    }

    Optional<ObjectNode> object(String name) throws Refusal {
        Optional<JsonNode> node = member(name);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (node.get() instanceof ObjectNode inner) {
            return Optional.of(inner);
        }
        throw Refusal.badRequestBody(where + name + " must be an object");
    }

    ObjectNode requiredObject(String name) throws Refusal {
        return object(name).orElseThrow(() -> missing(name));
    }

    List<ObjectNode> objects(String name) throws Refusal {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (!(element instanceof ObjectNode inner)) {
                throw Refusal.badRequestBody(where + name + " must hold objects");
            }
            objects.add(inner);
        }
        return objects;
    }

    List<String> strings(String name) throws Refusal {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (!element.isTextual()) {
                throw Refusal.badRequestBody(where + name + " must hold strings");
            }
            strings.add(element.textValue());
        }
        return strings;
    }

    /** Check 23. */
    void refuseOthers() throws Refusal {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!asked.contains(name)) {
                throw Refusal.badRequestBody(where + name + " is not known here");
            }
        }
    }

    static boolean isUuid(String value) {
        return UUID.matcher(value).matches();
    }

    private Iterable<JsonNode> array(String name) throws Refusal {
        Optional<JsonNode> node = member(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof ArrayNode array) {
            return array;
        }
        throw Refusal.badRequestBody(where + name + " must be an array");
    }

    private Optional<JsonNode> member(String name) {
        asked.add(name);
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    private Refusal missing(String name) {
        return Refusal.badRequestBody(where + name + " is missing");
    }

    private Refusal notUuid(String name) {
        return Refusal.badRequestBody(where + name + " must be a UUID in lower case");
    }
}
