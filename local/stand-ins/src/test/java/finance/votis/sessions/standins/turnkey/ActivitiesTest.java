package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks 36 to 41 and 54: what becomes of an activity, and what its answer looks like. */
class ActivitiesTest {
    private static final String SESSION = "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2";

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();
    private final Faults faults = scene.turnkey.faults();

    @AfterEach
    void close() {
        scene.close();
    }

    private Phone.Answer send(KeyPair key, String body) throws Exception {
        return scene.phone.post(Endpoint.CREATE_READ_WRITE_SESSION, key, body);
    }

    private Phone.Answer look(Phone.Answer answer) throws Exception {
        return scene.phone.post(
                Endpoint.GET_ACTIVITY,
                ada.userKey(),
                Bodies.query(
                        ada.organizationId(),
                        ",\"activityId\":\"" + answer.activity().path("id").asText() + "\""));
    }

    private static String status(Phone.Answer answer) {
        return answer.activity().path("status").asText();
    }

    private Phone.Answer approve(KeyPair key, String fingerprint) throws Exception {
        return scene.phone.post(
                Endpoint.APPROVE_ACTIVITY,
                key,
                Bodies.envelope(
                        "ACTIVITY_TYPE_APPROVE_ACTIVITY",
                        ada.organizationId(),
                        scene.now(),
                        "{\"fingerprint\":\"" + fingerprint + "\"}"));
    }

