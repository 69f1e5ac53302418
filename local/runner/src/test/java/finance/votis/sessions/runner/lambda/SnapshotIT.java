package finance.votis.sessions.runner.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in a function's process at the moment when Lambda takes its snapshot, from the packed zip; nobody that it talks to is there. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "open sockets are read from /proc")
class SnapshotIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What a rehearsal made or met: a key, a connection, a session of TLS, a credential of AWS, a session. */
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
            "jdk.internal.net.http.PlainHttpConnection",
            "jdk.internal.net.http.Http1Exchange",
            "software.amazon.awssdk.auth.credentials.AwsSessionCredentials",
            "software.amazon.awssdk.auth.credentials.AwsBasicCredentials",
            "sun.net.www.protocol.https.HttpsClient",
            "sun.security.ec.ECPrivateKeyImpl",
            "sun.security.ssl.SSLEngineImpl",
            "sun.security.ssl.SSLSocketImpl");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "client.ClientSessionFunction, functions",
        "readonly.ReadOnlySessionFunction, functions",
        "lifecycle.SessionsFunction, functions",
        "server.ServerSessionFunction, functions",
        "server.SessionCanaryFunction, functions",
        "watch.MintWatchFunction, functions",
        "relay.RelayFunction, relay"
    })
    void aRehearsalLeavesNothing(String type, String zip) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        var settings = new FunctionSettings(
                "Function",
                "finance.votis.sessions." + type + "::handleRequest",
                CodeFolder.of(Checkout.root().resolve("functions/target/" + zip + ".zip"), folder),
                environment(),
                LIMIT,
                1769,
                "JSON",
                Start.SNAPSHOT);
        try (ExecutionEnvironment process = ExecutionEnvironment.start(
                settings,
                new FunctionSettings.Account("eu-central-1", "123456789012", "AKIDLOCAL", "made up"),
                RuntimeClient.find(folder),
                (name, line) -> lines.add(line))) {
            assertThat(process.awaitCheckpoint(LIMIT)).isEmpty();

            assertThat(lines).isEmpty();
            assertThat(process.pid())
                    .satisfies(pid -> assertThat(connections(pid)).hasSizeLessThanOrEqualTo(1));
            Map<String, Long> live = live(process.pid());
            assertThat(live).containsEntry("finance.votis.sessions." + type, 1L);
            assertThat(live.keySet()).doesNotContainAnyElementsOf(PASSING);

            process.restore();
            assertThat(process.awaitReady(LIMIT)).isEmpty();
            Outcome answer = process.invoke("1", "{\"routeKey\":\"stay alive\"}", InstantSource.system(), LIMIT);
            if (type.startsWith("server") || type.startsWith("watch")) {
                assertThat(answer).isInstanceOf(Outcome.Failed.class);
            } else {
                assertThat(answer.payload()).contains("\"statusCode\":204");
            }
        }
        assertThat(lines).anyMatch(line -> line.contains("\"coldStart\":true"));
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9");
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9");
        environment.put("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://127.0.0.1:9");
        environment.put("TURNKEY_BASE_URL", "http://127.0.0.1:9");
        environment.put("CREDENTIAL_TTL_SECONDS", "300");
        environment.put("DELEGATE_CREDENTIAL", "kms:alias/delegate");
        environment.put("SESSIONS_CREDENTIAL", "secret:sessions");
        environment.put("ORGANIZATION_CLAIM", "organization");
        environment.put("USER_CLAIM", "user");
        environment.put("EXPIRATION_SECONDS_DEFAULT", "900");
        environment.put("EXPIRATION_SECONDS_MIN", "60");
        environment.put("EXPIRATION_SECONDS_MAX", "86400");
        environment.put("RELAY_ACTIVITIES", "delete_api_keys");
        environment.put("SERVER_SESSION", "nightly");
        environment.put("SERVER_SESSION_ORGANIZATION_ID", "00000000-0000-4000-8000-000000000001");
        environment.put("SERVER_SESSION_SECRET", "nightly");
        environment.put("SERVER_SESSION_LIFETIME_MINUTES", "180");
        environment.put("SERVER_SESSION_PERIOD_MINUTES", "55");
        environment.put("SERVER_SESSION_MARGIN_MINUTES", "5");
        environment.put("ADMIN_CREDENTIAL", "secret:nightly-admin");
        environment.put("MINT_WATCH_CREDENTIAL", "secret:mint-watch");
        environment.put("MINT_WATCH_ORGANIZATION_ID", "00000000-0000-4000-8000-000000000001");
        environment.put(
                "MINT_WATCH_DELEGATE_KEYS", "02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c16302508870316");
        environment.put("MINT_WATCH_LOG_GROUPS", "client-session,read-only-session");
        environment.put("MINT_WATCH_REQUESTS_PER_SECOND", "1");
        environment.put("MINT_WATCH_PERIOD_MINUTES", "15");
        environment.put("MINT_WATCH_DELAY_MINUTES", "5");
        environment.put("MINT_WATCH_TURNS", "1");
        environment.put(
                "WRAPPING_KEY", "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000002");
        return environment;
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

    /** How many objects of each class can be reached. */
    private static Map<String, Long> live(long pid) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Map<String, Long> live = new HashMap<>();
        said.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length >= 4 && columns[0].endsWith(":"))
                .forEach(columns -> live.put(columns[3], Long.parseLong(columns[1])));
        return live;
    }
}
