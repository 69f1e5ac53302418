package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run does with what another one left undone. */
class ServerSessionRecoveryTest {

    private static final String RESULT = "/activity/result/createReadWriteSessionResultV2/";

    private final Nightly nightly = new Nightly();
    private final Scene scene = nightly.scene();

    @AfterEach
    void close() {
        nightly.close();
    }

    @Test
    void aSessionWhoseAnswerWasLostIsRecoveredByTheSameBytes() {
        theAnswerIsLost();
        scene.clock().advance(Duration.ofMinutes(49));

        Map<String, String> recovered = nightly.run();

        assertThat(recovered)
                .containsEntry("status", "recovered")
                .containsEntry("versionId", nightly.at("AWSCURRENT").versionId())
                // Counted from Turnkey's creation, not from the recovery.
                .containsEntry("expiresAt", "2026-11-24T00:00:00Z");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(recovered.get("apiKeyId"));
        assertThat(scene.turnkey().requests(Endpoint.LIST_ACTIVITIES)).isEmpty();
        assertThat(nightly.run())
                .containsEntry("status", "reused")
                .containsEntry("versionId", recovered.get("versionId"));
    }

    @Test
    void aSessionWhoseRequestIsTooOldToBeSentAgainIsFoundByItsFingerprint() {
        theAnswerIsLost();
        int sent = scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION).size();
        scene.clock().advance(Duration.ofMinutes(56));

        Map<String, String> recovered = nightly.run();

