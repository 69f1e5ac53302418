package finance.votis.sessions.runner;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.stack.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This checkout, as tests of the runner need it; Maven runs them in the module's folder. */
public final class Checkout {
    private static final String CODE_URIS = "CodeUri: functions/target/";

    private Checkout() {}

    public static Path root() {
        return Path.of("..", "..").toAbsolutePath().normalize();
    }

    public static String template() throws IOException {
        return Files.readString(root().resolve("template.yaml"));
    }

    /** The template with one line changed, which has to be there. */
    public static String template(String line, String instead) throws IOException {
        String template = template();
        assertThat(template).containsOnlyOnce(line);
        return template.replace(line, instead);
    }

    /** A folder of its own for what belongs to one run, so that no running {@code ./dev up} is in the way. */
    public static Workspace workspace(Path folder) throws IOException {
        String template = template().replace(CODE_URIS, CODE_URIS.replace("functions", root() + "/functions"));
        Files.writeString(folder.resolve("template.yaml"), template);
        Files.createDirectories(folder.resolve("docs"));
        Files.copy(root().resolve("docs/openapi.yaml"), folder.resolve("docs/openapi.yaml"), REPLACE_EXISTING);
        return new Workspace(folder);
    }
}
