package finance.votis.sessions.runner.stack;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things are in a checkout.
 *
 * @param root absolute; the folder of {@code template.yaml}
 * @param keptZip a copy of the built {@code functions.zip} to take in its place, so that a build that comes later changes nothing under
 *     what runs
 */
public record Workspace(Path root, Optional<Path> keptZip) {
    private static final Path BUILT_ZIP = Path.of("functions", "target", "functions.zip");

    /** A checkout whose functions are taken as the last build left them. */
    public Workspace(Path root) {
        this(root, Optional.empty());
    }

    /** The current directory, and the copy that {@code ./dev} made: it goes to the checkout's root first. */
    public static Workspace current() {
        return new Workspace(
                Path.of("").toAbsolutePath(),
                Optional.ofNullable(System.getProperty("sessions.functions.zip"))
                        .map(Path::of));
    }

    /** What to unpack for a function. */
    Path zip(Path codeUri) {
        return codeUri.equals(root.resolve(BUILT_ZIP)) ? keptZip.orElse(codeUri) : codeUri;
    }

    public Path template() {
        return root.resolve("template.yaml");
    }

    /** For what belongs to one machine and one run. */
    public Path local() {
        return root.resolve("target").resolve("local");
    }

    Path stackFile() {
        return local().resolve("stack.json");
    }
}
