package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.RecordedRequest;
import finance.votis.sessions.standins.turnkey.Switch;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole conversations with a Turnkey that verifies, decides and seals: what works, and who may do what. */
class AgainstStandInTest {
    private static final String READ_WRITE = "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2";

    private final SecureRandom random = new SecureRandom();
    private final SharedTime time = new SharedTime();

    @AutoClose
    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(time).random(random).start();

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    private final TurnkeyClient client =
            TurnkeyClient.over(new TurnkeyHttp(turnkey.url(), http), time, time, () -> () -> 0L);
    private final DemoWorld demo = turnkey.demo();

    private final OrganizationId parent = new OrganizationId(demo.parentId());
    private final OrganizationId ada = new OrganizationId(demo.first().organizationId());
    private final OrganizationId grace = new OrganizationId(demo.second().organizationId());
    private final UserId adaUser = new UserId(demo.first().userId());
    private final UserId adaDelegate = new UserId(demo.first().delegateUserId());

    @AutoClose
    private final LocalStamper delegate = demo.delegateKey().stamper();

    @AutoClose
    private final LocalStamper root = demo.rootKey().stamper();

    @AutoClose
    private final LocalStamper admin = demo.adminKey().stamper();

    @AutoClose
    private final LocalStamper adaKey = demo.first().userKey().stamper();

    @AutoClose
    private final LocalStamper stranger = new LocalStamper(P256PrivateKey.generate(random));

    @AutoClose
    private final TargetKeyPair target = TargetKeyPair.generate(random);

    /** One clock for both sides, which waiting sets forward. */
    private static final class SharedTime implements InstantSource, Waiting {
        private volatile Instant now = Given.NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public void pause(Duration span) {
            now = now.plus(span);
        }

        Deadline deadline() {
            return Deadline.after(
                    Duration.ofSeconds(25),
                    () -> Duration.between(Instant.EPOCH, now).toNanos());
        }
    }

    private Answer<ReadWriteSession> create(OrganizationId organization, Optional<UserId> user, Stamper stamper) {
        return client.createReadWriteSession(
                client.readWriteSession(
                        organization,
                        new ReadWriteSession.Parameters(
                                target.publicKey(), user, "phone", Duration.ofMinutes(10), false)),
                stamper,
                time.deadline());
    }

    private Answer<ReadWriteSession> createForAda() {
        return create(ada, Optional.of(adaUser), delegate);
    }

    private Answer<ReadOnlySession> createReadOnly(OrganizationId organization, Stamper stamper) {
        return client.createReadOnlySession(client.readOnlySession(organization), stamper, time.deadline());
    }

    private Answer<Identity> whoami(OrganizationId organization, Stamper stamper) {
        return client.whoami(organization, stamper, time.deadline());
    }

    private LocalStamper open(ReadWriteSession session) throws Exception {
        return new LocalStamper(
                target.open(CredentialBundle.parse(session.credentialBundle().text())));
    }

    private Refusal refusal(Answer<?> answer) {
        return Given.refused(answer).refusal();
    }

    // What works

    @Test
    void theDelegateMakesASessionThatOpensIsListedAndWorks() throws Exception {
        ReadWriteSession session = Given.completed(createForAda());

        assertThat(session.organizationId()).isEqualTo(ada);
        assertThat(session.userId()).isEqualTo(adaUser);
        try (LocalStamper opened = open(session)) {
            assertThat(whoami(ada, opened)).isEqualTo(new Answer.Completed<>(new Identity(ada, adaUser)));

            List<ApiKey> keys = Given.completed(client.apiKeys(ada, adaUser, delegate, time.deadline()));
            assertThat(keys)
                    .filteredOn(key -> key.apiKeyId().equals(session.apiKeyId()))
                    .singleElement()
                    .satisfies(key -> {
                        assertThat(key.publicKey()).isEqualTo(opened.publicKey().compressedHex());
                        assertThat(key.credentialType()).isEqualTo("CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256");
                        assertThat(key.apiKeyName()).isEqualTo("phone");
                        assertThat(key.createdAt()).isEqualTo(session.createdAt());
                        assertThat(key.createdAt()).isEqualTo(session.createdAt());
                        assertThat(key.expiration()).contains(Duration.ofMinutes(10));
                    });
            assertThat(keys).filteredOn(key -> key.expiration().isEmpty()).hasSize(1);
        }
    }

