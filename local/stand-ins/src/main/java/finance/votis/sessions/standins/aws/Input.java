package finance.votis.sessions.standins.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The members of a request. A wrong JSON type is a {@code SerializationException}; a value outside its limits is the
 * service's own parameter error. Members that nobody asks for are ignored, as AWS does.
 */
final class Input {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Operation.Service service;
    private final ObjectNode members;

    private Input(Operation.Service service, ObjectNode members) {
        this.service = service;
        this.members = members;
    }

    static Input parse(Operation.Service service, byte[] body) {
        try {
            if (JSON.readTree(body) instanceof ObjectNode members) {
                return new Input(service, members);
            }
        } catch (JsonProcessingException e) {
            throw serialization("the body is not JSON"); // The parser's message quotes what was sent.
        } catch (IOException e) {
            throw new AssertionError("reading from memory", e);
        }
        throw serialization("the body is not a JSON object");
    }

    String text(String name, int min, int max) {
        return optionalText(name, min, max).orElseThrow(() -> missing(name));
    }

    Optional<String> optionalText(String name, int min, int max) {
        return member(name).map(value -> {
            String text = value.textValue();
            if (text == null) {
                throw serialization(name + " is not a string");
            }
            checkLength(name, text.length(), min, max);
            return text;
        });
    }

    /** The decoded bytes. */
    byte[] blob(String name, int min, int max) {
        return optionalBlob(name, min, max).orElseThrow(() -> missing(name));
    }

    Optional<byte[]> optionalBlob(String name, int min, int max) {
        return optionalText(name, 0, Integer.MAX_VALUE).map(text -> {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw serialization(name + " is not base64");
            }
            checkLength(name, bytes.length, min, max);
            return bytes;
        });
    }

    boolean flag(String name) {
        return member(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw serialization(name + " is not a boolean");
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    Optional<Integer> number(String name, int min, int max) {
        return member(name).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw serialization(name + " is not an integer");
            }
            if (value.intValue() < min || value.intValue() > max) {
                throw invalid("Value at '" + name + "' must be between " + min + " and " + max);
            }
            return value.intValue();
        });
    }

    /** Of milliseconds since 1970. */
    Optional<Long> time(String name) {
        return member(name).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw serialization(name + " is not an integer");
            }
            if (value.longValue() < 0) {
                throw invalid("Value at '" + name + "' failed to satisfy constraint: Member must have value greater"
                        + " than or equal to 0");
            }
            return value.longValue();
        });
    }

    Optional<List<String>> texts(String name, int maxItems, int maxLength) {
        return member(name).map(value -> {
            List<String> texts = new ArrayList<>();
            if (!value.isArray()) {
                throw serialization(name + " is not a list");
            }
            checkLength(name, value.size(), 1, maxItems);
            for (JsonNode item : value) {
                if (!item.isTextual()) {
                    throw serialization(name + " is not a list of strings");
                }
                checkLength(name, item.textValue().length(), 1, maxLength);
                texts.add(item.textValue());
            }
            return texts;
        });
    }

    /** Sorted by key; empty where the member is missing. */
    SortedMap<String, String> map(String name) {
        TreeMap<String, String> map = new TreeMap<>();
        member(name).ifPresent(value -> {
            if (!value.isObject()) {
                throw serialization(name + " is not a map");
            }
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                if (!entry.getValue().isTextual()) {
                    throw serialization(name + " is not a map of strings");
                }
                map.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return map;
    }

    /** A string member for the record, unchecked. */
    Optional<String> shown(String name) {
        return member(name).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    boolean has(String name) {
        return member(name).isPresent();
    }

    AwsError missing(String name) {
        return invalid("Value null at '" + name + "' failed to satisfy constraint: Member must not be null");
    }

    AwsError invalid(String message) {
        return switch (service) {
            case SECRETS_MANAGER -> AwsError.of("InvalidParameterException", message);
            case KMS -> AwsError.of("ValidationException", "1 validation error detected: " + message);
            case LOGS -> AwsError.of("InvalidParameterException", "1 validation error detected: " + message);
        };
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(members.get(name)).filter(value -> !value.isNull());
    }

    private void checkLength(String name, int length, int min, int max) {
        if (length < min || length > max) {
            throw invalid("Value at '" + name + "' failed to satisfy constraint: Member must have length "
                    + (length < min ? "greater than or equal to " + min : "less than or equal to " + max));
        }
    }

    private static AwsError serialization(String message) {
        return AwsError.of("SerializationException", message);
    }
}
