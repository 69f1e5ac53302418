package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay's own zip: what is in it, and that it is enough. */
class RelayPackageIT {
    private static final String OURS = "finance.votis.sessions.";

    @TempDir
    private Path folder;

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

    @Test
    void itIsEnoughToPassOnWhatADeviceStamped() throws Exception {
        try (RunningStack stack = RunningStack.startWith(
                        function -> function.logicalId().equals("RelayFunction"),
                        Template.read(Checkout.root().resolve("template.yaml")),
                        Addresses.free(),
                        Checkout.workspace(folder),
                        InstantSource.system(),
                        (name, line) -> {});
                HttpClient client = HttpClient.newHttpClient()) {
            DemoWorld.Customer ada = stack.turnkey().demo().first();
            String body =
                    "{\"type\":\"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION\",\"timestampMs\":\"%d\",\"organizationId\":\"%s\",\"parameters\":{}}"
                            .formatted(InstantSource.system().millis(), ada.organizationId());
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(stack.apiUrl() + "/v1/relay/submit/create_read_only_session"))
                            .header("Authorization", "Bearer " + stack.token("ada", ada.organizationId(), ada.userId()))
                            .header("Content-Type", "application/json")
                            .header(
                                    "X-Stamp",
                                    ada.userKey()
                                            .stamper()
                                            .stamp(body.getBytes(StandardCharsets.UTF_8))
                                            .headerValue())
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode activity = new ObjectMapper().readTree(response.body()).get("activity");
            assertThat(activity.at("/result/createReadOnlySessionResult/userId").asText())
                    .isEqualTo(ada.userId());
            // Its process had this zip and nothing else of ours.
            assertThat(stack.functions())
                    .filteredOn(function -> function.handlerClass().equals("RelayFunction"))
                    .singleElement()
                    .satisfies(relay -> assertThat(relay.codeUri()).hasFileName("relay.zip"));
        }
    }
}
