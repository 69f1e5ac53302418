package finance.votis.sessions.standins.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Of CloudWatch Logs' filter patterns the one that asks whether a line's JSON has one of some members:
 * <code>{ ($.one = "*") || ($.other = "*") }</code>. AWS has many more, and other ways to write this one.
 *
 * @param members by their names, at the top of the JSON
 */
record FilterPattern(List<String> members) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern TERM = Pattern.compile("\\(\\$\\.([A-Za-z0-9_-]+) = \"\\*\"\\)");
    private static final Pattern WHOLE = Pattern.compile("\\{ " + TERM + "( \\|\\| " + TERM + ")* }");

    FilterPattern {
        members = List.copyOf(members);
    }

    /** Empty if it is another pattern, or none. */
    static Optional<FilterPattern> parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(new FilterPattern(
                TERM.matcher(text).results().map(term -> term.group(1)).toList()));
    }

    /** A selector finds texts and numbers alone; lines that are no JSON are not found at all. */
    boolean matches(String line) {
        try {
            return JSON.readTree(line) instanceof ObjectNode top
                    && members.stream().map(top::path).anyMatch(FilterPattern::isFound);
        } catch (JsonProcessingException noJson) {
            return false;
        }
    }

    private static boolean isFound(JsonNode member) {
        return member.isTextual() || member.isNumber();
    }
}
