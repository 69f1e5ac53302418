package finance.votis.sessions.providers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** {@code local/stand-ins/AWS.md}: one row for each behaviour, by the name of its test, and one column for each player. Immutable. */
final class Page {

    static final String STAND_IN = "stand-in";
    static final String MOTO = "moto 5.2.1";
    static final String LOCAL_STACK = "LocalStack 4.14.0";

    private static final String BEHAVIOUR = "test";
    private static final String SAME = "same";
    private static final String UNSEEN = "not seen";
    private static final String DIFFERS = "differs: ";

    private final List<String> columns;
    private final Map<String, List<String>> rows = new LinkedHashMap<>();

    /** How a player is, beside what AWS documents. */
    sealed interface Entry {

        record Same() implements Entry {}

        record Differs(String how) implements Entry {}

        /** Nobody has looked. */
        record Unseen() implements Entry {}
    }

    private Page(List<String> lines) {
        List<List<String>> table = lines.stream()
                .filter(line -> line.startsWith("|"))
                .map(Page::cells)
                .toList();
        this.columns = table.getFirst();
        // After the head comes the line that Markdown wants.
        table.stream()
                .skip(2)
                .forEach(row -> rows.put(row.get(column(BEHAVIOUR)).replace("`", ""), row));
    }

    static Page read() {
        try (InputStream page = Objects.requireNonNull(Page.class.getResourceAsStream("/AWS.md"), "AWS.md")) {
            return new Page(new String(page.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> behaviours() {
        return rows.keySet();
    }

    /** @throws IllegalStateException if the page has no row or column of this name, or says none of the three things */
    Entry of(String behaviour, String player) {
        List<String> row = rows.get(behaviour);
        if (row == null) {
            throw new IllegalStateException("AWS.md has no row for " + behaviour);
        }
        String cell = row.get(column(player));
        if (cell.equals(SAME)) {
            return new Entry.Same();
        }
        if (cell.equals(UNSEEN)) {
            return new Entry.Unseen();
        }
        if (cell.startsWith(DIFFERS)) {
            return new Entry.Differs(cell.substring(DIFFERS.length()));
        }
        throw new IllegalStateException("AWS.md must say of " + behaviour + " and " + player + ": " + SAME + ", "
                + UNSEEN + " or " + DIFFERS + "and how");
    }

    private int column(String name) {
        int column = columns.indexOf(name);
        if (column < 0) {
            throw new IllegalStateException("AWS.md has no column " + name);
        }
        return column;
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
    }
}
