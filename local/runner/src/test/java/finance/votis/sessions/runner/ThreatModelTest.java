package finance.votis.sessions.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/security.md gives as proof is there to be run. */
class ThreatModelTest {

    private static final String TITLE = "## Threat model";

    private static final List<String> MODULES =
            List.of("shared-crypto", "functions", "local/stand-ins", "local/runner");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!threat |---)[^|]+\\| [^|]+\\| (`[^|]+`) \\|$");

    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(\\w+))?`");

    @Test
    void eachThreatNamesTestsThatThereAre() throws IOException {
        List<String> proofs =
                ROW.matcher(model()).results().map(row -> row.group(1)).toList();

        assertThat(proofs).hasSizeGreaterThan(15);
        assertThat(proofs)
                .allSatisfy(proof ->
                        assertThat(NAME.matcher(proof).results()).isNotEmpty().allSatisfy(name -> isThere(name)));
    }

    @Test
    void noRowIsWithoutAProof() throws IOException {
        long rows = model().lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| threat "))
                .count();

        assertThat(ROW.matcher(model()).results()).hasSize(Math.toIntExact(rows));
    }

    private static void isThere(MatchResult name) throws IOException {
        String type = name.group(1) + ".java";
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Checkout.root().resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.endsWith(type)).forEach(sources::add);
            }
        }
        assertThat(sources).as(type).hasSize(1);
        if (name.group(2) != null) {
            assertThat(Files.readString(sources.getFirst())).contains("void " + name.group(2) + "(");
        }
    }

    private static String model() throws IOException {
        String page = Files.readString(Checkout.root().resolve("docs/security.md"));
        return page.substring(page.indexOf(TITLE));
    }
}