    @Test
    void anAnswerLooksLikeTheCapturedOnes() throws Exception {
        String body = scene.sessionBody(ada.organizationId(), ",\"apiKeyName\":\"phone\",\"expirationSeconds\":\"60\"");
        JsonNode activity = send(ada.userKey(), body).activity();

        assertThat(activity.properties().stream().map(member -> member.getKey()))
                .containsExactly(
                        "id",
                        "organizationId",
                        "status",
                        "type",
                        "intent",
                        "result",
                        "votes",
                        "fingerprint",
                        "canApprove",
                        "canReject",
                        "createdAt",
                        "updatedAt",
                        "failure");
        UUID id = UUID.fromString(activity.path("id").asText());
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(scene.now().toEpochMilli());
        assertThat(activity.path("type").asText()).isEqualTo(SESSION);
        assertThat(activity.path("intent")
                        .path("createReadWriteSessionIntentV2")
                        .path("expirationSeconds")
                        .asText())
                .isEqualTo("60");
        JsonNode result = activity.path("result").path("createReadWriteSessionResultV2");
        assertThat(result.properties().stream().map(member -> member.getKey()))
                .containsExactly(
                        "organizationId", "organizationName", "userId", "username", "apiKeyId", "credentialBundle");
        assertThat(result.path("credentialBundle").asText().length()).isIn(115, 116);
        assertThat(activity.path("fingerprint").asText())
                .isEqualTo(Fingerprint.of(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(activity.path("createdAt"))
                .hasToString("{\"seconds\":\"" + scene.now().getEpochSecond() + "\",\"nanos\":\"0\"}");
        assertThat(activity.path("failure").isNull()).isTrue();
    }

    @Test
    void itsVoteIsTheStampOverTheRawBody() throws Exception {
        String body = scene.sessionBody(ada.organizationId(), "") + " ";
        JsonNode vote = send(ada.userKey(), body).activity().path("votes").get(0);

        assertThat(vote.path("message").asText()).isEqualTo(body);
        assertThat(vote.path("user").path("apiKeys").findValuesAsText("publicKey"))
                .contains(ada.userKey().publicKey().compressedHex());
        Stamp stamp = Stamp.of(
                key(vote.path("publicKey").asText()),
                HexFormat.of().parseHex(vote.path("signature").asText()));
        assertThat(stamp.signs(body.getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    private static P256PublicKey key(String hex) throws CryptoException.MalformedKey {
        return P256PublicKey.fromCompressedHex(hex);
    }

    @Test
    void theSameBytesAreTheSameActivity() throws Exception { // check 36
        String body = scene.sessionBody(ada.organizationId(), "");
        Phone.Answer first = send(ada.userKey(), body);
        Phone.Answer again = send(ada.userKey(), body);

        assertThat(again.activity().path("id")).isEqualTo(first.activity().path("id"));
        assertThat(again.result()).isEqualTo(first.result());
        assertThat(scene.world.activities(ada.organizationId(), SESSION)).isEqualTo(1);
        assertThat(send(ada.userKey(), body + " ").activity().path("id"))
                .isNotEqualTo(first.activity().path("id"));
    }

    @Test
    void theSameBytesAreKnownAfterTheirHourUnlessSwitched() throws Exception { // check 36
        String body = scene.sessionBody(ada.organizationId(), "");
        Phone.Answer first = send(ada.userKey(), body);
        scene.advance(Duration.ofHours(2));

        assertThat(send(ada.userKey(), body).activity().path("id"))
                .isEqualTo(first.activity().path("id"));
        faults.switchOn(Switch.STALE_BEFORE_KNOWN);
        assertThat(send(ada.userKey(), body).refusal()).isEqualTo("400 REQUEST_INVALID: bad request body");
    }

    @Test
    void theSameBytesAreAuthenticatedFirst() throws Exception { // check 36
        String body = scene.sessionBody(ada.organizationId(), "");
        send(ada.userKey(), body).result();
        assertThat(send(scene.demo.rootKey(), body).code()).isEqualTo("ORGANIZATION_MISMATCH");
        assertThat(send(KeyPair.generate(scene.random), body).code()).isEqualTo("PUBLIC_KEY_NOT_FOUND");
    }

    @Test
    void anotherUserWithTheSameBytesGetsTheActivityAndChangesNothingOfIt() throws Exception { // check 37
        String body = scene.sessionBody(ada.organizationId(), "");
        Phone.Answer first = send(ada.userKey(), body);
        assertThat(send(scene.demo.delegateKey(), body).activity().path("votes"))
                .isEqualTo(first.activity().path("votes"));
    }

    @Test
    void aPendingActivityIsDoneAfterSoManyLooks() throws Exception { // check 40
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.pending(2));
        String body = scene.sessionBody(ada.organizationId(), "");
        Phone.Answer submitted = send(ada.userKey(), body);

        assertThat(status(submitted)).isEqualTo("ACTIVITY_STATUS_PENDING");
        assertThat(submitted.activity().path("result")).isEmpty();
        assertThat(scene.world.apiKeys(ada.userId())).hasSize(1);
        assertThat(status(look(submitted))).isEqualTo("ACTIVITY_STATUS_PENDING");
        assertThat(status(send(ada.userKey(), body))).isEqualTo("ACTIVITY_STATUS_PENDING");
        assertThat(status(look(submitted))).isEqualTo("ACTIVITY_STATUS_COMPLETED");
        assertThat(scene.world.apiKeys(ada.userId())).hasSize(2);
    }

    @Test
    void aFailedActivityStaysFailed() throws Exception { // check 41
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.failed("INTERNAL", "enclave out of tea"));
        String body = scene.sessionBody(ada.organizationId(), "");
        Phone.Answer answer = send(ada.userKey(), body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(status(answer)).isEqualTo("ACTIVITY_STATUS_FAILED");
        assertThat(answer.activity().path("failure").path("message").asText()).isEqualTo("enclave out of tea");
        assertThat(answer.activity().path("failure").path("details").findValuesAsText("turnkeyErrorCode"))
                .containsExactly("INTERNAL");
        assertThat(status(send(ada.userKey(), body))).isEqualTo("ACTIVITY_STATUS_FAILED");
    }

    @Test
    void anActivityCanEndRejectedOrWaitForAuthenticators() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.rejected(), Fault.authenticatorsNeeded());
        assertThat(status(scene.session(ada.userKey(), ada.organizationId(), "")))
                .isEqualTo("ACTIVITY_STATUS_REJECTED");
        assertThat(status(scene.session(ada.userKey(), ada.organizationId(), "")))
                .isEqualTo("ACTIVITY_STATUS_AUTHENTICATORS_NEEDED");
    }

    @Test
    void anActivityThatNeedsConsensusWaitsForAnotherUsersApproval() throws Exception { // checks 39 and 54
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.consensusNeeded());
        String body = scene.sessionBody(ada.organizationId(), ",\"userId\":\"" + ada.userId() + "\"");
        Phone.Answer submitted = send(scene.demo.delegateKey(), body);
        String fingerprint = submitted.activity().path("fingerprint").asText();

        assertThat(status(submitted)).isEqualTo("ACTIVITY_STATUS_CONSENSUS_NEEDED");
        assertThat(submitted.activity().path("result")).isEmpty();
        assertThat(submitted.activity().path("canApprove").asBoolean()).isFalse();
        assertThat(status(approve(scene.demo.delegateKey(), fingerprint)))
                .as("one's own approval is there already")
                .isEqualTo("ACTIVITY_STATUS_CONSENSUS_NEEDED");
        assertThat(look(submitted).activity().path("canApprove").asBoolean()).isTrue();

        Phone.Answer approved = approve(ada.userKey(), fingerprint);
        assertThat(approved.activity().path("id"))
                .isEqualTo(submitted.activity().path("id"));
        assertThat(approved.result().path("userId").asText()).isEqualTo(ada.userId());
        assertThat(approved.activity().path("votes")).hasSize(2);
    }

    @Test
    void twoRootUsersMakeAQuorumWithTheSameBytes() throws Exception { // checks 37 to 39
        KeyPair other = KeyPair.generate(scene.random);
        String otherId = scene.world.newId();
        scene.world.addUser(ada.organizationId(), otherId, "Bob");
        scene.world.addApiKey(otherId, "bob", other.publicKey());
        scene.world.setRootQuorum(ada.organizationId(), 2, Set.of(ada.userId(), otherId));
        String body = scene.sessionBody(ada.organizationId(), ",\"userId\":\"" + otherId + "\"");

        assertThat(status(send(ada.userKey(), body))).isEqualTo("ACTIVITY_STATUS_CONSENSUS_NEEDED");
        assertThat(status(send(ada.userKey(), body))).isEqualTo("ACTIVITY_STATUS_CONSENSUS_NEEDED");
        assertThat(send(other, body).result().path("userId").asText()).isEqualTo(otherId);
    }

    @Test
    void aPolicyThatAsksTwoUsersWaitsForTheSecond() throws Exception { // check 39
        String colleagueId = scene.world.newId();
        KeyPair colleague = KeyPair.generate(scene.random);
        scene.world.addUser(ada.organizationId(), colleagueId, "Colleague");
        scene.world.addApiKey(colleagueId, "desk", colleague.publicKey());
        scene.world.addPolicy(ada.organizationId(), """
                {"policyName":"four eyes","effect":"EFFECT_ALLOW",
                 "consensus":"approvers.any(u, u.id == '%s') && approvers.any(u, u.id == '%s')",
                 "condition":"activity.kind == 'DELETE_API_KEYS'"}""".formatted(colleagueId, ada.userId()));
        String key = scene.world.apiKeys(ada.userId()).getFirst().id();
        Phone.Answer submitted = scene.submit(
                ActivityType.DELETE_API_KEYS,
                colleague,
                ada.organizationId(),
                "{\"userId\":\"" + ada.userId() + "\",\"apiKeyIds\":[\"" + key + "\"]}");

        assertThat(status(submitted)).isEqualTo("ACTIVITY_STATUS_CONSENSUS_NEEDED");
        assertThat(status(approve(
                        ada.userKey(), submitted.activity().path("fingerprint").asText())))
                .isEqualTo("ACTIVITY_STATUS_COMPLETED");
    }

    @Test
    void anApprovalLapsesAfterADay() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.consensusNeeded());
        Phone.Answer submitted = scene.session(ada.userKey(), ada.organizationId(), "");
        String fingerprint = submitted.activity().path("fingerprint").asText();
        scene.advance(Duration.ofHours(24));

