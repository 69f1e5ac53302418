package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.AwsFailure;
import finance.votis.sessions.aws.KeyWrap;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.aws.RecordedRequest;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerSessionReaderTest {

    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:nightly-a1b2c3";
    private static final String KEY = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000001";

    private final Scene scene = new Scene();
    private final OrganizationId organization = new OrganizationId(scene.world().parentId());
    private final AwsClients aws = new AwsClients(new AwsPlace(
            scene.aws().region(),
            Optional.of(scene.aws().url()),
            Optional.of(scene.aws().url()),
            Optional.empty()));
    private final TurnkeyClient turnkey = TurnkeyClient.over(
            scene.turnkey().url(),
            scene.clock(),
            scene.platform().waiting(),
            scene.platform().random());
    private final ServerSessionReader reader = reader(scene.sessionSecret(), "nightly");

    @AfterEach
    void close() {
        reader.close();
        scene.close();
    }

    @Test
    void itStampsWithTheSessionAndReadsItOnce() {
        Map<String, String> made = keep();
        int before = scene.aws().requests().size();

        assertThat(whoami()).isEqualTo(new Answer.Completed<>(admin()));
        assertThat(whoami()).isEqualTo(new Answer.Completed<>(admin()));

        ServerSessionReader.Session session = reader.session(ample());
        assertThat(session)
                .isEqualTo(new ServerSessionReader.Session(
                        field(made, "versionId"),
                        new ApiKeyId(field(made, "apiKeyId")),
                        session.publicKey(),
                        organization,
                        new UserId(scene.world().adminUserId()),
                        Scene.START,
                        Scene.START.plus(Duration.ofHours(3))));
        assertThat(session.publicKey().compressedHex()).isEqualTo(made.get("publicKey"));
        assertThat(reader.stamper().publicKey()).isEqualTo(session.publicKey());
        List<RecordedRequest> asked =
                scene.aws().requests().subList(before, scene.aws().requests().size());
        // What the job's role allows, and no more.
        assertThat(asked)
                .extracting(RecordedRequest::operation)
                .containsExactly(Operation.GET_SECRET_VALUE, Operation.DECRYPT);
        assertThat(asked.getFirst().versionStage()).contains("AWSCURRENT");
    }

    @Test
    void aSessionThatIsOverIsReadAgainBeforeItStamps() throws Exception {
        keep();
        Stamper stamper = reader.stamper();
        P256PublicKey old = stamper.publicKey();
        scene.clock().advance(Duration.ofHours(3));
        keep();

        assertThat(stamper.stamp(BODY).publicKey()).isNotEqualTo(old).isEqualTo(stamper.publicKey());
        int asked = scene.turnkey().requests().size();
        assertThat(whoami()).isEqualTo(new Answer.Completed<>(admin()));
        assertThat(scene.turnkey().requests()).hasSize(asked + 1);
    }

    @Test
    void aSessionIsInHandToItsLastMoment() throws Exception {
        keep();
        Stamper stamper = reader.stamper();
        stamper.stamp(BODY);
        int before = reads();
        scene.clock().advance(Duration.ofHours(3).minusNanos(1));
        stamper.stamp(BODY);

        assertThat(reads()).isEqualTo(before);
    }

    @Test
    void aSessionThatIsOverAndWasNotRenewedIsToldByName() {
        Map<String, String> made = keep();
        reader.session(ample());
        scene.clock().advance(Duration.ofHours(3));

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(this::whoami)
                .withMessage(
                        "the server session nightly cannot be used: version " + made.get("versionId")
                                + " at AWSCURRENT is over since 2026-11-24T00:00:00Z: the function that keeps it has not renewed it");
    }

    @Test
    void aKeyThatTurnkeyNoLongerKnowsIsReadAgainAndTheSameBytesAreSentOnceMore() {
        Map<String, String> old = keep();
        reader.session(ample());
        scene.clock().advance(Duration.ofMinutes(65));
        keep();
        remove(old);
        int asked = scene.turnkey().requests(Endpoint.WHOAMI).size();

        assertThat(whoami()).isEqualTo(new Answer.Completed<>(admin()));

        var sent = scene.turnkey().requests(Endpoint.WHOAMI).subList(asked, asked + 2);
        assertThat(sent.getFirst().body()).isEqualTo(sent.getLast().body());
        assertThat(sent.getFirst().stampedBy()).isNotEqualTo(sent.getLast().stampedBy());
        assertThat(scene.turnkey().requests(Endpoint.WHOAMI)).hasSize(asked + 2);
    }

    @Test
    void aKeyThatTurnkeyCallsOverIsReadAgainToo() {
        keep();
        reader.session(ample());
        int before = reads();
        scene.turnkey().faults().next(Endpoint.WHOAMI, Fault.refusal(401, "API_KEY_EXPIRED", "expired api key"));

        assertThat(refusal(whoami())).isEqualTo(Refusal.KEY_EXPIRED);
        assertThat(reads()).isEqualTo(before + 1);
    }

    @Test
    void whereTheSessionIsTheSameTheRefusalStands() {
        Map<String, String> made = keep();
        remove(made);
        int before = reads();
        int asked = scene.turnkey().requests(Endpoint.WHOAMI).size();

        assertThat(refusal(whoami())).isEqualTo(Refusal.KEY_UNKNOWN);

        assertThat(reads()).isEqualTo(before + 2);
        assertThat(scene.turnkey().requests(Endpoint.WHOAMI)).hasSize(asked + 1);
    }

    @Test
    void anotherRefusalIsNoReasonToReadAgain() {
        keep();
        reader.session(ample());
        int before = reads();
        scene.turnkey().faults().next(Endpoint.WHOAMI, Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no"));

        assertThat(refusal(whoami())).isEqualTo(Refusal.NOT_AUTHORIZED);
        assertThat(reads()).isEqualTo(before);
    }

    @Test
    void ofManyThreadsThatAreRefusedOneReads() throws Exception {
        keep();
        P256PublicKey refused = reader.stamper().stamp(BODY).publicKey();
        scene.clock().advance(Duration.ofMinutes(65));
        keep();
        int before = reads();

        List<Boolean> worthIt = new ArrayList<>();
        List<Stamp> stamps = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> refusedThread = () -> reader.readAgain(refused);
            Callable<Stamp> stampingThread = () -> reader.stamper().stamp(BODY);
            List<Future<Stamp>> stamping = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                stamping.add(threads.submit(stampingThread));
            }
            for (Future<Boolean> one : threads.invokeAll(Collections.nCopies(50, refusedThread))) {
                worthIt.add(one.get());
            }
            for (Future<Stamp> one : stamping) {
                stamps.add(one.get());
            }
        }

        assertThat(worthIt).containsOnly(true);
        assertThat(reads()).isEqualTo(before + 1);
        assertThat(stamps).allSatisfy(stamp -> assertThat(stamp.signs(BODY)).isTrue());
    }

    static Stream<Arguments> versions() {
        String publicKey =
                P256PrivateKey.generate(new SecureRandom()).publicKey().compressedHex();
        return Stream.of(
                Arguments.of(
                        "{\"state\":\"none\"}",
                        "the server session nightly cannot be used: version VERSION at AWSCURRENT says that there is no"
                                + " session yet: the function that keeps it has not made one"),
                Arguments.of(
                        "{\"state\":\"attempt\",\"publicKey\":\"" + publicKey + "\",\"wrapped\":\"AAAA\"}",
                        "the server session nightly cannot be used: version VERSION at AWSCURRENT is none of ours: an"
                                + " attempt is never current"),
                Arguments.of(
                        "{\"password\":\"hunter2\"}",
                        "version VERSION of the secret of the session nightly is none of ours: it says neither none,"
                                + " attempt nor credential"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aVersionThatIsNoSessionIsRefusedByName(String text, String message) {
        scene.putSecret(scene.sessionSecret(), text);

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(this::whoami)
                .withMessageMatching(message.replace("VERSION", "\\S+"))
                .withMessageNotContaining("hunter2");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void aSecretThatIsMissingIsRefusedByName() {
        try (ServerSessionReader lost = reader("not-there", "nightly")) {
            assertThatExceptionOfType(AwsFailure.class)
                    .isThrownBy(() -> lost.session(ample()))
                    .withMessage("GetSecretValue of not-there did not work: ResourceNotFoundException");
        }
    }

    @Test
    void theSessionOfAnotherNameDoesNotUnwrap() {
        keep();

        try (ServerSessionReader weekly = reader(scene.sessionSecret(), "weekly")) {
            assertThatExceptionOfType(AwsFailure.class)
                    .isThrownBy(() -> weekly.session(ample()))
                    .withMessage("kms:Decrypt of " + scene.wrappingKey() + " did not work: InvalidCiphertextException");
        }
    }

    @Test
    void aKeyThatIsNotTheOneThatTheVersionNamesIsRefusedByName() {
        var random = new SecureRandom();
        P256PublicKey named = P256PrivateKey.generate(random).publicKey();
        var details = new SessionCredential.Details(
                new ApiKeyId("00000000-0000-4000-8000-000000000001"),
                organization,
                new UserId("00000000-0000-4000-8000-000000000002"),
                "00000000-0000-4000-8000-000000000003",
                Scene.START,
                Scene.START.plus(Duration.ofHours(3)));
        byte[] wrapped;
        try (var other = new SessionCredential(P256PrivateKey.generate(random), details);
                var packed = other.pack()) {
            wrapped = new KeyWrap(aws, scene.wrappingKey())
                    .wrap(
                            packed,
                            Map.of(
                                    "app",
                                    "votis-sessions",
                                    "purpose",
                                    "credential",
                                    "organization",
                                    organization.value(),
                                    "session",
                                    "nightly",
                                    "publicKey",
                                    named.compressedHex()),
                            ample());
        }
        scene.putSecret(
                scene.sessionSecret(), new SessionState.Credential(named, SessionState.Wrapped.of(wrapped)).text());

        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(this::whoami)
                .withMessageEndingWith("is none of ours: the key that it wraps is not that of its publicKey");
    }

    @Test
    void afterAFailureTheNextCallReadsAgain() {
        keep();
        scene.aws().faults().next(Operation.DECRYPT, new finance.votis.sessions.standins.aws.Fault.AccessDenied());
        assertThatExceptionOfType(AwsFailure.class).isThrownBy(this::whoami);

        assertThat(whoami()).isEqualTo(new Answer.Completed<>(admin()));
    }

    @Test
    void aClosedReaderStampsNoMore() throws Exception {
        keep();
        Stamper stamper = reader.stamper();
        stamper.stamp(BODY);

        reader.close();

        assertThatThrownBy(() -> stamper.stamp(BODY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("reader of the server session nightly used after close");
        assertThatThrownBy(() -> reader.session(ample())).isInstanceOf(IllegalStateException.class);
    }

    static Stream<Arguments> arguments() {
        String organization = "00000000-0000-4000-8000-000000000001";
        return Stream.of(
                Arguments.of("nightly", KEY, organization, "secretArn must be the ARN of a secret"),
                Arguments.of(KEY, KEY, organization, "secretArn must be the ARN of a secret"),
                Arguments.of(SECRET, "alias/wrapping", organization, "wrappingKeyArn must be the ARN of a KMS key"),
                Arguments.of(
                        SECRET,
                        KEY.replace("central", "west"),
                        organization,
                        "secretArn and wrappingKeyArn must name the same region"),
                Arguments.of(SECRET, KEY, "ours", "organizationId must be a UUID"));
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void anArgumentThatCannotBeRightIsToldByItsName(
            String secretArn, String keyArn, String organizationId, String message) {
        assertThatThrownBy(() -> ServerSessionReader.of(secretArn, keyArn, organizationId, "nightly"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aJobNeedsTheOutputsOfTheStackOnly() {
        // Where the SDK finds them; in an account it knows the region's own.
        System.setProperty("aws.endpointUrlSecretsManager", scene.aws().url().toString());
        System.setProperty("aws.endpointUrlKms", scene.aws().url().toString());
        try (ServerSessionReader job =
                ServerSessionReader.of(scene.sessionSecret(), scene.wrappingKey(), organization.value(), "nightly")) {
            assertThatExceptionOfType(ExplainedException.class)
                    .isThrownBy(() -> job.session(ample()))
                    .withMessageContaining("says that there is no session yet");
        } finally {
            System.clearProperty("aws.endpointUrlSecretsManager");
            System.clearProperty("aws.endpointUrlKms");
        }
    }

    private ServerSessionReader reader(String secret, String session) {
        return new ServerSessionReader(aws, secret, scene.wrappingKey(), organization, session, scene.clock());
    }

    private Answer<Identity> whoami() {
        return reader.stamping(ample(), stamper -> turnkey.whoami(organization, stamper, ample()));
    }

    private static Refusal refusal(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused<?>) answer).refusal();
    }

    private Map<String, String> keep() {
        return new ServerSessionFunction(scene.environment(), scene.platform())
                .handleRequest(Map.of("session", "nightly"), Scene.context());
    }

    private static String field(Map<String, String> answer, String name) {
        return Objects.requireNonNull(answer.get(name));
    }

    private void remove(Map<String, String> session) {
        scene.turnkey().world().removeApiKey(field(session, "apiKeyId"));
    }

    /** How often a session was unwrapped. */
    private int reads() {
        return (int) scene.aws().requests().stream()
                .filter(request -> request.operation() == Operation.DECRYPT)
                .count();
    }

    private Identity admin() {
        return new Identity(organization, new UserId(scene.world().adminUserId()));
    }

    private static Deadline ample() {
        return Deadline.after(Scene.AMPLE);
    }
}
