package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What is in the relay's own zip. That it is enough: {@link PackedFunctionsIT}. */
class RelayPackageIT {
    private static final String OURS = "finance.votis.sessions.";

    @Test
    void itHasNoAwsSdkAndOfOursOnlyWhatCannotReachAKey() throws Exception {
        Set<String> packages = packages(Checkout.root().resolve("functions/target/relay.zip"));

        assertThat(packages.stream().filter(name -> name.startsWith(OURS)))
                .containsExactlyInAnyOrder(
                        OURS + "crypto", OURS + "http", OURS + "relay", OURS + "runtime", OURS + "turnkey");
        assertThat(packages)
                .noneMatch(name -> name.startsWith("software.amazon"))
                .filteredOn(name -> name.startsWith("com.amazonaws"))
                .allMatch(name -> name.startsWith("com.amazonaws.services.lambda.runtime.events"));
        // The same look finds what it is to find.
        assertThat(packages(Checkout.root().resolve("functions/target/functions.zip")))
                .contains(OURS + "aws", "software.amazon.awssdk.services.kms");
    }

    private static Set<String> packages(Path zip) throws IOException {
        Set<String> packages = new TreeSet<>();
        for (Map.Entry<String, byte[]> file : entries(Files.readAllBytes(zip)).entrySet()) {
            assertThat(file.getKey()).matches("lib/[^/]+\\.jar");
            for (String name : entries(file.getValue()).keySet()) {
                if (name.endsWith(".class") && name.contains("/") && !name.startsWith("META-INF/")) {
                    packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
                }
            }
        }
        return packages;
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (InputStream in = new ByteArrayInputStream(zip);
                ZipInputStream files = new ZipInputStream(in)) {
            for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                if (!file.isDirectory()) {
                    entries.put(file.getName(), files.readAllBytes());
                }
            }
        }
        return entries;
    }
}
