package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A policy by what it says.
 *
 * @param id at Turnkey; empty for one of a file
 * @param consensus empty: whoever it is
 * @param condition empty: whatever it is
 */
record PolicyText(String id, String name, boolean allows, String consensus, String condition) {

    private static final Pattern STRING_OR_SPACE = Pattern.compile("'[^']*'|\\s+");

    /** @param policy with the members of Turnkey's create-policy request; effects other than the two count as none that allows */
    static PolicyText of(String id, JsonNode policy) {
        return new PolicyText(
                id,
                policy.path("policyName").asText(),
                policy.path("effect").asText().equals("EFFECT_ALLOW"),
                policy.path("consensus").asText(""),
                policy.path("condition").asText(""));
    }

    /** Whether both have the same effect under the same words; their names say nothing. */
    boolean saysTheSameAs(PolicyText other) {
        return allows == other.allows
                && bare(consensus).equals(bare(other.consensus))
                && bare(condition).equals(bare(other.condition));
    }

    /** Without the white space that is not inside a string. */
    private static String bare(String expression) {
        return STRING_OR_SPACE.matcher(expression).replaceAll(PolicyText::kept);
    }

    private static String kept(MatchResult part) {
        return part.group().startsWith("'") ? Matcher.quoteReplacement(part.group()) : "";
    }
}
