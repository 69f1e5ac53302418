package finance.votis.sessions.standins.iam;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns of policies: {@code *} is any text, {@code ?} any one character. */
final class Wildcards {
    private static final int ARN_PARTS = 6;

    private Wildcards() {}

    static boolean match(String pattern, String text) {
        String regex = pattern.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }

    /** Part by part of the six between colons, so that no wildcard reaches over one; parts that the pattern lacks are {@code *}. */
    static boolean matchArn(String pattern, String arn) {
        if (pattern.equals("*")) {
            return true;
        }
        String[] wanted = pattern.split(":", ARN_PARTS);
        String[] parts = arn.split(":", ARN_PARTS);
        if (parts.length != ARN_PARTS) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!match(wanted[i], parts[i])) {
                return false;
            }
        }
        return true;
    }
}
