package finance.votis.sessions.runner;

import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The template with a stamping key replaced by a copy, by the steps of {@code docs/operations.md} and nothing else. The page is written
 * for one key and has another's name put in its place.
 *
 * @param key the logical id of the key that is replaced
 */
public record ReplacedKey(String key) {
    private static final String PAGES_KEY = "DelegateSigningKey";

    private static final Pattern SED = Pattern.compile("(?m)^ +sed -i\\.old 's/([^/]+)/([^/]+)/' template\\.yaml$");

    public String copy() {
        return key + "2";
    }

    /** The key's copy and its output stand beside it. */
    public String beside(String template) {
        String resource = entry(template, key);
        String output = entry(template, key + "Arn");
        return template.replace(resource, resource + "\n" + renamed(resource, key, copy()))
                .replace(
                        output,
                        output + renamed(output, key + "Arn", copy() + "Arn").replace(key + ".Arn", copy() + ".Arn"));
    }

    /** What named the key names its copy. */
    public String named(String template) throws IOException {
        MatchResult command =
                SED.matcher(OperationsPage.text()).results().findFirst().orElseThrow();
        Pattern old = Pattern.compile(command.group(1).replace(PAGES_KEY, key));
        String instead = command.group(2).replace(PAGES_KEY, key);
        return template.lines()
                .map(line -> old.matcher(line).replaceFirst(instead))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The key has left the stack. */
    public String alone(String template) {
        return template.replace(entry(template, key), "").replace(entry(template, copy() + "Arn"), "");
    }

    private static String renamed(String entry, String name, String other) {
        return entry.replaceFirst("^  " + name + ":", "  " + other + ":");
    }

    /** Of a resource or an output, to the next one. */
    private static String entry(String template, String name) {
        return Pattern.compile("(?m)^  " + name + ":\n(?:^ {3,}.*\n|^\n(?= {3}))*")
                .matcher(template)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the template has no " + name));
    }
}
