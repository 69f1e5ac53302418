package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Check 38: the order of evaluation. */
class PoliciesTest {
    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    private void policy(String effect, String condition) {
        scene.world.addPolicy(ada.organizationId(), """
                {"policyName":"p","effect":"%s","condition":"%s"}""".formatted(effect, condition));
    }

    private int delegatesSession() throws Exception {
        return scene.session(scene.demo.delegateKey(), ada.organizationId(), ",\"userId\":\"" + ada.userId() + "\"")
                .status();
    }

    @Test
    void aDenialWinsOverEveryAllowanceButRootQuorum() throws Exception {
        assertThat(delegatesSession()).isEqualTo(200);
        policy("EFFECT_DENY", "activity.kind == 'CREATE_READ_WRITE_SESSION'");
        assertThat(delegatesSession()).isEqualTo(403);
        assertThat(scene.session(ada.userKey(), ada.organizationId(), "").status())
                .isEqualTo(200);
    }

    @Test
    void aDenialWinsOverOnesOwnCredentials() throws Exception {
        policy("EFFECT_DENY", "activity.kind == 'CREATE_READ_ONLY_SESSION'");
        assertThat(scene.submit(
                                ActivityType.CREATE_READ_ONLY_SESSION,
                                scene.demo.delegateKey(),
                                ada.organizationId(),
                                "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aSessionShowsPoliciesNoUser() throws Exception {
        // Neither allows: the field is missing for this activity.
        scene.turnkey.faults().switchOn(Switch.OWN_SESSION_NEEDS_POLICY);
        scene.world.addPolicy(scene.demo.parentId(), """
                {"policyName":"p","effect":"EFFECT_ALLOW","condition":"activity.params.user_id == '%s'"}""".formatted(scene.demo.adminUserId()));
        assertThat(scene.session(
                                scene.demo.adminKey(),
                                scene.demo.parentId(),
                                ",\"userId\":\"" + scene.demo.adminUserId() + "\"")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aDenialThatCannotBeEvaluatedDenies() throws Exception {
        policy("EFFECT_DENY", "activity.params.user_id == 'x'");
        assertThat(delegatesSession()).isEqualTo(403);
    }
}
