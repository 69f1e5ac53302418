package finance.votis.sessions.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProblemTypeTest {

    /** {@code | `slug` | 400 | `action` | words |}. */
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| (\\d{3}) \\| `([a-z-]+)` \\| [^|]+ \\|");

    /** {@code | `action` | words |}, and not the table's head. */
    private static final Pattern ACTION = Pattern.compile("\\| `(?!action`)([a-z-]+)` \\| [^|]+ \\|");

    @Test
    void mobileDevelopersReadEachTypeOnceWithItsStatusAndAction() throws IOException {
        assertThat(rows(ROW))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .map(type -> List.of(
                                type.slug(),
                                Integer.toString(type.status()),
                                type.action().text()))
                        .toList());
    }

    @Test
    void mobileDevelopersReadEachActionOnce() throws IOException {
        assertThat(rows(ACTION))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Action.values())
                        .map(action -> List.of(action.text()))
                        .toList());
    }

    private static List<List<String>> rows(Pattern form) throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "mobile.md")).stream()
                .map(form::matcher)
                .filter(Matcher::matches)
                .map(row -> IntStream.rangeClosed(1, row.groupCount())
                        .mapToObj(row::group)
                        .toList())
                .toList();
    }
}
