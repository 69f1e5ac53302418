package finance.votis.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The zips that are deployed, and what the build tells of them. */
class PackageIT {
    private static final Path TARGET = Path.of("target");

    /** Half of it is BouncyCastle; more than this and cold starts get slower. */
    private static final long MOST_BYTES = 16_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"functions.zip", "relay.zip"})
    void aZipIsSmallAndHasJarsInLibAndNothingElse(String zip) throws Exception {
        assertThat(Files.size(TARGET.resolve(zip))).isLessThanOrEqualTo(MOST_BYTES);
        assertThat(jars(zip).keySet()).allMatch(name -> name.matches("lib/[^/]+\\.jar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"functions.zip", "relay.zip"})
    void bouncyCastleIsTheJarThatItsMakersPublish(String zip) throws Exception {
        byte[] jar = jars(zip).getOrDefault("lib/bcprov-jdk18on-1.87.jar", new byte[0]);

        assertThat(sha256(jar)).isEqualTo(System.getProperty("bouncycastle.sha256"));
    }

    @Test
    void awsIsCalledByTheJdksOwnHttpClientAndNoOtherIsThere() throws Exception {
        List<String> services = new ArrayList<>();
        for (byte[] jar : jars("functions.zip").values()) {
            Map<String, byte[]> entries = entries(jar);
            assertThat(entries.keySet())
                    .noneMatch(name -> name.startsWith("io/netty/")
                            || name.startsWith("org/apache/http/")
                            || name.startsWith("org/apache/hc/")
                            || name.startsWith("software/amazon/awssdk/crt/"));
            byte[] service = entries.get("META-INF/services/software.amazon.awssdk.http.SdkHttpService");
            if (service != null) {
                new String(service, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(services::add);
            }
        }

        assertThat(services).containsExactly("software.amazon.awssdk.http.urlconnection.UrlConnectionSdkHttpService");
    }

    @Test
    void theBillOfMaterialsListsEachJarWithItsHashAndNothingThatIsNotThere() throws Exception {
        Map<String, String> told = new TreeMap<>();
        for (JsonNode component : components()) {
            for (JsonNode hash : component.get("hashes")) {
                if (hash.get("alg").textValue().equals("SHA-256")) {
                    told.put(
                            hash.get("content").textValue(),
                            component.get("purl").textValue());
                }
            }
        }

        assertThat(told.keySet()).containsExactlyInAnyOrderElementsOf(hashesOfOthers("functions.zip"));
        assertThat(told.keySet()).containsAll(hashesOfOthers("relay.zip"));
    }

    /** The list itself fails the build on a licence that is not on its own list of allowed ones. */
    @Test
    void theLicenceOfEachThirdPartysJarIsTold() throws Exception {
        List<String> lines = Files.readAllLines(TARGET.resolve("THIRD-PARTY.txt"));

        for (JsonNode component : components()) {
            String group = component.get("group").textValue();
            if (!group.equals("finance.votis.sessions")) {
                String coordinates = "%s:%s:%s -"
                        .formatted(
                                group,
                                component.get("name").textValue(),
                                component.get("version").textValue());
                assertThat(lines)
                        .filteredOn(line -> line.contains("(" + coordinates))
                        .as(coordinates)
                        .singleElement()
                        .asString()
                        .startsWith("     (");
            }
        }
    }

    private static JsonNode components() throws IOException {
        JsonNode components = new ObjectMapper()
                .readTree(Files.readAllBytes(TARGET.resolve("sbom.cdx.json")))
                .get("components");
        assertThat(components).isNotEmpty();
        return components;
    }

    /** The functions' own jar is what the bill is of. */
    private static List<String> hashesOfOthers(String zip) throws Exception {
        List<String> hashes = new ArrayList<>();
        for (Map.Entry<String, byte[]> jar : jars(zip).entrySet()) {
            if (!jar.getKey().startsWith("lib/functions-")) {
                hashes.add(sha256(jar.getValue()));
            }
        }
        return hashes;
    }

    private static Map<String, byte[]> jars(String zip) throws IOException {
        return entries(Files.readAllBytes(TARGET.resolve(zip)));
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

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
