package finance.votis.sessions.runner.stack;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The template with a second session, made of the first by the steps of {@code docs/operations.md} and nothing else. */
final class SecondSession {
    private static final Set<String> SECTIONS = Set.of("Parameters:", "Conditions:", "Resources:", "Outputs:");

    /** With the comments before it. */
    private static final Pattern ENTRY =
            Pattern.compile("(?m)(?:^(?:  #.*)?\n)*^  (\\w+):.*\n(?:^ {3,}.*\n|^\n(?= {3}))*");

    private SecondSession() {}

    static String weeklyBesideNightly(String template) {
        StringBuilder whole = new StringBuilder();
        for (String section : template.split("(?m)^(?=\\w)", -1)) {
            whole.append(section);
            if (SECTIONS.contains(section.lines().findFirst().orElse(""))) {
                ENTRY.matcher(section)
                        .results()
                        .filter(entry -> entry.group(1).contains("Nightly"))
                        .map(MatchResult::group)
                        .map(entry -> entry.replace("Nightly", "Weekly").replace("nightly", "weekly"))
                        .forEach(whole::append);
            }
        }
        return whole.toString();
    }
}
