package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.http.Request;
import finance.votis.sessions.standins.http.WireCut;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.RecordedRequest;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.StoredRequest;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;

/**
 * The session "nightly" whose runs can be killed at any of their external calls. Each run is a new function: a kill leaves nothing in memory.
 * For one thread.
 */
final class MortalNightly implements AutoCloseable {

    private final Nightly nightly = new Nightly();
    private final Scene scene = nightly.scene();
    private final WireCut wire = scene.wire();
    private final Queue<Request> sent = new ConcurrentLinkedQueue<>();
    private final NotedRandom random = new NotedRandom();
    private final TurnkeyClient turnkey =
            TurnkeyClient.over(scene.turnkey().url(), scene.clock(), span -> {}, SecureRandom::new);
    private Optional<String> keyOfTheLastWholeRun = Optional.empty();

    private final Map<String, String> environment;

    /** @param environment of the function in this scene */
    MortalNightly(Function<Scene, Map<String, String>> environment) {
        this.environment = environment.apply(scene);
        wire.watch(sent::add);
    }

    /** A dead process does nothing more. */
    private static final class Killed extends Error {
        @Serial
        private static final long serialVersionUID = 1;
    }

    /** Remembers every 32 bytes that were drawn, the private keys among them. */
    private static final class NotedRandom extends SecureRandom {
        @Serial
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // never serialized
        private final List<byte[]> drawn = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void nextBytes(byte[] bytes) {
            super.nextBytes(bytes);
            if (bytes.length == SessionCredential.SCALAR) {
                drawn.add(bytes.clone());
            }
        }
    }

    /** The life of one run. */
    private static final class Life {
        private final Thread run = Thread.currentThread();
        private boolean isCut;
        private boolean isOver;

        /** On the stand-in's thread. The interrupt ends what the run waits for, so that no time is lost with repeats on a dead wire. */
        synchronized void end() {
            if (!isOver) {
                isCut = true;
                run.interrupt();
            }
        }

        /** Whether it was cut. */
        synchronized boolean over() {
            isOver = true;
            Thread.interrupted();
            return isCut;
        }

        synchronized void check() {
            if (isCut) {
                throw new Killed();
            }
        }
    }

    void advance(Duration by) {
        scene.clock().advance(by);
    }

    private Platform platform(Life life) {
        return new Platform(
                () -> {
                    life.check();
                    return scene.clock().instant();
                },
                () -> {
                    life.check();
                    return System.nanoTime();
                },
                span -> life.check(),
                () -> random,
                scene.log()::add);
    }

    private Map<String, String> run(Life life) {
        return new ServerSessionFunction(environment, platform(life)).handleRequest(Nightly.INPUT, Scene.context());
    }

    /** A whole run. */
    Map<String, String> run() {
        wire.mend();
        Map<String, String> answer = run(new Life());
        keyOfTheLastWholeRun = Optional.ofNullable(answer.get("apiKeyId"));
        return answer;
    }

    /** The session that jobs hold; none at the beginning. */
    Optional<String> keyOfTheLastWholeRun() {
        return keyOfTheLastWholeRun;
    }

    void assertIsListed(Optional<String> apiKeyId) {
        assertThat(nightly.sessionKeys().map(ApiKey::id))
                .containsAll(apiKeyId.stream().toList());
    }

    /** A whole run whose n-th external call is lost once; the process lives. */
    Map<String, String> runLosing(int n, WireCut.Moment moment) {
        wire.loseOnly(n, moment);
        try {
            return run(new Life());
        } finally {
            wire.mend();
        }
    }

    /**
     * A run that dies at its n-th external call.
     *
     * @return its answer if it has fewer calls; else nothing
     */
    Optional<Map<String, String>> runKilledAt(int n, WireCut.Moment moment) {
        Life life = new Life();
        wire.cutAt(n, moment, life::end);
        try {
            Map<String, String> answer = run(life);
            return life.over() ? Optional.empty() : Optional.of(answer);
        } catch (ExplainedException | Killed e) {
            if (!life.over()) {
                throw e;
            }
            return Optional.empty();
        } finally {
            life.over();
            wire.mend();
        }
    }

    /** What the calls of a whole run ask for, in their order. */
    List<String> callsOfAWholeRun() {
        int before = sent.size();
        run();
        return sent.stream().skip(before).map(MortalNightly::nameOf).toList();
    }

    private static String nameOf(Request request) {
        return request.header("X-Amz-Target").orElseGet(request::path).replaceFirst(".*[./]", "");
    }

    private record Version(Set<String> stages, ObjectNode content) {
        String state() {
            return content.path("state").asText();
        }

        boolean isOf(ApiKey key) {
            return content.path("publicKey").asText().equals(key.publicKey().compressedHex());
        }
    }

    /** All that there are, the oldest first. */
    private List<Version> versions() {
        List<SecretVersionsListEntry> entries = nightly.secrets()
                .listSecretVersionIds(
                        request -> request.secretId(scene.sessionSecret()).includeDeprecated(true))
                .versions()
                .reversed();
        List<Version> versions = new ArrayList<>();
        for (SecretVersionsListEntry entry : entries) {
            GetSecretValueResponse value = nightly.secrets()
                    .getSecretValue(
                            request -> request.secretId(scene.sessionSecret()).versionId(entry.versionId()));
            versions.add(new Version(Set.copyOf(entry.versionStages()), Scene.json(value.secretString())));
        }
        return versions;
    }

