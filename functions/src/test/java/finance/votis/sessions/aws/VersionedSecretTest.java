package finance.votis.sessions.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Fault;
import finance.votis.sessions.standins.aws.Operation;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionedSecretTest {

    private static final String FIRST = "1".repeat(64);
    private static final String SECOND = "2".repeat(64);

    private final Scene scene = new Scene();
    private final Deadline ample = Deadline.after(Scene.AMPLE);
    private final VersionedSecret secret = new VersionedSecret(
            new AwsClients(new AwsPlace(
                    scene.aws().region(),
                    Optional.of(scene.aws().url()),
                    Optional.of(scene.aws().url()),
                    Optional.empty())),
            scene.sessionSecret());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aVersionIsPutIfThereIsNoneOfItsId() {
        assertThat(secret.pending(ample)).isEmpty();

        assertThat(secret.putPending(FIRST, "a", ample)).isTrue();
        assertThat(secret.putPending(FIRST, "a", ample)).isTrue();
        assertThat(secret.putPending(FIRST, "b", ample)).isFalse();

        VersionedSecret.Version pending = secret.pending(ample).orElseThrow();
        assertThat(pending.id()).isEqualTo(FIRST);
        assertThat(pending.text()).isEqualTo("a");
        assertThat(pending.toString()).doesNotContain("text");
        assertThat(secret.current(ample).text()).isEqualTo("{\"state\":\"none\"}");
    }

    @Test
    void aPutWhoseAnswerIsLostIsRepeatedByTheSdkAndStands() {
        scene.aws().faults().next(Operation.PUT_SECRET_VALUE, new Fault.ResetAfter());

        assertThat(secret.putPending(FIRST, "a", ample)).isTrue();
    }

    @Test
    void currentMovesOnlyFromWhereItWasSeen() {
        String seen = secret.current(ample).id();
        secret.putPending(FIRST, "a", ample);
        secret.putPending(SECOND, "b", ample);

        assertThat(secret.makeCurrent(FIRST, seen, ample)).isTrue();
        assertThat(secret.makeCurrent(SECOND, seen, ample)).isFalse();

        assertThat(secret.current(ample).id()).isEqualTo(FIRST);
    }

    @Test
    void aMoveWhoseAnswerIsLostIsRepeatedByTheSdkAndStands() {
        String seen = secret.current(ample).id();
        secret.putPending(FIRST, "a", ample);
        scene.aws().faults().next(Operation.UPDATE_SECRET_VERSION_STAGE, new Fault.ResetAfter());

        assertThat(secret.makeCurrent(FIRST, seen, ample)).isTrue();
    }

    @Test
    void pendingIsTakenOffAndMayBeGoneAlready() {
        secret.putPending(FIRST, "a", ample);

        secret.takeOffPending(FIRST, ample);
        secret.takeOffPending(FIRST, ample);

        assertThat(secret.pending(ample)).isEmpty();
    }

    @Test
    void aRefusalOfAwsIsNamedByItsCodeAlone() {
        scene.aws().faults().next(Operation.PUT_SECRET_VALUE, new Fault.AccessDenied());

        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> secret.putPending(FIRST, "a", ample))
                .withMessage("PutSecretValue of " + scene.sessionSecret() + " did not work: AccessDeniedException");
    }
}