        assertThat(recovered).containsEntry("status", "recovered").containsEntry("expiresAt", "2026-11-24T00:00:00Z");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(recovered.get("apiKeyId"));
        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).hasSize(sent);
    }

    @Test
    void aRequestThatNeverArrivedIsSentAgain() {
        theRequestIsLost();

        assertThat(nightly.run()).containsEntry("status", "recovered");

        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @Test
    void aRequestThatNeverArrivedAndIsTooOldByNowIsGivenUp() {
        theRequestIsLost();
        scene.clock().advance(Duration.ofMinutes(56));

        assertThat(nightly.run()).containsEntry("status", "created");

        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 56})
    void whileTurnkeyCannotBeAskedNothingChanges(long minutes) {
        theAnswerIsLost();
        String attempt = nightly.at("AWSPENDING").versionId();
        scene.clock().advance(Duration.ofMinutes(minutes));
        Fault unavailable = Fault.refusal(403, "API_OPERATIONS_DISABLED", "no");
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, unavailable);
        scene.turnkey().faults().next(Endpoint.LIST_ACTIVITIES, unavailable);

        nightly.fails("the session that an earlier run asked for: turnkey-unavailable");
        assertThat(nightly.at("AWSPENDING").versionId()).isEqualTo(attempt);
        scene.turnkey().faults().clear();

        assertThat(nightly.run()).containsEntry("status", "recovered");
    }

    @Test
    void aSessionThatWaitsForApprovalIsLeftAndTold() {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.consensusNeeded());
        nightly.fails("needs-approval");
        String attempt = nightly.at("AWSPENDING").versionId();

        assertThat(nightly.fails("the session that an earlier run asked for: needs-approval"))
                .contains(", activity ");

        assertThat(nightly.at("AWSPENDING").versionId()).isEqualTo(attempt);
        assertThat(scene.turnkey()
                        .world()
                        .activities(scene.world().parentId(), "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2"))
                .isEqualTo(1);
    }

    @Test
    void aSessionThatWaitsForApprovalUntilItsTimeIsOverIsGivenUp() {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.consensusNeeded());
        nightly.fails("needs-approval");
        scene.clock().advance(Duration.ofMinutes(121));

        assertThat(nightly.run()).containsEntry("status", "created");
    }

    @Test
    void anAttemptThatTurnkeyRefusedIsMadeAnew() {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.failed("REQUEST_NOT_AUTHORIZED", "no"));
        nightly.fails("turnkey-refused");

        assertThat(nightly.run()).containsEntry("status", "created");
    }

    @Test
    void anAttemptWhoseBytesTurnkeyDoesNotTakeIsMadeAnew() {
        theRequestIsLost();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(400, "too old"));

        assertThat(nightly.run()).containsEntry("status", "created");

        assertThat(scene.turnkey().requests(Endpoint.LIST_ACTIVITIES)).hasSize(1);
        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @Test
    void aBundleThatDoesNotOpenIsGivenUpAndItsKeyEnded() {
        theAnswerIsLost();
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        Fault.with(RESULT + "credentialBundle", Nightly.bundleOfAnother()));

        Map<String, String> created = nightly.run();

        assertThat(created).containsEntry("status", "created");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(created.get("apiKeyId"));
        assertThat(scene.lastLine().get("deletedApiKeyIds").textValue()).hasSize(36);
    }

    @Test
    void anAttemptWhoseSessionIsNearlyOverIsGivenUpAndItsKeyEnded() {
        theAnswerIsLost();
        scene.clock().advance(Duration.ofMinutes(66));

        Map<String, String> created = nightly.run();

        assertThat(created).containsEntry("status", "created");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(created.get("apiKeyId"));
    }

    @Test
    void anAttemptWhoseKeyWasDeletedIsGivenUp() {
        theAnswerIsLost();
        nightly.sessionKeys().toList().forEach(key -> scene.turnkey().world().removeApiKey(key.id()));

        assertThat(nightly.run()).containsEntry("status", "created");
    }

    @Test
    void aStoredSessionThatWasNotMadeCurrentIsProvedAndMadeCurrent() {
        String stored = nightly.sessionThatIsNotMadeCurrent();

        Map<String, String> recovered = nightly.run();

        assertThat(recovered).containsEntry("status", "recovered").containsEntry("versionId", stored);
        assertThat(nightly.at("AWSCURRENT").versionId()).isEqualTo(stored);
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(recovered.get("apiKeyId"));
        assertThat(nightly.run()).containsEntry("status", "reused").containsEntry("versionId", stored);
    }

    @Test
    void aStoredSessionThatIsNearlyOverIsReplacedAndItsKeyEnded() {
        String stored = nightly.sessionThatIsNotMadeCurrent();
        scene.clock().advance(Duration.ofMinutes(65));

        Map<String, String> created = nightly.run();

        assertThat(created).containsEntry("status", "created").doesNotContainEntry("versionId", stored);
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(created.get("apiKeyId"));
    }

    @Test
    void aStoredSessionThatTurnkeyNoLongerListsIsReplaced() {
        String stored = nightly.sessionThatIsNotMadeCurrent();
        nightly.sessionKeys().toList().forEach(key -> scene.turnkey().world().removeApiKey(key.id()));

        assertThat(nightly.run()).containsEntry("status", "created").doesNotContainEntry("versionId", stored);
    }

    @Test
    void aStoredSessionWhoseProofTurnkeyRefusesIsReplaced() {
        String stored = nightly.sessionThatIsNotMadeCurrent();
        // The first whoami is the admin's, the second the proof.
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.WHOAMI,
                        Fault.delay(Duration.ZERO),
                        Fault.refusal(401, "PUBLIC_KEY_NOT_FOUND", "could not find public key"));

        Map<String, String> created = nightly.run();

        assertThat(created).containsEntry("status", "created").doesNotContainEntry("versionId", stored);
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(created.get("apiKeyId"));
    }

    @Test
    void aStoredSessionThatTurnkeyCannotBeAskedAboutIsKept() {
        String stored = nightly.sessionThatIsNotMadeCurrent();
        scene.turnkey()
                .faults()
                .next(Endpoint.WHOAMI, Fault.delay(Duration.ZERO), Fault.refusal(403, "API_OPERATIONS_DISABLED", "no"));

        nightly.fails("whoami of the new session: turnkey-unavailable");

        assertThat(nightly.at("AWSPENDING").versionId()).isEqualTo(stored);
        assertThat(nightly.run()).containsEntry("status", "recovered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attempt", "credential"})
    void whatKmsDoesNotUnwrapIsRefusedByNameAndStaysUntilAnOperatorPutsNone(String state) {
        if (state.equals("attempt")) {
            theAnswerIsLost();
        } else {
            nightly.sessionThatIsNotMadeCurrent();
        }
        ObjectNode broken = Scene.json(nightly.at("AWSPENDING").secretString()).put("wrapped", "AAAA");
        putAtPending("e".repeat(64), broken.toString());

        nightly.fails("kms:Decrypt of " + scene.wrappingKey() + " did not work: InvalidCiphertextException");
        assertThat(nightly.at("AWSPENDING").versionId()).isEqualTo("e".repeat(64));
        assertThat(nightly.sessionKeys()).hasSize(1);

        putAtPending("d".repeat(64), "{\"state\":\"none\"}");
        Map<String, String> created = nightly.run();
        assertThat(created).containsEntry("status", "created");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(created.get("apiKeyId"));
    }

    @Test
    void anAttemptOfAReleaseThatWroteOtherRequestsIsGivenUpAndItsKeyEnded() {
        theAnswerIsLost();
        ObjectNode attempt = Scene.json(nightly.at("AWSPENDING").secretString());
        byte[] opened = nightly.unwrap(attempt, "attempt");
        byte[] spaced = Arrays.copyOf(opened, opened.length + 1);
        spaced[opened.length] = ' ';
        putAtPending(
                "e".repeat(64), nightly.wrapping(spaced, attempt, "attempt").toString());

        Map<String, String> created = nightly.run();

        assertThat(created).containsEntry("status", "created");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(created.get("apiKeyId"));
        assertThat(scene.lastLine().get("warning").textValue()).contains("another is made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attempt", "credential"})
    void whatUnwrapsToSomethingElseIsRefusedByNameAndNothingChanges(String state) {
        if (state.equals("attempt")) {
            theAnswerIsLost();
        } else {
            nightly.sessionThatIsNotMadeCurrent();
        }
        ObjectNode version = Scene.json(nightly.at("AWSPENDING").secretString());
        putAtPending(
                "e".repeat(64), nightly.wrapping(new byte[40], version, state).toString());

        nightly.fails("version " + "e".repeat(64)
                + " of the secret of the session nightly is none of ours: what it wraps is not");

        assertThat(nightly.at("AWSPENDING").versionId()).isEqualTo("e".repeat(64));
        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @Test
    void aPendingVersionThatIsNoneOfOursIsRefusedByName() {
        putAtPending("e".repeat(64), "{\"password\":\"hunter2\"}");

        assertThat(nightly.fails("version " + "e".repeat(64) + " of the secret of the session nightly is none of ours"))
                .doesNotContain("hunter2");
    }

    @Test
    void aPreviousVersionThatIsNoneOfOursHarmsNothing() {
        nightly.secrets()
                .putSecretValue(
                        request -> request.secretId(scene.sessionSecret()).secretString("by mistake"));
        nightly.secrets()
                .putSecretValue(
                        request -> request.secretId(scene.sessionSecret()).secretString("{\"state\":\"none\"}"));

        assertThat(nightly.run()).containsEntry("status", "created");
    }

    @Test
    void aClockThatIsFarOffIsToldByNameAndNothingIsMade() {
        scene.turnkey().faults().skewClock(Duration.ofMinutes(-7));

        assertThat(nightly.fails("whoami of the admin key"))
                .contains("our clock is 4")
                .contains(" s ahead of Turnkey's");

        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).isEmpty();
    }

    @Test
    void aClockThatIsFarOffShowsWhileTheSessionIsStillReused() {
        nightly.run();
        scene.turnkey().faults().skewClock(Duration.ofMinutes(7));

        assertThat(nightly.run()).containsEntry("status", "reused");

        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        assertThat(scene.lastLine().get("reason").textValue()).contains("our clock is 4", " s behind Turnkey's");
    }

    // ---- What is tidied up

    @Test
    void theOldSessionIsEndedOnePeriodAfterItWasReplaced() {
        Map<String, String> old = nightly.run();
        scene.clock().advance(Duration.ofMinutes(65));
        Map<String, String> renewed = nightly.run();
        scene.clock().advance(Duration.ofMinutes(52));
        nightly.run();
        assertThat(nightly.sessionKeys().map(ApiKey::id)).contains(old.get("apiKeyId"), renewed.get("apiKeyId"));

        scene.clock().advance(Duration.ofMinutes(1));
        assertThat(nightly.run()).containsEntry("status", "reused");

        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(renewed.get("apiKeyId"));
        assertThat(scene.lastLine().get("deletedApiKeyIds").textValue()).isEqualTo(old.get("apiKeyId"));
    }

    @Test
    void sessionsOfThisNameThatNoVersionKnowsAreEnded() throws Exception {
        nightly.run();
        ApiKey ours = nightly.sessionKeys().findFirst().orElseThrow();
        nightly.makeSession(ours.name());
        nightly.makeSession("Server session nightly-2");
        KeyPair longLived = KeyPair.generate(new SecureRandom());
        scene.turnkey().world().addApiKey(scene.world().adminUserId(), ours.name(), longLived.publicKey());
        int before = nightly.keyNames().size();

        nightly.run();

        assertThat(nightly.keyNames()).hasSize(before - 1);
        assertThat(nightly.sessionKeys().map(ApiKey::name)).containsExactly(ours.name(), "Server session nightly-2");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).contains(ours.id());
    }

    @Test
    void whileAnAttemptIsPendingNoKeyIsEndedThatMayBeItsOwn() {
        theAnswerIsLost();
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(403, "API_OPERATIONS_DISABLED", "no"));

        nightly.fails("turnkey-unavailable");

        assertThat(nightly.sessionKeys()).hasSize(1);
    }

    @Test
    void aKeyThatCannotBeEndedIsToldAndStopsNothing() throws Exception {
        nightly.run();
        nightly.makeSession("Server session nightly");
        scene.turnkey().faults().next(Endpoint.DELETE_API_KEYS, Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no"));

        assertThat(nightly.run()).containsEntry("status", "reused");

        assertThat(scene.lastLine().get("warning").textValue()).contains("was not deleted: turnkey-refused");
    }

    @Test
    void aKeyThatMayNotBeEndedSoonTakesNoTimeOfTheRenewal() {
        Map<String, String> old = nightly.run();
        scene.clock().advance(Duration.ofMinutes(65));
        nightly.run();
        scene.clock().advance(Duration.ofMinutes(65));
        scene.turnkey().faults().next(Endpoint.DELETE_API_KEYS, Fault.pending(1_000));

        assertThat(nightly.function(Nightly::whereOnlyPausesTakeTime).handleRequest(Nightly.INPUT, Scene.context()))
                .containsEntry("status", "created");
        assertThat(scene.lastLine().get("warning").textValue())
                .contains(old.get("apiKeyId") + ", which no job uses any more, was not deleted: turnkey-slow");
    }

    @Test
    void nothingIsEndedWhileWhatIsCurrentDoesNotUnwrap() {
        Map<String, String> old = nightly.run();
        ObjectNode broken = Scene.json(nightly.at("AWSCURRENT").secretString()).put("wrapped", "AAAA");
        nightly.secrets()
                .putSecretValue(
                        request -> request.secretId(scene.sessionSecret()).secretString(broken.toString()));
        scene.clock().advance(Duration.ofMinutes(60));

        nightly.fails("InvalidCiphertextException");

        assertThat(nightly.sessionKeys().map(ApiKey::id)).containsExactly(old.get("apiKeyId"));
        assertThat(nightly.at("AWSPREVIOUS").versionId()).isEqualTo(old.get("versionId"));
    }

    @Test
    void aVersionThatAnOperatorMadeCurrentOnceMoreIsRenewedInItsTurn() {
        Map<String, String> first = nightly.run();
        scene.clock().advance(Duration.ofMinutes(65));
        Map<String, String> second = nightly.run();
        nightly.secrets()
                .updateSecretVersionStage(request -> request.secretId(scene.sessionSecret())
                        .versionStage("AWSCURRENT")
                        .moveToVersionId(first.get("versionId"))
                        .removeFromVersionId(second.get("versionId")));

        Map<String, String> third = nightly.run();

        assertThat(third)
                .containsEntry("status", "created")
                .containsEntry("versionId", nightly.at("AWSCURRENT").versionId());
        assertThat(Set.of(
                        Objects.requireNonNull(first.get("versionId")),
                        Objects.requireNonNull(second.get("versionId"))))
                .doesNotContain(third.get("versionId"));
    }

    @Test
    void theKeyOfAnAttemptThatWasGivenUpIsEndedAlsoWhileNoOtherIsMade() {
        theAnswerIsLost();
        scene.clock().advance(Duration.ofMinutes(66));
        Fault refused = Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no");
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, refused, refused);
        nightly.fails("create read-write session: turnkey-refused");
        assertThat(nightly.sessionKeys()).hasSize(1);

        nightly.fails("the session that an earlier run asked for: turnkey-refused");

        assertThat(nightly.sessionKeys()).isEmpty();
    }

    @Test
    void aSessionEndsWhenTurnkeySaysThatItsKeyDoes() {
        // The second list is the one that shows the new key, after the admin's own.
        scene.turnkey()
                .faults()
                .next(
                        Endpoint.GET_API_KEYS,
                        Fault.delay(Duration.ZERO),
                        Fault.with("/apiKeys/1/expirationSeconds", "7200"));

        assertThat(nightly.run()).containsEntry("expiresAt", "2026-11-23T23:00:00Z");
    }

    @Test
    void nothingStaysPendingOnceItIsCurrent() {
        nightly.run();

        assertThat(nightly.at("AWSCURRENT").versionStages()).containsExactly("AWSCURRENT");
    }

    @Test
    void aSessionThatSomeoneElseEvictedIsReplacedInThatRun() throws Exception {
        Map<String, String> old = nightly.run();
        for (int i = 0; i < 10; i++) {
            nightly.makeSession("somebody's phone " + i);
        }
        assertThat(nightly.sessionKeys().map(ApiKey::id)).doesNotContain(Objects.requireNonNull(old.get("apiKeyId")));

        Map<String, String> created = nightly.run();

        assertThat(created).containsEntry("status", "created");
        assertThat(nightly.sessionKeys().map(ApiKey::id)).contains(created.get("apiKeyId"));
        assertThat(scene.log()).anyMatch(line -> line.contains("does not list the session's key any more"));
    }

    private void theAnswerIsLost() {
        Fault lost = Fault.resetAfterEffect();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, lost, lost, lost, lost);
        nightly.fails("create read-write session: turnkey-unreachable");
        assertThat(nightly.sessionKeys()).hasSize(1);
        scene.turnkey().faults().clear();
    }

    private void theRequestIsLost() {
        Fault lost = Fault.resetBeforeEffect();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, lost, lost, lost, lost);
        nightly.fails("create read-write session: turnkey-unreachable");
        assertThat(nightly.sessionKeys()).isEmpty();
        scene.turnkey().faults().clear();
    }

    private void putAtPending(String id, String text) {
        nightly.secrets()
                .putSecretValue(request -> request.secretId(scene.sessionSecret())
                        .clientRequestToken(id)
                        .secretString(text)
                        .versionStages("AWSPENDING"));
    }
}
