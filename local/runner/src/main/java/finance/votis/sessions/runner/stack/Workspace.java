package finance.votis.sessions.runner.stack;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things are in a checkout.
 *
 * @param root absolute; the folder of {@code template.yaml}
 * @param keptZips a folder with copies of the zips of a build, to take in their place, so that a build that comes later changes nothing
 *     under what runs
 */
public record Workspace(Path root, Optional<Path> keptZips) {
    private static final Path BUILT_ZIPS = Path.of("functions", "target");

    /** A checkout whose functions are taken as the last build left them. */
    public Workspace(Path root) {
        this(root, Optional.empty());
    }

    /** The current directory, and the copies that {@code ./dev} made: it goes to the checkout's root first. */
    public static Workspace current() {
        return new Workspace(
                Path.of("").toAbsolutePath(),
                Optional.ofNullable(System.getProperty("sessions.zips")).map(Path::of));
    }

    /** What to unpack for a function. */
    Path zip(Path codeUri) {
        return root.resolve(BUILT_ZIPS).equals(codeUri.getParent())
                ? keptZips.map(folder -> folder.resolve(codeUri.getFileName())).orElse(codeUri)
                : codeUri;
    }

    public Path template() {
        return root.resolve("template.yaml");
    }

    /** The contract. */
    Path openApi() {
        return root.resolve("docs").resolve("openapi.yaml");
    }

    /** For what belongs to one machine and one run. */
    public Path local() {
        return root.resolve("target").resolve("local");
    }

    Path stackFile() {
        return local().resolve("stack.json");
    }
}