    /**
     * What the stores hold, without what is random in it: so that those of two scenes can be compared.
     *
     * @param versions state, stages, and the number of the key at Turnkey, the oldest first
     * @param keys of the session's user that expire: their life and the numbers of the versions that know them
     * @param activities how many sessions were asked for, how many deletions of keys
     */
    record Stores(List<String> versions, List<String> keys, List<Long> activities) {}

    Stores stores() {
        List<Version> versions = versions();
        List<ApiKey> keys = nightly.sessionKeys().toList();
        return new Stores(
                versions.stream()
                        .map(version -> version.state() + " "
                                + version.stages().stream().sorted().toList() + " "
                                + keys.stream()
                                        .filter(version::isOf)
                                        .map(keys::indexOf)
                                        .toList())
                        .toList(),
                keys.stream()
                        .map(key -> key.createdAt() + " " + key.lifetime() + " "
                                + versions.stream()
                                        .filter(version -> version.isOf(key))
                                        .map(versions::indexOf)
                                        .toList())
                        .toList(),
                List.of(
                        activities("ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2"),
                        activities("ACTIVITY_TYPE_DELETE_API_KEYS")));
    }

    private long activities(String type) {
        return scene.turnkey().world().activities(scene.world().parentId(), type);
    }

    /** What holds after every whole run, whatever happened before it. */
    void assertAllIsWell(Map<String, String> answer) throws Exception {
        assertThat(answer.get("status")).isIn("created", "recovered", "reused");
        List<Version> versions = versions();
        assertThat(versions.stream().filter(version -> version.stages().contains("AWSCURRENT")))
                .hasSize(1);
        assertThat(versions.stream().filter(version -> version.stages().contains("AWSPENDING")))
                .as("nothing half moved")
                .isEmpty();
        assertThat(versions.stream()
                        .filter(version -> !version.stages().isEmpty())
                        .map(Version::state))
                .as("no attempt left")
                .doesNotContain("attempt");

        GetSecretValueResponse current = nightly.at("AWSCURRENT");
        assertThat(current.versionId()).isEqualTo(answer.get("versionId"));
        ObjectNode content = Scene.json(current.secretString());
        assertThat(content.path("state").asText()).isEqualTo("credential");
        assertThat(content.path("publicKey").asText()).isEqualTo(answer.get("publicKey"));
        byte[] opened = nightly.unwrap(content, "credential");
        try (LocalStamper stamper = stamper(opened)) {
            assertThat(nightly.whoami(stamper)).isEqualTo(new Answer.Completed<>(nightly.admin()));
        }

        List<Version> known =
                versions.stream().filter(version -> !version.stages().isEmpty()).toList();
        Instant now = scene.clock().instant();
        assertThat(nightly.sessionKeys()
                        .filter(key -> key.createdAt()
                                .plus(key.lifetime().orElseThrow())
                                .isAfter(now)))
                .as("live keys at Turnkey")
                .isNotEmpty()
                .allMatch(key -> known.stream().anyMatch(version -> version.isOf(key)));

        assertNobodyCanReadAKey(versions);
    }

    private void assertNobodyCanReadAKey(List<Version> versions) throws Exception {
        Traces traces = new Traces(everyPrivateKey());
        assertThat(versions).noneMatch(version -> traces.areIn(version.content().toString()));
        assertThat(scene.log()).noneMatch(traces::areIn);
        for (Request request : sent) {
            assertThat(traces.areIn(request.headers().toString()))
                    .as(nameOf(request))
                    .isFalse();
            // The one place that a key is sent to in clear: so the search can find it there.
            assertThat(traces.areIn(request.body()))
                    .as(nameOf(request))
                    .isEqualTo(nameOf(request).equals("Encrypt"));
        }
    }

    /** Of target keys and session keys, those that no version ever held too. */
    private List<byte[]> everyPrivateKey() throws CryptoException {
        List<byte[]> keys = new ArrayList<>(random.drawn);
        OrganizationId organization = nightly.admin().organizationId();
        Deadline deadline = Deadline.after(Scene.AMPLE);
        Set<String> requests = scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION).stream()
                .map(RecordedRequest::bodyText)
                .collect(Collectors.toSet());
        try (LocalStamper admin = scene.world().adminKey().stamper()) {
            for (String request : requests) {
                StoredRequest stored = turnkey.storedReadWriteSession(
                                organization, request.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow();
                if (turnkey.findActivity(stored.request(), admin, deadline)
                                .then(found -> turnkey.outcomeOf(stored.request(), found.orElseThrow()))
                        instanceof Answer.Completed<ReadWriteSession>(ReadWriteSession made)) {
                    keys.add(open(made, stored.parameters().targetPublicKey()));
                }
            }
        }
        return keys;
    }

    private byte[] open(ReadWriteSession made, P256PublicKey target) throws CryptoException {
        for (byte[] scalar : List.copyOf(random.drawn)) {
            try (TargetKeyPair pair = TargetKeyPair.fromScalar(SecretBytes.takeOver(scalar.clone()))) {
                if (pair.publicKey().equals(target)) {
                    try (P256PrivateKey key = pair.open(CredentialBundle.parse(
                                    made.credentialBundle().text()));
                            SecretBytes opened = key.dangerouslyCopyScalar()) {
                        return opened.dangerouslyCopy();
                    }
                }
            }
        }
        throw new AssertionError("a target key that no run drew");
    }

    private static LocalStamper stamper(byte[] credential) throws CryptoException {
        return new LocalStamper(
                P256PrivateKey.fromScalar(SecretBytes.takeOver(Arrays.copyOf(credential, SessionCredential.SCALAR))));
    }

    @Override
    public void close() {
        nightly.close();
    }
}
