package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./dev up} as a process, ended as a terminal or a crash ends it. */
class UpIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    @Test
    void runsTellsScriptsAllTheyNeedAndLeavesNothingBehind() throws Exception {
        Workspace workspace = Checkout.workspace(folder);
        Path stackFile = workspace.stackFile();

        // Killed without a chance to tidy: its functions notice, its file stays.
        Process killed = up(workspace);
        List<String> told = linesUntilReady(killed);
        List<ProcessHandle> functions = killed.descendants().toList();
        Set<String> deployed = deployedFunctions(workspace);
        assertThat(functions).hasSameSizeAs(deployed);
        killed.destroyForcibly().waitFor();
        for (ProcessHandle function : functions) {
            function.onExit().get(20, TimeUnit.SECONDS);
        }
        assertThat(stackFile).exists();
        assertThat(StackFile.running(stackFile)).isEmpty();
        String stale = Files.readString(stackFile);

        // The next one takes over.
        Process running = up(workspace);
        try {
            told.addAll(linesUntilReady(running));
            functions = running.descendants().toList();
            assertThat(functions).hasSameSizeAs(deployed);
            assertThat(Files.readString(stackFile)).isNotEqualTo(stale);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stackFile)))
                    .isEqualTo("rw-------");
            JsonNode stack = JSON.readTree(Files.readString(stackFile));
            assertThat(names(stack))
                    .contains(
                            "apiUrl",
                            "turnkeyUrl",
                            "awsUrl",
                            "token",
                            "organizationId",
                            "parentPublicKey",
                            "parentPrivateKey",
                            "subOrganizationId",
                            "userId",
                            "delegatePublicKey",
                            "functions",
                            "accessKeys",
                            "secrets",
                            "keys");
            assertThat(names(stack.get("functions"))).containsExactlyElementsOf(deployed);
            assertThat(stack.at("/secrets/NightlySessionSecret").asText()).startsWith("arn:aws:secretsmanager:");
            assertThat(stack.at("/keys/NightlyWrappingKey").asText()).startsWith("arn:aws:kms:");
            theApiAnswers(stack);
            theContractIsServed(stack);
            theKeysAreKnown(stack);
            theHeaderFileIsForCurl(workspace, stack);
            theVariablesAreForSam(workspace, stack);

            assertThat(String.join("\n", told))
                    .doesNotContain(stack.get("token").asText())
                    .doesNotContain(stack.get("parentPrivateKey").asText());
            assertThat(names(stack)).as("in KMS it has no readable form").doesNotContain("delegatePrivateKey");

            // A second one is told.
            StringWriter err = new StringWriter();
            int exit = command(new Up(workspace), err).execute("--port", "0", "--turnkey-port", "0", "--aws-port", "0");
            assertThat(exit).isEqualTo(1);
            assertThat(err.toString()).contains("another ./dev up runs in this folder");

            // invoke uses it, and its world.
            StringWriter out = new StringWriter();
            CommandLine invoke = command(new Invoke(workspace), err);
            invoke.setOut(new PrintWriter(out));
            exit = invoke.execute(
                    "ClientSessionFunction",
                    "-e",
                    Checkout.root()
                            .resolve("events/client-session-with-options.json")
                            .toString());
            assertThat(exit).as(err.toString()).isZero();
            assertThat(err.toString()).contains("the running ./dev up");
            assertThat(JSON.readTree(JSON.readTree(out.toString()).get("body").asText())
                            .get("userId"))
                    .isEqualTo(stack.get("userId"));

            // What up prints to be tried: a run that is killed, the next one, and a job that uses what it left.
            assertThat(invoke.execute("NightlySessionFunction", "--kill-after", "1ms"))
                    .as(err.toString())
                    .isZero();
            out.getBuffer().setLength(0);
            assertThat(invoke.execute("NightlySessionFunction"))
                    .as(err.toString())
                    .isZero();
            assertThat(JSON.readTree(out.toString()).get("status").asText()).isIn("created", "recovered");
            out.getBuffer().setLength(0);
            assertThat(invoke.execute("NightlyCanaryFunction"))
                    .as(err.toString())
                    .isZero();
            assertThat(JSON.readTree(out.toString()).get("status").asText()).isEqualTo("usable");
            out.getBuffer().setLength(0);
            assertThat(invoke.execute("MintWatchFunction")).as(err.toString()).isZero();
            assertThat(JSON.readTree(out.toString()).get("unasked").asInt())
                    .as("what the API was asked for is known, what invoke ran above is not")
                    .isOne();
        } finally {
            running.destroy();
        }
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle function : functions) {
            function.onExit().get(20, TimeUnit.SECONDS);
        }
        assertThat(stackFile).doesNotExist();
        assertThat(workspace.local().resolve("authorization")).doesNotExist();
        assertThat(workspace.local().resolve("sam-variables.json")).doesNotExist();
    }

    @Test
    void whatItPrintsForAPhoneWorksInAShellAsItStands() throws Exception {
        assumeThat(List.of(System.getenv("PATH").split(File.pathSeparator)))
                .as("curl is installed")
                .anyMatch(place -> Files.isExecutable(Path.of(place, "curl")));
        Workspace workspace = Checkout.workspace(folder);
        Files.writeString(
                folder.resolve("dev"),
                "#!/bin/sh\nexec '" + JAVA + "' -cp '" + System.getProperty("java.class.path")
                        + "' finance.votis.sessions.runner.Dev \"$@\"\n");
        assertThat(folder.resolve("dev").toFile().setExecutable(true)).isTrue();
        Process running = up(workspace);
        try {
            List<String> printed = linesUntilReady(running);
            List<String> lines = printed.subList(
                    printed.indexOf("  # a phone's session: a key pair, its public half posted, the bundle opened"),
                    printed.indexOf("  # the server session: its run is killed in the middle, and the next one ends"
                            + " with a good session all the same"));

            Process shell = new ProcessBuilder("sh", "-eu", "-c", String.join("\n", lines))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(shell.waitFor()).as(output).isZero();
            assertThat(JSON.readTree(Files.readString(workspace.local().resolve("session.json")))
                            .at("/activity/status")
                            .asText())
                    .isEqualTo("ACTIVITY_STATUS_COMPLETED");
            JsonNode stack = JSON.readTree(Files.readString(workspace.stackFile()));
            JsonNode session = JSON.readTree(Files.readString(workspace.local().resolve("session-key.json")));
            assertThat(whoami(stack, session, "subOrganizationId")).isEqualTo(200);
        } finally {
            running.destroy();
            running.waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aBusyPortIsToldByItsNumberAndFlag() throws Exception {
        Workspace workspace = Checkout.workspace(folder);
        Files.createDirectories(workspace.local());
        Files.writeString(workspace.stackFile(), "of a run that is over");
        StringWriter err = new StringWriter();
        try (BlockingHttpServer busy =
                BlockingHttpServer.start(BlockingHttpServer.anyPort(), 0, request -> Reply.json(200, "{}"))) {
            int port = busy.url().getPort();

            int exit = command(new Up(workspace), err)
                    .execute("--port", "0", "--turnkey-port", "0", "--aws-port", Integer.toString(port));

            assertThat(exit).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("port " + port + " cannot be listened on")
                    .contains("--aws-port chooses another");
        }
        assertThat(workspace.stackFile()).doesNotExist();
    }

    @Test
    void whatIsNoPortOrAddressIsOneLine() throws Exception {
        Workspace workspace = Checkout.workspace(folder);
        StringWriter err = new StringWriter();

        assertThat(command(new Up(workspace), err).execute("--port", "65536")).isEqualTo(2);
        assertThat(command(new Up(workspace), err).execute("--listen", "localhost"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--port takes a number from 0 to 65535", "--listen takes an address");
    }

    private static Process up(Workspace workspace) throws IOException {
        return new ProcessBuilder(
                        JAVA,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "finance.votis.sessions.runner.Dev",
                        "up",
                        "--port=0",
                        "--turnkey-port=0",
                        "--aws-port=0")
                .directory(workspace.root().toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> linesUntilReady(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.startsWith("What the functions write")) {
                return lines;
            }
        }
        throw new AssertionError("ended early: " + String.join("\n", lines));
    }

    private static CommandLine command(Object command, StringWriter err) {
        return new CommandLine(command).setErr(new PrintWriter(err)).setParameterExceptionHandler((wrong, args) -> {
            err.write(wrong.getMessage() + "\n");
            return CommandLine.ExitCode.USAGE;
        });
    }

    private static void theApiAnswers(JsonNode stack) throws Exception {
        HttpResponse<String> response = post(
                URI.create(stack.get("apiUrl").asText() + "/v1/sessions/read-only"),
                Map.of("Authorization", "Bearer " + stack.get("token").asText()),
                "");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(JSON.readTree(response.body()).get("organizationId")).isEqualTo(stack.get("subOrganizationId"));
    }

    /** Without a token, and with nothing that a browser would have to fetch elsewhere. */
    private static void theContractIsServed(JsonNode stack) throws Exception {
        String api = stack.get("apiUrl").asText();
        assertThat(get(api + "/openapi.yaml").body())
                .isEqualTo(Files.readString(Checkout.root().resolve("docs/openapi.yaml")));
        HttpResponse<String> page = get(api + "/docs");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .startsWith("default-src 'none'; script-src 'self';");
        List<String> parts = Pattern.compile("(?:src|href)=\"([^\"]*)\"")
                .matcher(page.body())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(parts).hasSize(4).allSatisfy(part -> {
            assertThat(part).startsWith("/docs/");
            assertThat(get(api + part).statusCode()).as(part).isEqualTo(200);
        });
        assertThat(get(api + "/docs/index.html").statusCode()).isEqualTo(404);
    }

    private static void theKeysAreKnown(JsonNode stack) throws Exception {
        JsonNode parent = JSON.createObjectNode()
                .put("publicKey", stack.get("parentPublicKey").asText())
                .put("privateKey", stack.get("parentPrivateKey").asText());
        assertThat(whoami(stack, parent, "organizationId")).isEqualTo(200);
        assertThat(whoami(stack, parent, "subOrganizationId")).isEqualTo(200);
    }

    private static int whoami(JsonNode stack, JsonNode pair, String organization) throws Exception {
        try (LocalStamper stamper =
                new LocalStamper(P256PrivateKey.fromHex(pair.get("privateKey").asText()))) {
            assertThat(stamper.publicKey().compressedHex())
                    .isEqualTo(pair.get("publicKey").asText());
            String body = "{\"organizationId\":\"" + stack.get(organization).asText() + "\"}";
            return post(
                            URI.create(stack.get("turnkeyUrl").asText() + "/public/v1/query/whoami"),
                            Map.of(
                                    "X-Stamp",
                                    stamper.stamp(body.getBytes(StandardCharsets.UTF_8))
                                            .headerValue()),
                            body)
                    .statusCode();
        }
    }

    private static void theHeaderFileIsForCurl(Workspace workspace, JsonNode stack) throws Exception {
        Path file = workspace.local().resolve("authorization");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file)
                .hasContent("Authorization: Bearer " + stack.get("token").asText() + "\n");
    }

    private static void theVariablesAreForSam(Workspace workspace, JsonNode stack) throws Exception {
        JsonNode variables = JSON.readTree(Files.readString(workspace.local().resolve("sam-variables.json")));

        JsonNode nightly = variables.get("NightlySessionFunction");
        assertThat(names(variables)).isEqualTo(names(stack.get("functions")));
        assertThat(nightly.get("ADMIN_CREDENTIAL").asText())
                .isEqualTo("kms:" + stack.at("/keys/NightlyAdminSigningKey").asText());
        assertThat(nightly.get("WRAPPING_KEY")).isEqualTo(stack.at("/keys/NightlyWrappingKey"));
        assertThat(nightly.get("SERVER_SESSION_ORGANIZATION_ID")).isEqualTo(stack.get("organizationId"));
        assertThat(variables.toString()).doesNotContain("127.0.0.1");
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> post(URI uri, Map<String, String> headers, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(request::header);
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** As the template says, deployed here. */
    private static Set<String> deployedFunctions(Workspace workspace) throws Exception {
        return new TreeSet<>(StackFile.running(workspace.stackFile())
                .orElseThrow()
                .surroundings()
                .deployment(Template.read(workspace.template()))
                .functionIds());
    }

    private static Set<String> names(JsonNode object) {
        TreeSet<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
