package finance.votis.sessions.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code docs/operations.md}, as tests read it that do what it says. */
public final class OperationsPage {
    private static final Pattern SHELL = Pattern.compile("(?ms)^( *)```sh\n(.*?)^\\1```$");

    private OperationsPage() {}

    public static String text() throws IOException {
        return Files.readString(Checkout.root().resolve("docs/operations.md"));
    }

    /** From its heading, with the {@code #} before it, to the next of the same or a higher level. */
    public static String section(String heading) throws IOException {
        String level = heading.substring(0, heading.indexOf(' '));
        String page = text();
        int start = page.indexOf("\n" + heading + "\n");
        if (start < 0) {
            throw new AssertionError("no section " + heading);
        }
        String rest = page.substring(start + 1 + heading.length());
        return rest.split("(?m)^#{2," + level.length() + "} ", 2)[0];
    }

    /** What an operator copies into a terminal, in the order of the text, without the indentation of a list. */
    public static List<String> shell(String text) {
        return SHELL.matcher(text)
                .results()
                .map(block -> block.group(2)
                        .lines()
                        .map(line -> line.startsWith(block.group(1))
                                ? line.substring(block.group(1).length())
                                : line)
                        .collect(Collectors.joining("\n", "", "\n")))
                .toList();
    }
}