    @Test
    void aSessionKeyEndsWithItsLifetime() throws Exception {
        try (LocalStamper opened = open(Given.completed(createForAda()))) {
            time.pause(Duration.ofMinutes(10));
            assertThat(refusal(whoami(ada, opened))).isEqualTo(Refusal.KEY_EXPIRED);
        }
    }

    @Test
    void aSessionKeyWhoseScalarBeginsWithAZeroByteWorks() throws Exception {
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.leadingZeroKey());
        try (LocalStamper opened = open(Given.completed(createForAda()))) {
            assertThat(whoami(ada, opened)).isEqualTo(new Answer.Completed<>(new Identity(ada, adaUser)));
        }
    }

    @Test
    void theAdminMakesASessionForItself() throws Exception {
        ReadWriteSession session = Given.completed(create(parent, Optional.empty(), admin));
        assertThat(session.userId()).isEqualTo(new UserId(demo.adminUserId()));
        try (LocalStamper opened = open(session)) {
            assertThat(whoami(parent, opened))
                    .isEqualTo(new Answer.Completed<>(new Identity(parent, session.userId())));
        }
    }

    @Test
    void aReadOnlySessionIsTheDelegatesAndReadsAndWritesNothing() throws Exception {
        ReadOnlySession session = Given.completed(createReadOnly(ada, delegate));
        assertThat(session.userId()).isEqualTo(adaDelegate).isNotEqualTo(adaUser);
        assertThat(session.expiresAt())
                .isBetween(Given.NOW.plus(Duration.ofMinutes(59)), Given.NOW.plus(Duration.ofMinutes(61)));

        assertThat(withToken(session, Endpoint.WHOAMI, "{\"organizationId\":\"" + ada + "\"}"))
                .isEqualTo(200);
        assertThat(withToken(session, Endpoint.WHOAMI, "{\"organizationId\":\"" + grace + "\"}"))
                .isEqualTo(401);
        String write = new String(client.readOnlySession(ada).body(), StandardCharsets.UTF_8);
        assertThat(withToken(session, Endpoint.CREATE_READ_ONLY_SESSION, write)).isEqualTo(401);
    }

    private int withToken(ReadOnlySession session, Endpoint endpoint, String body) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(turnkey.url().resolve(endpoint.path()))
                                .header("X-Session", session.session().text())
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aDeletedSessionKeyIsUnknown() throws Exception {
        ReadWriteSession session = Given.completed(createForAda());
        Answer<DeletedKeys> deleted = client.deleteApiKeys(
                client.deleteApiKeys(ada, adaUser, List.of(session.apiKeyId())), adaKey, time.deadline());
        assertThat(deleted).isEqualTo(new Answer.Completed<>(new DeletedKeys(List.of(session.apiKeyId()))));
        try (LocalStamper opened = open(session)) {
            assertThat(refusal(whoami(ada, opened))).isEqualTo(Refusal.KEY_UNKNOWN);
        }
    }

    @Test
    void membersThatNobodyKnowsYetDoNotDisturb() {
        turnkey.faults().switchOn(Switch.UNKNOWN_MEMBERS_IN_ANSWERS);
        Given.completed(createForAda());
        Given.completed(createReadOnly(ada, delegate));
        Given.completed(whoami(ada, delegate));
        Given.completed(client.apiKeys(ada, adaUser, delegate, time.deadline()));
    }

    // Who may do what

    @Test
    void aParentsKeyReadsASubOrganizationAndWritesNothingInIt() {
        Given.completed(client.apiKeys(ada, adaUser, root, time.deadline()));
        assertThat(refusal(create(ada, Optional.of(adaUser), root))).isEqualTo(Refusal.ORGANIZATION_MISMATCH);
        assertThat(refusal(createReadOnly(ada, root))).isEqualTo(Refusal.ORGANIZATION_MISMATCH);
        assertThat(turnkey.world().activities(ada.value(), READ_WRITE)).isZero();
    }

    @Test
    void theDelegateIsUnknownInTheParent() {
        assertThat(refusal(createReadOnly(parent, delegate))).isEqualTo(Refusal.KEY_UNKNOWN);
        assertThat(refusal(create(parent, Optional.empty(), delegate))).isEqualTo(Refusal.KEY_UNKNOWN);
    }

    @Test
    void theDelegateIsAskedForInTheParentFoundTwice() {
        assertThat(refusal(whoami(parent, delegate))).isEqualTo(Refusal.CREDENTIAL_CONFLICT);
    }

    @Test
    void theDelegateDeletesNoKeysOfAUserWhomItsPolicyDoesNotName() {
        UserId guest = UserId.parse(turnkey.world().newId()).orElseThrow();
        turnkey.world().addUser(ada.value(), guest.value(), "Guest");
        ReadWriteSession session = Given.completed(create(ada, Optional.of(guest), delegate));
        Answer<DeletedKeys> answer = client.deleteApiKeys(
                client.deleteApiKeys(ada, guest, List.of(session.apiKeyId())), delegate, time.deadline());
        assertThat(refusal(answer)).isEqualTo(Refusal.NOT_AUTHORIZED);
    }

    @Test
    void aUsersKeyAndSessionReachNoOtherSubOrganization() throws Exception {
        assertThat(refusal(whoami(grace, adaKey))).isEqualTo(Refusal.KEY_UNKNOWN);
        assertThat(refusal(createReadOnly(grace, adaKey))).isEqualTo(Refusal.KEY_UNKNOWN);
        try (LocalStamper opened = open(Given.completed(createForAda()))) {
            assertThat(refusal(whoami(grace, opened))).isEqualTo(Refusal.KEY_UNKNOWN);
            assertThat(refusal(create(grace, Optional.empty(), opened))).isEqualTo(Refusal.KEY_UNKNOWN);
        }
    }

    @Test
    void anUnknownKeyGetsNothing() {
        assertThat(Stream.of(
                                whoami(ada, stranger),
                                createReadOnly(ada, stranger),
                                create(ada, Optional.of(adaUser), stranger),
                                client.apiKeys(ada, adaUser, stranger, time.deadline()),
                                client.activity(ada, Given.ACTIVITY, stranger, time.deadline()))
                        .map(this::refusal))
                .containsOnly(Refusal.KEY_UNKNOWN);
    }

    @Test
    void anOrganizationThatDoesNotExist() {
        assertThat(refusal(createReadOnly(Given.ORGANIZATION, delegate))).isEqualTo(Refusal.ORGANIZATION_NOT_FOUND);
    }

    @Test
    void anActivityThatNeedsAPolicyIsRefusedWithoutOne() {
        turnkey.faults().switchOn(Switch.OWN_SESSION_NEEDS_POLICY);
        assertThat(refusal(create(parent, Optional.empty(), admin))).isEqualTo(Refusal.NOT_AUTHORIZED);
    }

    // Activities that take their time, or do not come to an end

    @Test
    void aPendingActivityIsWaitedFor() throws Exception {
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.pending(4));
        try (LocalStamper opened = open(Given.completed(createForAda()))) {
            Given.completed(whoami(ada, opened));
        }
        assertThat(turnkey.requests(Endpoint.CREATE_READ_WRITE_SESSION)).hasSize(2);
        assertThat(turnkey.requests(Endpoint.GET_ACTIVITY)).isNotEmpty();
        assertThat(turnkey.world().activities(ada.value(), READ_WRITE)).isOne();
    }

    @Test
    void otherEndsOfAnActivity() {
        turnkey.faults()
                .next(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.consensusNeeded(),
                        Fault.authenticatorsNeeded(),
                        Fault.rejected(),
                        Fault.failed("INTERNAL", "it broke"));
        ActivityRequest<ReadWriteSession> request = client.readWriteSession(ada, parameters());
        assertThat(client.createReadWriteSession(request, delegate, time.deadline()))
                .isInstanceOfSatisfying(
                        Answer.NeedsApproval.class,
                        needed -> assertThat(needed.fingerprint()).isEqualTo(request.fingerprint()));
        assertThat(laterForAda()).isInstanceOf(Answer.AuthenticatorsNeeded.class);
        assertThat(laterForAda()).isInstanceOf(Answer.Rejected.class);
        assertThat(Given.failed(laterForAda()).code()).contains("INTERNAL");
    }

    private ReadWriteSession.Parameters parameters() {
        return new ReadWriteSession.Parameters(
                target.publicKey(), Optional.of(adaUser), "phone", Duration.ofMinutes(10), false);
    }

    /** With a new time and so with new bytes: the same would give the same activity. */
    private Answer<ReadWriteSession> laterForAda() {
        time.pause(Duration.ofMillis(1));
        return createForAda();
    }

    // Trouble on the way

    static List<Fault> troubleAfterTheEffect() {
        return List.of(Fault.resetAfterEffect(), Fault.halfABody());
    }

    @ParameterizedTest
    @MethodSource("troubleAfterTheEffect")
    void anAnswerThatIsLostAfterTheEffectMakesNoSecondSession(Fault trouble) throws Exception {
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, trouble, trouble);
        ReadWriteSession session = Given.completed(createForAda());
        try (LocalStamper opened = open(session)) {
            Given.completed(whoami(ada, opened));
        }

        List<RecordedRequest> sent = turnkey.requests(Endpoint.CREATE_READ_WRITE_SESSION);
        assertThat(sent).hasSize(3);
        assertThat(new HashSet<>(sent.stream().map(RecordedRequest::bodyText).toList()))
                .hasSize(1);
        assertThat(turnkey.world().activities(ada.value(), READ_WRITE)).isOne();
        assertThat(Given.completed(client.apiKeys(ada, adaUser, delegate, time.deadline())))
                .filteredOn(key -> key.expiration().isPresent())
                .hasSize(1);
    }

    static List<Fault> troubleBeforeTheEffect() {
        return List.of(Fault.resetBeforeEffect(), Fault.internalError(), Fault.badGateway(), Fault.tooManyRequests());
    }

    @ParameterizedTest
    @MethodSource("troubleBeforeTheEffect")
    void aRequestThatDidNotGetThroughIsSentAgain(Fault trouble) {
        turnkey.faults().next(Endpoint.CREATE_READ_WRITE_SESSION, trouble);
        Given.completed(createForAda());
        assertThat(turnkey.requests(Endpoint.CREATE_READ_WRITE_SESSION)).hasSize(2);
    }

    @Test
    void theRateOfTheSmallestPlanIsKeptByWaiting() {
        turnkey.faults().limitRate(1);
        Given.completed(createForAda());
        Given.completed(whoami(ada, delegate));
        assertThat(turnkey.requests(Endpoint.WHOAMI)).hasSizeGreaterThan(1);
    }

    @Test
    void silenceIsTooSlow() {
        turnkey.faults().next(Endpoint.WHOAMI, Fault.silence());
        assertThat(client.whoami(ada, delegate, Deadline.after(Duration.ofMillis(300))))
                .isEqualTo(new Answer.TooSlow<>(Optional.empty()));
    }

    @Test
    void aStampedBodyNamesTheKeyThatStamped() {
        Given.completed(createForAda());
        assertThat(turnkey.requests(Endpoint.CREATE_READ_WRITE_SESSION))
                .singleElement()
                .satisfies(request -> {
                    P256PublicKey key = request.stampedBy().orElseThrow();
                    assertThat(key).isEqualTo(delegate.publicKey());
                });
    }
}
