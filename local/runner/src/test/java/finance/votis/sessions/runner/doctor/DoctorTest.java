package finance.votis.sessions.runner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import finance.votis.sessions.standins.turnkey.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Against the stand-in: what is set up as the documents say is in order, and each slip is found and mended by what is printed. */
class DoctorTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<String> ACTIVITIES = List.of(
            "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",
            "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION",
            "ACTIVITY_TYPE_STAMP_LOGIN",
            "ACTIVITY_TYPE_CREATE_API_KEYS_V2",
            "ACTIVITY_TYPE_DELETE_API_KEYS");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    /** Turnkey's and ours; it stands still but for what is waited. */
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T09:00:00Z"));

    private final InstantSource clock = now::get;
    private final List<Duration> waits = new ArrayList<>();

    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(clock).random(RANDOM).start();
    private final World world = turnkey.world();
    private final DemoWorld demo = turnkey.demo();
    private final DemoWorld.Customer ada = demo.first();

    @AfterEach
    void close() {
        turnkey.close();
    }

    private record Ran(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }

        /** Of the checks those that did not hold. */
        List<JsonNode> findings() throws IOException {
            return StreamSupport.stream(json().path("checks").spliterator(), false)
                    .filter(check -> !check.path("ok").asBoolean())
                    .toList();
        }
    }

    private void pass(Duration span) {
        waits.add(span);
        now.updateAndGet(instant -> instant.plus(span));
    }

    private Ran run(Workspace workspace, Stream<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new Doctor(workspace, clock, this::pass))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private Ran run(String... arguments) {
        return run(
                new Workspace(Checkout.root()),
                Stream.concat(Stream.of("--turnkey", turnkey.url().toString()), Arrays.stream(arguments)));
    }

    private String keyFile(KeyPair pair) throws IOException {
        Path file = folder.resolve(pair.publicKey().compressedHex() + ".json");
        Files.writeString(
                file,
                "{\"publicKey\":\"" + pair.publicKey().compressedHex() + "\",\"privateKey\":\""
                        + pair.dangerouslyPrivateKeyHex() + "\"}");
        return file.toString();
    }

    private String[] delegate(String... more) throws IOException {
        return with(
                more,
                as(
                        "delegate",
                        demo.delegateKey(),
                        "--organization",
                        demo.first().organizationId(),
                        "--organization",
                        demo.second().organizationId()));
    }

    private String[] admin(String... more) throws IOException {
        return as("admin", demo.adminKey(), more);
    }

    private String[] watch(String... more) throws IOException {
        return as("watch", demo.watchKey(), more);
    }

    private String[] keeper(KeyPair pair) throws IOException {
        return as("keeper", pair, "--organization", ada.organizationId());
    }

    /** Its user, in Ada's sub-organisation. */
    private String addKeeper(KeyPair pair) {
        String id = world.newId();
        world.addUser(ada.organizationId(), id, "Keeper");
        world.addApiKey(id, "keeper", pair.publicKey());
        world.addPolicyFile(
                ada.organizationId(),
                "delegate-deletes-keys-of-end-user.json",
                Map.of("DELEGATE_USER_ID", id, "END_USER_ID", ada.userId()));
        return id;
    }

    private String[] as(String role, KeyPair pair, String... more) throws IOException {
        return with(more, "--role", role, "--key-file", keyFile(pair), "--parent", demo.parentId());
    }

    private static String[] with(String[] more, String... first) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
    }

    /** The one finding of this check; what is printed for it mends it. */
    private JsonNode foundAndMended(String check, String... arguments) throws IOException {
        Ran ran = run(with(new String[] {"--json"}, arguments));
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.findings()).hasSize(1);
        JsonNode found = ran.findings().getFirst();
        assertThat(found.path("check").asText()).isEqualTo(check);

        List<JsonNode> left = new ArrayList<>(ran.findings());
        // A mended one may uncover the next: a new user wants its policies.
        for (int round = 0; round < 3 && !left.isEmpty(); round++) {
            for (JsonNode one : left) {
                one.path("remedies").forEach(this::apply);
            }
            left = run(with(new String[] {"--json"}, arguments)).findings();
        }
        assertThat(left).isEmpty();
        assertThat(run(arguments).exitCode()).isZero();
        return found;
    }

    /** As Turnkey would do it; steps for people are left out. */
    private void apply(JsonNode remedy) {
        JsonNode body = remedy.path("body");
        String organizationId = body.path("organizationId").asText();
        JsonNode parameters = body.path("parameters");
        switch (remedy.path("path").asText()) {
            case "/public/v1/submit/create_policy" -> world.addPolicy(organizationId, parameters.toString());
            case "/public/v1/submit/delete_policy" ->
                world.removePolicy(organizationId, parameters.path("policyId").asText());
            case "/public/v1/submit/delete_api_keys" ->
                parameters.path("apiKeyIds").forEach(id -> world.removeApiKey(id.asText()));
            case "/public/v1/submit/update_root_quorum" -> {
                Set<String> users = new HashSet<>();
                parameters.path("userIds").forEach(id -> users.add(id.asText()));
                world.setRootQuorum(organizationId, parameters.path("threshold").asInt(), users);
            }
            case "/public/v1/submit/create_users" -> {
                JsonNode user = parameters.path("users").path(0);
                JsonNode key = user.path("apiKeys").path(0);
                String id = world.newId();
                world.addUser(organizationId, id, user.path("userName").asText());
                world.addApiKey(
                        id,
                        key.path("apiKeyName").asText(),
                        publicKey(key.path("publicKey").asText()));
            }
            default -> assertThat(remedy.has("step")).as(remedy.toString()).isTrue();
        }
    }

    private static P256PublicKey publicKey(String hex) {
        try {
            return P256PublicKey.fromCompressedHex(hex);
        } catch (CryptoException.MalformedKey e) {
            throw new AssertionError("no key is printed", e);
        }
    }

    // ---- In order

    @Test
    void whatIsSetUpAsTheDocumentsSayHasNoFinding() throws Exception {
        for (String[] key : List.of(delegate(), admin(), watch())) {
            Ran ran = run(key);

            assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out())
                    .doesNotContain("FINDING")
                    .contains("Nothing to mend. Who stole this key could still ");
            assertThat(run(with(new String[] {"--json"}, key)).json().path("ok").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void onlyQueriesAreSentAndNoActivityIsMade() throws Exception {
        world.setRootQuorum(ada.organizationId(), 1, Set.of(ada.userId(), ada.delegateUserId()));
        run(delegate());
        run(admin());
        run(watch());
        run(delegate("--reader-key-file", keyFile(demo.rootKey())));

        assertThat(turnkey.requests())
                .hasSizeGreaterThan(15)
                .allSatisfy(request -> assertThat(request.path()).startsWith("/public/v1/query/"));
        for (String organization :
                List.of(demo.parentId(), ada.organizationId(), demo.second().organizationId())) {
            for (String type : ACTIVITIES) {
                assertThat(world.activities(organization, type)).as(type).isZero();
            }
        }
    }

    @Test
    void noSecretIsPrinted() throws Exception {
        world.setRootQuorum(ada.organizationId(), 1, Set.of(ada.userId(), ada.delegateUserId()));

        Ran ran = run(delegate("--reader-key-file", keyFile(demo.rootKey())));

        assertThat(ran.out() + ran.err())
                .doesNotContain(
                        demo.delegateKey().dangerouslyPrivateKeyHex(),
                        demo.rootKey().dangerouslyPrivateKeyHex());
    }

    // ---- Findings

    @Test
    void aKeyThatTheParentKnowsIsFoundWhoeverAsks() throws Exception {
        String reader = keyFile(demo.rootKey());
        for (String[] asked : List.of(delegate(), delegate("--reader-key-file", reader))) {
            world.addApiKey(demo.adminUserId(), "by mistake", demo.delegateKey().publicKey());

            JsonNode found = foundAndMended("parent", asked);

            assertThat(found.path("message").asText()).contains(demo.adminUserId(), "reads every customer");
        }
    }

    /** Turnkey may list a key as it was written by whoever registered it. */
    @Test
    void aKeyIsTheSameHoweverItsHexIsWritten() throws Exception {
        String upperCase = demo.delegateKey().publicKey().compressedHex().toUpperCase(Locale.ROOT);
        String uncompressed = demo.delegateKey().publicKey().uncompressedHex();
        String reader = keyFile(demo.rootKey());
        for (String written : List.of(upperCase, uncompressed)) {
            turnkey.faults()
                    .next(
                            Endpoint.LIST_USERS,
                            Fault.delay(Duration.ZERO),
                            Fault.with("/users/1/apiKeys/0/credential/publicKey", written));

            Ran inItsOrganisation = run(delegate("--reader-key-file", reader));

            assertThat(inItsOrganisation.exitCode())
                    .as(inItsOrganisation.out() + inItsOrganisation.err())
                    .isZero();
            turnkey.faults().next(Endpoint.LIST_USERS, Fault.with("/users/1/apiKeys/0/credential/publicKey", written));

            Ran inTheParent = run(delegate("--reader-key-file", reader, "--json"));

            assertThat(inTheParent.findings())
                    .singleElement()
                    .satisfies(found -> assertThat(found.path("check").asText()).isEqualTo("parent"));
        }
    }

    @Test
    void aUserInTheRootQuorumIsFound() throws Exception {
        world.setRootQuorum(ada.organizationId(), 1, Set.of(ada.userId(), ada.delegateUserId()));

        JsonNode found = foundAndMended("root-quorum", delegate());

        assertThat(found.path("organizationId").asText()).isEqualTo(ada.organizationId());
        assertThat(found.at("/remedies/0/body/parameters").toString())
                .isEqualTo("{\"threshold\":1,\"userIds\":[\"" + ada.userId() + "\"]}");
    }

    @Test
    void anAdminInTheRootQuorumOfTheParentIsFound() throws Exception {
        world.setRootQuorum(demo.parentId(), 2, Set.of(demo.rootUserId(), demo.adminUserId()));

        JsonNode found = foundAndMended("root-quorum", admin());

        assertThat(found.at("/remedies/0/body/parameters/threshold").asInt()).isEqualTo(1);
    }

    @Test
    void aWatchInTheRootQuorumOfTheParentIsFound() throws Exception {
        world.setRootQuorum(demo.parentId(), 1, Set.of(demo.rootUserId(), demo.watchUserId()));

        JsonNode found = foundAndMended("root-quorum", watch());

        assertThat(found.at("/remedies/0/body/parameters/userIds").toString())
                .isEqualTo("[\"" + demo.rootUserId() + "\"]");
    }

    /** It only reads, so any policy is one too many. */
    @Test
    void aWatchThatAPolicyAllowsAnythingIsFound() throws Exception {
        world.addPolicy(
                demo.parentId(),
                "{\"policyName\":\"for the watch\",\"effect\":\"EFFECT_ALLOW\",\"consensus\":\"approvers.any(u, u.id == '"
                        + demo.watchUserId() + "')\",\"condition\":\"activity.kind == 'DELETE_API_KEYS'\"}");

        JsonNode found = foundAndMended("policies", watch());

        assertThat(found.path("message").asText()).contains("\"for the watch\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"consensus\":\"approvers.any(u, u.id == 'ME')\",\"condition\":\"activity.resource == 'CREDENTIAL'\"",
                "\"consensus\":\"approvers.any(u, u.id == 'OTHER' || u.id == 'ME')\",\"condition\":\"activity.kind == 'CREATE_READ_WRITE_SESSION'\"",
                "\"consensus\":\"credentials.any(c, c.type == 'CREDENTIAL_TYPE_API_KEY_P256')\"",
                "\"condition\":\"activity.action == 'CREATE'\""
            })
    void aPolicyThatAllowsMoreThanOursIsFound(String says) throws Exception {
        String policy = says.replace("ME", ada.delegateUserId()).replace("OTHER", ada.userId());
        world.addPolicy(ada.organizationId(), "{\"policyName\":\"wider\",\"effect\":\"EFFECT_ALLOW\"," + policy + "}");

        JsonNode found = foundAndMended("policies", delegate());

        assertThat(found.path("message").asText()).contains("\"wider\"");
    }

    @Test
    void theRightToDeleteKeysOfSomebodyElseThanTheEndUserIsFound() throws Exception {
        String other = world.newId();
        world.addUser(ada.organizationId(), other, "Another");
        world.addPolicyFile(
                ada.organizationId(),
                "delegate-deletes-keys-of-end-user.json",
                Map.of("DELEGATE_USER_ID", ada.delegateUserId(), "END_USER_ID", other));

        foundAndMended("policies", delegate());
    }

    @Test
    void policiesForOthersAreNoFinding() throws Exception {
        world.addPolicy(
                ada.organizationId(),
                "{\"policyName\":\"the end user's\",\"effect\":\"EFFECT_ALLOW\",\"consensus\":\"approvers.any(u, u.id == '"
                        + ada.userId() + "')\"}");

        assertThat(run(delegate()).exitCode()).isZero();
    }

    @Test
    void theAdminsSecondChoiceIsFoundUnlessItIsNamed() throws Exception {
        world.addPolicyFile(
                demo.parentId(), "admin-creates-read-write-sessions.json", Map.of("ADMIN_USER_ID", demo.adminUserId()));
        String file = Checkout.root()
                .resolve("docs/turnkey/admin-creates-read-write-sessions.json")
                .toString();

        assertThat(run(admin("--expected-policy", file)).exitCode()).isZero();
        foundAndMended("policies", admin());
    }

    @Test
    void aDenialThatIsMissingIsFoundAndWhatIsPrintedIsThePolicy() throws Exception {
        removePolicy(ada.organizationId(), "delegate adds no credentials");

        JsonNode found = foundAndMended("denials", delegate());

        JsonNode request = found.at("/remedies/0/body");
        assertThat(request.path("type").asText()).isEqualTo("ACTIVITY_TYPE_CREATE_POLICY_V3");
        assertThat(request.at("/parameters/consensus").asText())
                .isEqualTo("approvers.any(user, user.id == '" + ada.delegateUserId() + "')");
    }

    /** As the numbered steps of docs/operations.md end: the end user is the whole root quorum, which it does not bind. */
    @Test
    void theRecommendedPolicyIsNotAskedForWhereItBindsNobody() throws Exception {
        removePolicy(ada.organizationId(), "session keys manage no credentials");

        Ran ran = run(delegate());

        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out()).doesNotContain("hint").contains("Nothing to mend.");
    }

    @Test
    void theRecommendedPolicyIsNotAskedForWhereAKeeperIsTheOnlyOtherUser() throws Exception {
        removePolicy(ada.organizationId(), "session keys manage no credentials");
        String id = addKeeper(KeyPair.generate(RANDOM));

        assertThat(run(delegate()).out()).doesNotContain("hint").contains("Nothing to mend.");
        world.addPolicyFile(
                ada.organizationId(), "delegate-creates-read-write-sessions.json", Map.of("DELEGATE_USER_ID", id));
        assertThat(run(delegate()).out()).contains("hint     denials");
    }

    @Test
    void theRecommendedPolicyIsAHintWhereItBindsSomebody() throws Exception {
        removePolicy(ada.organizationId(), "session keys manage no credentials");
        world.addUser(ada.organizationId(), world.newId(), "Ada's bookkeeper");

        Ran ran = run(delegate());
        JsonNode hint = StreamSupport.stream(
                        run(delegate("--json")).json().path("checks").spliterator(), false)
                .filter(check -> check.path("message").asText().startsWith("recommended besides: "))
                .findFirst()
                .orElseThrow();

        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out())
                .contains("  hint     denials        recommended besides: no policy says \"session keys manage")
                .contains("Nothing to mend.");
        assertThat(hint.path("ok").asBoolean()).isTrue();
        assertThat(hint.path("organizationId").asText()).isEqualTo(ada.organizationId());
        hint.path("remedies").forEach(this::apply);
        assertThat(run(delegate()).out()).doesNotContain("hint");
    }

    @Test
    void theRecommendedPolicyIsAHintWhereNoRootUserDecidesAlone() throws Exception {
        removePolicy(ada.organizationId(), "session keys manage no credentials");
        String second = world.newId();
        world.addUser(ada.organizationId(), second, "Ada's partner");
        world.setRootQuorum(ada.organizationId(), 2, Set.of(ada.userId(), second));

        Ran ran = run(delegate());

        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("hint     denials");
    }

    @Test
    void anAdminsSessionThatCouldProlongItselfIsFound() throws Exception {
        removePolicy(demo.parentId(), "session keys make no sessions");

        foundAndMended("denials", admin());
    }

    @Test
    void expiringKeysOfADelegatesUserAreFound() throws Exception {
        world.addExpiringApiKey(
                ada.delegateUserId(), "set-up", KeyPair.generate(RANDOM).publicKey(), HOUR);

        JsonNode found = foundAndMended("user", delegate());

        assertThat(found.path("message").asText()).contains("\"set-up\"");
    }

    @Test
    void anotherKeyThatDoesNotExpireIsFoundAtEachRole() throws Exception {
        KeyPair second = KeyPair.generate(RANDOM);
        KeyPair ofKeeper = KeyPair.generate(RANDOM);
        Map<String, String[]> asked = Map.of(
                ada.delegateUserId(),
                delegate(),
                addKeeper(ofKeeper),
                keeper(ofKeeper),
                demo.adminUserId(),
                admin(),
                demo.watchUserId(),
                watch());
        for (Map.Entry<String, String[]> one : asked.entrySet()) {
            String userId = one.getKey();
            String id = world.addApiKey(userId, "set-\u001b[2Jup", second.publicKey());

            JsonNode found = foundAndMended("user", one.getValue());

            assertThat(found.path("message").asText())
                    .contains("\"set-?[2Jup\" (" + second.publicKey().compressedHex() + ")");
            assertThat(found.at("/remedies/0/body/parameters").toString())
                    .isEqualTo("{\"userId\":\"" + userId + "\",\"apiKeyIds\":[\"" + id + "\"]}");
        }
    }

    @Test
    void theKeyThatReplacesThisOneIsNoFindingIfItIsNamed() throws Exception {
        KeyPair next = KeyPair.generate(RANDOM);
        world.addApiKey(ada.delegateUserId(), "next", next.publicKey());
        String named = next.publicKey().compressedHex().toUpperCase(Locale.ROOT);

        Ran ran = run(delegate("--expected-key", named));

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).contains("it has the expected key besides");
        world.addApiKey(
                ada.delegateUserId(), "a thief's", KeyPair.generate(RANDOM).publicKey());
        assertThat(run(delegate("--json", "--expected-key", named)).findings())
                .singleElement()
                .satisfies(found -> assertThat(found.path("message").asText())
                        .contains("a thief's")
                        .doesNotContain(next.publicKey().compressedHex()));
    }

    /** A name for a second key does not hide that the key itself is nobody's. */
    @Test
    void anExpectedKeyIsNotTheKeyItself() throws Exception {
        KeyPair unregistered = KeyPair.generate(RANDOM);

        Ran ran = run(
                "--role",
                "delegate",
                "--key-file",
                keyFile(unregistered),
                "--reader-key-file",
                keyFile(demo.rootKey()),
                "--expected-key",
                demo.delegateKey().publicKey().compressedHex(),
                "--parent",
                demo.parentId(),
                "--organization",
                ada.organizationId());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("no user here has this key");
    }

    @Test
    void sessionsOfAnotherNameAreFoundAtAnAdminAndItsOwnAreNot() throws Exception {
        session(demo.adminUserId(), "Server session nightly");
        assertThat(run(admin()).exitCode()).isZero();
        session(demo.adminUserId(), "Ada's \u001b[31mphone");

        JsonNode found = foundAndMended("user", admin());

        assertThat(found.path("message").asText())
                .contains("\"Ada's ?[31mphone\"")
                .doesNotContain("nightly");
        assertThat(run(admin("--session", "weekly", "--json")).findings()).hasSize(1);
    }

    @Test
    void aUserWithAPasskeyIsFound() throws Exception {
        world.addAuthenticator(
                ada.delegateUserId(),
                "somebody's phone",
                new byte[] {1, 2, 3},
                KeyPair.generate(RANDOM).publicKey(),
                "wallet.example.com");

        JsonNode found = foundAndMended("user", delegate());

        assertThat(found.path("message").asText()).contains("somebody's phone");
    }

    @Test
    void aUserWithASocialLoginIsFound() throws Exception {
        world.addOauthProvider(ada.delegateUserId(), "Google", "https://accounts.google.com", "app", "subject");

        JsonNode found = foundAndMended("user", delegate());

        assertThat(found.path("message").asText()).contains("Google");
    }

    @Test
    void aUserWithoutRoomForAnotherSessionIsFound() throws Exception {
        for (int i = 0; i < 9; i++) {
            session(demo.adminUserId(), "Server session nightly");
        }
        assertThat(run(admin()).exitCode()).isZero();
        session(demo.adminUserId(), "Server session nightly");

        Ran ran = run(admin("--json"));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.findings()).hasSize(1);
        assertThat(ran.findings().getFirst().path("check").asText()).isEqualTo("expiring-keys");
    }

    @Test
    void keysThatAreOverAreNotCounted() throws Exception {
        world.addSessionKey(
                ada.delegateUserId(),
                world.newId(),
                "over",
                KeyPair.generate(RANDOM).publicKey(),
                Duration.ZERO);

        assertThat(run(delegate()).exitCode()).isZero();
    }

    @Test
    void aClockThatIsOffIsFound() throws Exception {
        turnkey.faults().skewClock(Duration.ofMinutes(-5));

        Ran ran = run(delegate("--json"));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.findings().getFirst().path("check").asText()).isEqualTo("clock");
        assertThat(ran.findings().getFirst().path("message").asText()).contains("ahead of Turnkey's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"custom:turnkey_user_id", "https://example.com/user_metadata/id", "preferred_username"})
    void aClaimThatUsersMayWriteIsFound(String claim) throws Exception {
        Ran ran = run(delegate("--json", "--user-claim", claim));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.findings().getFirst().path("check").asText()).isEqualTo("claims");
        assertThat(ran.findings().getFirst().path("message").asText()).startsWith("UserClaim is " + claim);
    }

    @Test
    void aKeyThatNobodyHasIsNoGoodSetUp() throws Exception {
        Ran ran = run(as("delegate", KeyPair.generate(RANDOM), "--organization", ada.organizationId()));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("FINDING", "no user here has this key");
    }

    @Test
    void aKeeperMayDeleteKeysAndNothingElse() throws Exception {
        KeyPair pair = KeyPair.generate(RANDOM);
        String id = addKeeper(pair);
        assertThat(run(keeper(pair)).exitCode()).isZero();
        world.addPolicyFile(
                ada.organizationId(), "delegate-creates-read-write-sessions.json", Map.of("DELEGATE_USER_ID", id));

        foundAndMended("policies", keeper(pair));
    }

    // ---- Ways to look

    @Test
    void aFileOfOrganisationsIsTaken() throws Exception {
        Path file = Files.writeString(
                folder.resolve("organisations"),
                ada.organizationId() + "\n\n" + demo.second().organizationId() + "\n");

        Ran ran = run(as("delegate", demo.delegateKey(), "--organizations-file", file.toString()));

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("in " + ada.organizationId(), "in " + demo.second().organizationId());
    }

    @Test
    void aKeyInKmsOfTheRunningStackNeedsItsNameOnly() throws Exception {
        try (AwsStandIn aws = AwsStandIn.start(BlockingHttpServer.anyPort(), clock, RANDOM)) {
            String arn = aws.createSigningKey("alias/delegate");
            for (DemoWorld.Customer customer : demo.customers()) {
                world.apiKeys(customer.delegateUserId()).forEach(key -> world.removeApiKey(key.id()));
                world.addApiKey(
                        customer.delegateUserId(),
                        "in KMS",
                        P256PublicKey.fromSubjectPublicKeyInfo(aws.publicKey(arn)));
            }
            Workspace workspace = Checkout.workspace(folder);
            Files.createSymbolicLink(
                    folder.resolve("docs/turnkey"), Checkout.root().resolve("docs/turnkey"));
            Files.createDirectories(folder.resolve("target/local"));
            Files.writeString(folder.resolve("target/local/stack.json"), """
                    {"turnkeyUrl":"%s","awsUrl":"%s","issuerUrl":"%2$s","region":"eu-central-1","accountId":"111122223333",
                    "organizationId":"%s","subOrganizationId":"%s","otherSubOrganizationId":"%s","parentPrivateKey":"%s",
                    "keys":{"DelegateSigningKey":"%s"},"secrets":{}}
                    """.formatted(
                            turnkey.url(),
                            aws.url(),
                            demo.parentId(),
                            ada.organizationId(),
                            demo.second().organizationId(),
                            demo.rootKey().dangerouslyPrivateKeyHex(),
                            arn));

            Ran ran = run(workspace, Stream.of("--role", "delegate", "--kms-key-id", "DelegateSigningKey"));

            assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
            assertThat(ran.out())
                    .contains(
                            "in " + ada.organizationId(), "in " + demo.second().organizationId());
        }
    }

    @Test
    void aFindingIsALineAndItsRequestIsTheNext() throws Exception {
        removePolicy(ada.organizationId(), "delegate adds no credentials");

        List<String> lines = run(delegate()).out().lines().toList();

        int at = lines.indexOf("           mend: stamped by a root user, post to /public/v1/submit/create_policy");
        assertThat(lines.get(at - 1))
                .startsWith("  FINDING  denials        no policy says \"delegate adds no credentials\"");
        assertThat(JSON.readTree(lines.get(at + 1)).path("timestampMs").asText())
                .isEqualTo("<now>");
        assertThat(lines.getLast()).startsWith("1 to mend.");
    }

    // ---- A Turnkey without time, organisations that do not tell

    @Test
    void aPlanOfOneRequestASecondIsKeptTo() throws Exception {
        turnkey.faults().limitRate(1);

        Ran ran = run(delegate());

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        // Of the parent one, of each sub-organisation three: none was sent twice.
        assertThat(turnkey.requests()).hasSize(7);
        assertThat(waits).hasSize(6).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void aFasterPlanIsUsedIfItIsNamed() throws Exception {
        turnkey.faults().limitRate(3);

        Ran ran = run(delegate("--requests-per-second", "4"));

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(turnkey.requests()).hasSize(8); // the fourth of the first second once more
        assertThat(waits).contains(Duration.ofMillis(250), Duration.ofSeconds(1));
    }

    @Test
    void whatTurnkeyHasNoTimeForIsAskedAgain() throws Exception {
        turnkey.faults()
                .next(
                        Endpoint.LIST_POLICIES,
                        Fault.tooManyRequests(),
                        Fault.internalError(),
                        Fault.badGateway(),
                        Fault.refusal(429, "RATE_LIMIT_EXCEEDED", "this organization has been rate limited"));
        turnkey.faults().next(Endpoint.LIST_USERS, Fault.delay(Duration.ZERO), Fault.resetBeforeEffect());

        Ran ran = run(delegate("--requests-per-second", "50"));

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).doesNotContain("unknown");
        assertThat(waits)
                .containsSubsequence(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void itWaitsAsLongAsTurnkeySaysInEitherForm() throws Exception {
        turnkey.faults()
                .next(Endpoint.LIST_USERS, come("17"), come("Mon, 23 Nov 2026 09:00:47 GMT"), come("0"), come("soon"));

        Ran ran = run(delegate("--requests-per-second", "1"));

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(waits)
                .startsWith(
                        Duration.ofSeconds(17),
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        Duration.ofSeconds(1), // the pace
                        Duration.ofSeconds(8)); // its fourth try
    }

    private static Fault come(String retryAfter) {
        return new Fault.Answered(503, "text/plain", "busy", Map.of("Retry-After", retryAfter));
    }

    @Test
    void anOrganisationThatCouldNotBeLookedAtIsALineAndTheNextIsLookedAt() throws Exception {
        String gone = world.newId();
        String[] asked =
                as("delegate", demo.delegateKey(), "--organization", gone, "--organization", ada.organizationId());

        Ran ran = run(asked);

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(2);
        assertThat(ran.err()).isEmpty();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines.get(lines.indexOf("in " + gone) + 1))
                .isEqualTo("  unknown  looked-at      could not be looked at:"
                        + " Turnkey answered list_users with 404 ORGANIZATION_NOT_FOUND");
        assertThat(lines).contains("in " + ada.organizationId());
        assertThat(lines.getLast()).isEqualTo("1 could not be looked at: ask again. Nothing to mend in the rest.");

        removePolicy(ada.organizationId(), "delegate adds no credentials");
        Ran withFinding = run(asked);

        assertThat(withFinding.exitCode()).isEqualTo(1);
        assertThat(withFinding.out().lines().toList().getLast())
                .startsWith("1 to mend.")
                .endsWith("1 could not be looked at: ask again.");
        JsonNode json = run(with(new String[] {"--json"}, asked)).json();
        assertThat(json.path("ok").asBoolean(true)).isFalse();
        assertThat(json.at("/checks/1").toString())
                .isEqualTo("{\"check\":\"looked-at\",\"organizationId\":\"" + gone
                        + "\",\"ok\":false,\"message\":\"could not be looked at: Turnkey answered list_users with 404"
                        + " ORGANIZATION_NOT_FOUND\"}");
    }

    @Test
    void itDoesNotAskForever() throws Exception {
        Fault refusal = Fault.refusal(429, "RATE_LIMIT_EXCEEDED", "slow down");
        turnkey.faults().next(Endpoint.LIST_POLICIES, refusal, refusal, refusal, refusal, refusal);

        assertNotLookedAt("Turnkey answered list_policies with 429 RATE_LIMIT_EXCEEDED, 5 times");
    }

    @Test
    void itDoesNotWaitForAnHour() throws Exception {
        turnkey.faults().next(Endpoint.LIST_POLICIES, come("3600"));

        assertNotLookedAt("Turnkey answered list_policies with 503, to be asked again in 3600 s");
        assertThat(waits).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void aQuotaThatIsUsedUpDoesNotComeBackByWaiting() throws Exception {
        turnkey.faults().next(Endpoint.LIST_POLICIES, Fault.refusal(429, "SIGNING_QUOTA_EXCEEDED", "over its quota"));

        assertNotLookedAt("Turnkey answered list_policies with 429 SIGNING_QUOTA_EXCEEDED");
        assertThat(waits).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void anAnswerThatCannotBeReadIsOfOneOrganisation() throws Exception {
        turnkey.faults().next(Endpoint.LIST_POLICIES, Fault.without("/policies"));
        assertNotLookedAt("an answer of Turnkey has no list policies");
        turnkey.faults().next(Endpoint.LIST_POLICIES, Fault.answer(200, "text/html", "<html>"));
        assertNotLookedAt("Turnkey answered list_policies with 200 and no JSON");
    }

    /** The first of the two sub-organisations; the second is looked at. */
    private void assertNotLookedAt(String why) throws IOException {
        Ran ran = run(delegate());

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(2);
        assertThat(ran.out().lines())
                .containsSubsequence(
                        "in " + ada.organizationId(),
                        "  unknown  looked-at      could not be looked at: " + why,
                        "in " + demo.second().organizationId(),
                        "  ok       denials        are all there");
    }

    @Test
    void oneOrganisationWithoutAnAnswerDoesNotEndTheRun() throws Exception {
        Fault[] silence = new Fault[5];
        Arrays.fill(silence, Fault.resetBeforeEffect());
        turnkey.faults().next(Endpoint.LIST_POLICIES, silence);

        Ran ran = run(delegate());

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(2);
        assertThat(ran.out().lines())
                .containsSubsequence(
                        "in " + ada.organizationId(),
                        "in " + demo.second().organizationId(),
                        "  ok       denials        are all there");
        assertThat(ran.out()).contains("Turnkey gave no answer to list_policies: ");
    }

    @Test
    void aTurnkeyThatFallsSilentIsNotAskedAnyMoreAndWhatWasFoundIsTold() throws Exception {
        removePolicy(ada.organizationId(), "delegate adds no credentials");
        turnkey.faults().next(Endpoint.LIST_USERS, Fault.delay(Duration.ZERO), Fault.delay(Duration.ZERO));
        Fault[] silence = new Fault[40];
        Arrays.fill(silence, Fault.resetBeforeEffect());
        turnkey.faults().next(Endpoint.LIST_USERS, silence);

        Ran ran = run(delegate("--organization", world.newId(), "--organization", world.newId()));

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.out())
                .contains("FINDING  denials")
                .contains("1 to mend.", "3 could not be looked at: ask again.");
        assertThat(ran.out().lines().filter(line -> line.contains("Turnkey gave no answer to list_users: ")))
                .hasSize(3);
        // Two are asked five times each, and the last one not at all.
        assertThat(waits.stream().filter(Duration.ofSeconds(8)::equals)).hasSize(2);
        assertThat(waits)
                .endsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    // ---- Where it cannot look

    @Test
    void whatCannotBeLookedAtIsNoFindingAndExitsWithTwo() throws Exception {
        cannot(
                "the key of --reader-key-file is no user's of --parent",
                delegate("--reader-key-file", keyFile(KeyPair.generate(RANDOM))));
        cannot(
                "--reader-key-file: the key file: there is no such file",
                delegate("--reader-key-file", folder.resolve("none").toString()));
        cannot(
                "--organizations-file names no organisation: it has one UUID in a line",
                admin(
                        "--organizations-file",
                        Files.writeString(folder.resolve("empty"), "\n").toString()));
        cannot(
                "--organizations-file has one UUID in a line and nothing else, and in line 2 something else",
                admin(
                        "--organizations-file",
                        Files.writeString(folder.resolve("csv"), ada.organizationId() + "\nid,name\n")
                                .toString()));
        cannot(
                "--organizations-file cannot be read",
                admin("--organizations-file", folder.resolve("none").toString()));
        cannot(
                "--key-file: the key file: there is no such file",
                "--role",
                "admin",
                "--parent",
                demo.parentId(),
                "--key-file",
                folder.resolve("none").toString());
        cannot(
                "--expected-policy: a file of a policy is one JSON object, as those of docs/turnkey, and has no other <...> than theirs",
                admin(
                        "--expected-policy",
                        Files.writeString(folder.resolve("p"), "{\"consensus\":\"<SOMEBODY>\"}")
                                .toString()));
        String[] asked = delegate();
        turnkey.close();
        cannot(
                "Turnkey gave no answer to list_users: ConnectException. Is --turnkey right, and the network there?",
                asked);
        assertThat(waits).isEmpty();
    }

    private void cannot(String message, String... arguments) throws Exception {
        Ran ran = run(arguments);
        assertThat(ran.exitCode()).as(ran.out()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("doctor: " + message + System.lineSeparator());

        JsonNode json = run(with(new String[] {"--json"}, arguments)).json();
        assertThat(json.path("ok").asBoolean(true)).isFalse();
        assertThat(json.path("message").asText()).isEqualTo(message);
    }

    @Test
    void aWrongCommandLineExitsWithTwo() throws Exception {
        String key = keyFile(demo.delegateKey());
        for (String[] wrong : List.of(
                new String[] {"--role", "delegate"},
                new String[] {"--role", "root", "--key-file", key},
                new String[] {"--role", "delegate", "--key-file", key, "--kms-key-id", "k"},
                new String[] {"--role", "delegate", "--key-file", key, "--parent", "no-uuid"},
                delegate("--requests-per-second", "0"),
                delegate("--requests-per-second", "51"),
                new String[] {"--role", "delegate", "--key-file", key},
                new String[] {"--role", "delegate", "--key-file", key, "--parent", demo.parentId()})) {
            assertThat(run(wrong).exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
        }
        assertThat(run(
                                new Workspace(Checkout.root()),
                                Stream.concat(Stream.of("--turnkey", "http://example.com"), Arrays.stream(delegate())))
                        .err())
                .startsWith("--turnkey takes a URL of https, or of http on this machine");
    }

    private void removePolicy(String organizationId, String name) {
        world.removePolicy(
                organizationId,
                Optional.ofNullable(world.policies(organizationId).get(name)).orElseThrow());
    }

    private void session(String userId, String name) {
        world.addSessionKey(
                userId, world.newId(), name, KeyPair.generate(RANDOM).publicKey(), HOUR);
    }
}
