package finance.votis.sessions.runner.story;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Locale;

/** Prints the story: colour on a terminal only ({@code NO_COLOR} respected), plain ASCII where the encoding has no more. */
final class Screen {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String BOLD = "\u001b[1m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean colour;
    private final boolean unicode;

    Screen(PrintWriter out, boolean colour, boolean unicode) {
        this.out = out;
        this.colour = colour;
        this.unicode = unicode;
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 went back to null where there is no terminal (JDK-8351435)
    static Screen of(PrintWriter out) {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        String noColour = System.getenv("NO_COLOR");
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"), Charset.defaultCharset());
        return new Screen(
                out,
                terminal && (noColour == null || noColour.isEmpty()) && !"dumb".equals(System.getenv("TERM")),
                charset.newEncoder().canEncode('✓'));
    }

    void title(String text) {
        line(painted(BOLD, text));
    }

    void chapter(String text) {
        line("");
        line(painted(BOLD, text));
    }

    void held(Duration time, String text) {
        line("  " + painted(GREEN, unicode ? "✓" : "ok") + " " + painted(FAINT, took(time)) + "  " + text);
    }

    void broke(Duration time, String text) {
        line("  " + painted(RED, unicode ? "✗" : "FAILED") + " " + painted(FAINT, took(time)) + "  " + text);
    }

    /** Something shown as it came over the wire. */
    void quoted(String text) {
        line("               " + painted(FAINT, text));
    }

    void line(String text) {
        out.println(unicode ? text : text.replace('…', '.'));
        out.flush();
    }

    private String painted(String paint, String text) {
        return colour ? paint + text + PLAIN : text;
    }

    static String took(Duration time) {
        return time.toMillis() < 1000
                ? String.format(Locale.ROOT, "%6d ms", time.toMillis())
                : String.format(Locale.ROOT, "%6.2f s ", time.toMillis() / 1000.0);
    }
}
