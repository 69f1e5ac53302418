package finance.votis.sessions.runner.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeFolderTest {
    @TempDir
    private Path folder;

    @Test
    void aZipIsUnpackedOncePerContent() throws Exception {
        Path zip = zip("lib/a.jar", "one");

        Path first = CodeFolder.of(zip, folder.resolve("local"));
        Path again = CodeFolder.of(zip, folder.resolve("local"));
        Path other = CodeFolder.of(zip("lib/a.jar", "two"), folder.resolve("local"));

        assertThat(first.resolve("lib/a.jar")).hasContent("one");
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(other.resolve("lib/a.jar")).hasContent("two");
    }

    @Test
    void onlyTheLastFewAreKept() throws Exception {
        Path last = folder;
        for (int build = 0; build < 11; build++) {
            last = CodeFolder.of(zip("a", "build " + build), folder.resolve("local"));
        }

        assertThat(last.resolve("a")).hasContent("build 10");
        try (Stream<Path> kept = Files.list(folder.resolve("local"))) {
            assertThat(kept).hasSize(8);
        }
    }

    @Test
    void anEntryThatLeadsOutIsRefusedAndLeavesNothing() throws Exception {
        Path zip = zip("../evil", "x");

        assertThatThrownBy(() -> CodeFolder.of(zip, folder.resolve("local")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of it");
        assertThat(folder.resolve("local/evil")).doesNotExist();
        assertThat(folder.resolve("local")).isEmptyDirectory();
    }

    @Test
    void noZipIsToldWithWhatMakesIt() {
        assertThatThrownBy(() -> CodeFolder.of(folder.resolve("no.zip"), folder))
                .hasMessageContaining("./mvnw package");
    }

    private Path zip(String name, String content) throws IOException {
        Path zip = folder.resolve("f.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.putNextEntry(new ZipEntry(name));
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return zip;
    }
}