        assertThat(status(approve(scene.demo.delegateKey(), fingerprint)))
                .isEqualTo("ACTIVITY_STATUS_CONSENSUS_NEEDED");
        assertThat(status(approve(ada.userKey(), fingerprint))).isEqualTo("ACTIVITY_STATUS_COMPLETED");
    }

    @Test
    void whatIsGoneWhenAnActivityIsApprovedMakesItFail() throws Exception {
        KeyPair spare = KeyPair.generate(scene.random);
        String spareId = scene.world.addApiKey(ada.userId(), "spare", spare.publicKey());
        faults.next(Endpoint.DELETE_API_KEYS, Fault.consensusNeeded());
        Phone.Answer submitted = scene.submit(
                ActivityType.DELETE_API_KEYS,
                ada.userKey(),
                ada.organizationId(),
                "{\"userId\":\"" + ada.userId() + "\",\"apiKeyIds\":[\"" + spareId + "\"]}");
        scene.world.removeApiKey(spareId);

        Phone.Answer approved = approve(
                scene.demo.delegateKey(),
                submitted.activity().path("fingerprint").asText());
        assertThat(status(approved)).isEqualTo("ACTIVITY_STATUS_FAILED");
        assertThat(approved.activity().path("failure").path("message").asText()).isEqualTo("api key not found");
    }

    @Test
    void nothingIsApprovedThatDoesNotExist() throws Exception { // check 54
        assertThat(approve(ada.userKey(), "sha256:" + "0".repeat(64)).refusal())
                .isEqualTo("404: No activity found with fingerprint. Consensus activities must target an existing"
                        + " activity by fingerprint");
    }

    @Test
    void everyObjectCanHaveAMemberThatNobodyKnows() throws Exception {
        faults.switchOn(Switch.UNKNOWN_MEMBERS_IN_ANSWERS);
        JsonNode activity =
                scene.session(ada.userKey(), ada.organizationId(), "").activity();
        assertThat(activity.has("addedByANewerVersion")).isTrue();
        assertThat(activity.path("createdAt").has("addedByANewerVersion")).isTrue();
        assertThat(activity.path("votes").get(0).path("user").has("addedByANewerVersion"))
                .isTrue();
        assertThat(activity.path("result")).hasSize(1);

        faults.switchOff(Switch.UNKNOWN_MEMBERS_IN_ANSWERS);
        JsonNode later = scene.phone
                .post(Endpoint.LIST_ACTIVITIES, ada.userKey(), Bodies.query(ada.organizationId()))
                .body();
        assertThat(later.toString()).doesNotContain("addedByANewerVersion");
    }
}
