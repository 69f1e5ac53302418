package finance.votis.sessions.benchmarks.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Rows under a title, as a table of Markdown: it reads on a screen and goes into the documentation as it is. Not thread-safe. */
public final class Table {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String title, String... columns) {
        this.title = title;
        rows.add(List.of(columns));
    }

    /** Of what has a peer: both medians, the ratio round by round, and what it should be. */
    public static Table ofRatios(String title) {
        return new Table(title, "", "ours", "peer", "ratio: median (range)", "target");
    }

    public void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row has a cell for each column");
        }
        rows.add(List.of(cells));
    }

    /**
     * Ours over the peer's.
     *
     * @param unit behind the two medians
     */
    public void ratio(String what, Series ours, Series peer, String unit, Target target) {
        Series ratio = ours.over(peer);
        row(
                what,
                figure(ours.median()) + unit,
                figure(peer.median()) + unit,
                ratio.text("%.2f"),
                target.verdict(ratio.median()));
    }

    /** How many times as fast: the peer's time over ours. */
    public void speed(String what, Series ours, Series peer, String unit, Target target) {
        Series ratio = peer.over(ours);
        row(
                what,
                figure(ours.median()) + unit,
                figure(peer.median()) + unit,
                ratio.text("%.1f") + " times as fast",
                target.verdict(ratio.median()));
    }

    /** A value that has no peer. */
    public void value(String what, Series value, String format, String unit, Target target) {
        row(what, value.text(format) + unit, "", "", target.verdict(value.median()));
    }

    /** Lines, the columns padded. */
    public List<String> lines() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int width = 3;
            for (List<String> row : rows) {
                width = Math.max(width, row.get(column).length());
            }
            widths.add(width);
        }
        List<String> lines = new ArrayList<>(List.of("### " + title, ""));
        for (List<String> row : rows) {
            lines.add(line(row, widths));
            if (lines.size() == 3) {
                lines.add(line(widths.stream().map("-"::repeat).toList(), widths));
            }
        }
        lines.add("");
        return lines;
    }

    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(' ')
                    .append(cell)
                    .repeat(' ', widths.get(column) - cell.length())
                    .append(" |");
        }
        return line.toString();
    }

    /** Three digits are all that a shared machine gives. */
    public static String figure(double value) {
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return plain(BigDecimal.valueOf(value)
                .setScale(digits, java.math.RoundingMode.HALF_UP)
                .doubleValue());
    }

    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
