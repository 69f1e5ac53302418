package finance.votis.sessions.runner;

import finance.votis.sessions.runner.template.FunctionResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A file of {@code events/}.
 *
 * @param name without its ending: {@code client-session-stale}
 */
public record EventFile(String name, Path path) {
    private static final String ENDING = ".json";

    public static List<EventFile> all() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("events"))) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .map(file ->
                            new EventFile(String.valueOf(file.getFileName()).replace(ENDING, ""), file))
                    .sorted(Comparator.comparing(EventFile::name))
                    .toList();
        }
    }

    /** Those of a function. */
    public static List<EventFile> of(FunctionResource function) throws IOException {
        return all().stream().filter(file -> file.isFor(function)).toList();
    }

    /** The one of a function that is served. */
    public static EventFile plain(FunctionResource function) {
        String name = prefix(function);
        return new EventFile(name, Checkout.root().resolve("events").resolve(name + ENDING));
    }

    public boolean isFor(FunctionResource function) {
        String prefix = prefix(function);
        return name.equals(prefix) || name.startsWith(prefix + "-");
    }

    public String text() throws IOException {
        return Files.readString(path);
    }

    /** Of {@code ClientSessionFunction} it is {@code client-session}. */
    private static String prefix(FunctionResource function) {
        return function.handlerClass()
                .replaceAll("Function$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return name;
    }
}
