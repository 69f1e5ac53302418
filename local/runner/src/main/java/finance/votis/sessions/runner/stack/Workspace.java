package finance.votis.sessions.runner.stack;

import java.nio.file.Path;

/**
 * Where things are in a checkout.
 *
 * @param root absolute; the folder of {@code template.yaml}
 */
public record Workspace(Path root) {
    /** The current directory: {@code ./dev} goes to the checkout's root first. */
    public static Workspace current() {
        return new Workspace(Path.of("").toAbsolutePath());
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
