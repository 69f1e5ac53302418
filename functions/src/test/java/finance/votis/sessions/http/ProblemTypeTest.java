package finance.votis.sessions.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProblemTypeTest {

    /** A heading, which is what a link to the type goes to, and below it what happened and what to do. */
    private static final Pattern SECTION =
            Pattern.compile("(?m)^#### ([a-z-]+)\\n\\n(\\d{3}) · `([a-z-]+)` · \\S.{20,}$");

    /** {@code | `action` | words |}, and not the table's head. */
    private static final Pattern ACTION = Pattern.compile("(?m)^\\| `(?!action`)([a-z-]+)` \\| [^|\\n]+ \\|$");

    @Test
    void mobileDevelopersReadEachTypeOnceWithItsStatusAndAction() throws IOException {
        assertThat(found(SECTION))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .map(type -> List.of(
                                type.slug(),
                                Integer.toString(type.status()),
                                type.action().text()))
                        .toList());
    }

    @Test
    void mobileDevelopersReadEachActionOnce() throws IOException {
        assertThat(found(ACTION))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Action.values())
                        .map(action -> List.of(action.text()))
                        .toList());
    }

    private static List<List<String>> found(Pattern form) throws IOException {
        return form.matcher(Files.readString(Path.of("..", "docs", "mobile.md")))
                .results()
                .map(found -> IntStream.rangeClosed(1, found.groupCount())
                        .mapToObj(found::group)
                        .toList())
                .toList();
    }
}
