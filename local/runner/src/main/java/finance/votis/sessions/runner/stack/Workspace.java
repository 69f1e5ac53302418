package finance.votis.sessions.runner.stack;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things are in this checkout.
 *
 * @param root absolute; the folder of {@code template.yaml}
 * @param keptZip a copy of the built {@code functions.zip} to take in its place, so that a build that comes later cannot pull it away
 *     under a running stack
 */
public record Workspace(Path root, Optional<Path> keptZip) {
    private static final Path BUILT_ZIP = Path.of("functions", "target", "functions.zip");

    /** The current directory, and the copy that {@code ./dev} made. */
    public static Workspace current() {
        return new Workspace(
                Path.of("").toAbsolutePath(),
                Optional.ofNullable(System.getProperty("sessions.functions.zip"))
                        .map(Path::of));
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

    Path zip(Path codeUri) {
        return codeUri.equals(root.resolve(BUILT_ZIP)) ? keptZip.orElse(codeUri) : codeUri;
    }

    /** Beside the copy, so that it goes when the copy goes. */
    Path codeFolders() {
        return keptZip.flatMap(zip -> Optional.ofNullable(zip.getParent())).orElse(local());
    }
}
