package finance.votis.sessions.runner.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.memory.HeapDump;
import finance.votis.sessions.runner.memory.Kept;
import finance.votis.sessions.runner.stack.CompanyKeys;
import finance.votis.sessions.runner.stack.DemoIds;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is in each function's process at the moment when Lambda takes its snapshot, from the packed zip and with the template's settings. The
 * services are there, and the company's keys in their secrets: what was not read was not asked for.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "open sockets are read from /proc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int MEGABYTES = 1769;

    /** The rehearsal's clock stands there. */
    private static final Instant REHEARSAL = Instant.parse("2026-11-23T21:00:00Z");

    /**
     * What the rehearsal's many plays share has grown old by their end; that it is dropped is seen only in a dump of garbage, so none of what is
     * old is collected, though the runtime client asks for it. The collection before the dump of what is alive leaves no gap with old bytes.
     */
    private static final String OLD_GARBAGE_STAYS =
            " -Xms1400m -XX:MetaspaceSize=256m -XX:+DisableExplicitGC -XX:MarkSweepAlwaysCompactCount=1";

    private static final String OPTIONS = "JAVA_TOOL_OPTIONS";

    /** Of 78 bytes, so that it is whole letters of base64. */
    private static final String STAMP_OF_THE_EXAMPLE = Base64.getUrlEncoder()
            .encodeToString("{\"publicKey\":\"02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c163025088703"
                    .getBytes(StandardCharsets.US_ASCII));

    /** Those that stamp with a key of the company's, and an event that each serves. */
    private static final Map<String, String> STAMPING = Map.of(
            "ClientSessionFunction", "client-session.json",
            "ReadOnlySessionFunction", "read-only-session.json",
            "SessionsFunction", "sessions.json",
            "ServerSessionFunction", "server-session.json");

    /** What a rehearsal made or met and leaves no trace of in a field. */
    private static final Set<String> PASSING = Set.of(
            "finance.votis.sessions.crypto.LocalStamper",
            "finance.votis.sessions.crypto.P256PrivateKey",
            "finance.votis.sessions.crypto.SecretBytes",
            "finance.votis.sessions.crypto.TargetKeyPair",
            "finance.votis.sessions.runtime.Invocation",
            "finance.votis.sessions.turnkey.ReadOnlySession",
            "finance.votis.sessions.turnkey.ReadWriteSession",
            "finance.votis.sessions.turnkey.SessionToken",
            "java.net.http.HttpRequest",
            "software.amazon.awssdk.auth.credentials.AwsSessionCredentials",
            "software.amazon.awssdk.auth.credentials.AwsBasicCredentials",
            "sun.security.pkcs.PKCS8Key");

    @TempDir
    private static Path folder;

    private RunningStack stack;

    @BeforeAll
    void start() throws Exception {
        stack = RunningStack.withoutFunctions(
                Template.parse("template.yaml", Checkout.template(), Checkout.root()),
                Optional.of(CompanyKeys.SECRET),
                Checkout.workspace(folder),
                InstantSource.system());
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private List<FunctionResource> functions() {
        return stack.functions();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aRehearsalLeavesNothing(FunctionResource function) throws Exception {
        FunctionSettings.Account identity = stack.identity(function);
        Map<String, byte[]> real = new HashMap<>(stack.dangerouslyCompanyKeys());
        real.put("the role's access key", identity.secretAccessKey().getBytes(StandardCharsets.US_ASCII));
        int asked = requests();
        List<String> lines = new CopyOnWriteArrayList<>();
        Instant from = Instant.now();
        long fromNano = System.nanoTime();
        try (ExecutionEnvironment process = ExecutionEnvironment.start(
                settings(function), identity, RuntimeClient.find(folder), (name, line) -> lines.add(line))) {
            assertThat(process.awaitCheckpoint(LIMIT)).isEmpty();
            HeapDump all = HeapDump.ofAll(process.pid(), dump("all"));
            HeapDump living = HeapDump.ofTheLiving(process.pid(), dump("living"));
            Kept.Span span = Kept.Span.since(from, fromNano);

            assertThat(lines).allMatch(line -> line.startsWith("Picked up " + OPTIONS));
            // Nobody was asked for anything, so of what is real there is nothing, not even as garbage.
            assertThat(requests()).isEqualTo(asked);
            assertThat(all.find(real)).isEmpty();
            // What the rehearsal had for secrets, its garbage tells; nothing of ours that lives has them, in any form.
            Map<String, byte[]> rehearsed = secrets(all);
            assertThat(rehearsed).as("the rehearsal's own secrets").hasSizeGreaterThan(2);
            assertThat(Kept.secretsKept(living, rehearsed)).isEmpty();
            assertNothingIsKept(living, span, process);
            assertThat(living.instances(handlerClass(function))).hasSize(1);

            process.restore();
            assertThat(process.awaitReady(LIMIT)).isEmpty();
            String event = STAMPING.get(function.handlerClass());
            if (event == null) {
                process.invoke("1", "{\"routeKey\":\"stay alive\"}", InstantSource.system(), LIMIT);
            } else {
                Outcome answer = process.invoke("1", event(event), InstantSource.system(), LIMIT);
                assertThat(answer.payload()).containsAnyOf("\"statusCode\":20", "\"status\":\"created\"");
                // The search finds what is there: now the company's key was read.
                String key = event.equals("server-session.json") ? "NightlyAdmin, " : "Delegate, ";
                assertThat(HeapDump.ofAll(process.pid(), dump("served")).find(real))
                        .anyMatch(one -> one.startsWith(key))
                        .anyMatch(one -> one.startsWith("the role's access key, "));
            }
        }
        assertThat(lines).anyMatch(line -> line.contains("\"coldStart\":true"));
    }

    /** With nothing of the template's settings changed. */
    @Test
    void aHundredRehearsalsLeaveNothingEither() throws Exception {
        FunctionResource function = functions().stream()
                .filter(one -> one.handlerClass().equals("ClientSessionFunction"))
                .findFirst()
                .orElseThrow();
        FunctionSettings settings = stack.settings(function);
        assertThat(settings.environment()).containsEntry("SNAPSHOT_REHEARSALS", "100");
        assertThat(settings.start()).isEqualTo(Start.SNAPSHOT);
        Instant from = Instant.now();
        long fromNano = System.nanoTime();
        try (ExecutionEnvironment process = ExecutionEnvironment.start(
                settings, stack.identity(function), RuntimeClient.find(folder), (name, line) -> {})) {
            assertThat(process.awaitCheckpoint(LIMIT)).isEmpty();
            HeapDump living = HeapDump.ofTheLiving(process.pid(), dump("living"));

            assertNothingIsKept(living, Kept.Span.since(from, fromNano), process);
        }
    }

    private static void assertNothingIsKept(HeapDump living, Kept.Span span, ExecutionEnvironment process)
            throws Exception {
        assertThat(secrets(living)).isEmpty();
        assertThat(PASSING).noneMatch(type -> living.instances(type).findAny().isPresent());
        assertThat(Kept.generators(living)).isEmpty();
        assertThat(Kept.connections(living, runtimeApi(process.pid()))).isEmpty();
        assertThat(connections(process.pid())).hasSizeLessThanOrEqualTo(1);
        assertThat(Kept.times(living, span, REHEARSAL)).isEmpty();
    }

    /** Less the stamp that the relay's rehearsal has in its code, by the key of Turnkey's published example. */
    private static Map<String, byte[]> secrets(HeapDump dump) {
        Map<String, byte[]> secrets = Kept.secrets(dump);
        secrets.values()
                .removeIf(secret -> new String(secret, StandardCharsets.ISO_8859_1).startsWith(STAMP_OF_THE_EXAMPLE));
        return secrets;
    }

    private Path dump(String name) throws IOException {
        return Files.createTempDirectory(folder, name).resolve("heap.hprof");
    }

    private int requests() {
        return stack.turnkey().requests().size() + stack.requestsToAws();
    }

    private FunctionSettings settings(FunctionResource function) throws IOException {
        FunctionSettings template = stack.settings(function);
        return template.with(OPTIONS, template.environment().getOrDefault(OPTIONS, "") + OLD_GARBAGE_STAYS)
                // A hundred would leave garbage many times as large.
                .with("SNAPSHOT_REHEARSALS", "1")
                .with(Start.SNAPSHOT, MEGABYTES);
    }

    private static String handlerClass(FunctionResource function) {
        return function.handler().substring(0, function.handler().indexOf(':'));
    }

    private String event(String file) throws IOException {
        return DemoIds.of(stack.turnkey().demo())
                .in(Files.readString(Checkout.root().resolve("events").resolve(file)));
    }

    private static int runtimeApi(long pid) throws IOException {
        String environment = Files.readString(Path.of("/proc", Long.toString(pid), "environ"));
        return Arrays.stream(environment.split("\0"))
                .filter(variable -> variable.startsWith("AWS_LAMBDA_RUNTIME_API="))
                .map(variable -> Integer.valueOf(variable.substring(variable.lastIndexOf(':') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Addresses of the process's TCP sockets; that to the Runtime API is one. */
    private static Set<String> connections(long pid) throws IOException {
        Set<String> sockets = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path file : files.toList()) {
                sockets.add(Files.readSymbolicLink(file).toString());
            }
        }
        Set<String> connections = new TreeSet<>();
        for (String protocol : List.of("tcp", "tcp6")) {
            Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", protocol)).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 9 && sockets.contains("socket:[" + columns[9] + "]"))
                    .forEach(columns -> connections.add(columns[1] + " " + columns[2]));
        }
        return connections;
    }
}
