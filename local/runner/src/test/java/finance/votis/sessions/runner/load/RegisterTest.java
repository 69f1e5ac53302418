package finance.votis.sessions.runner.load;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must hold would be noticed if it did not: against the stand-in's own register, its ten keys among it. */
class RegisterTest {
    private final SecureRandom random = new SecureRandom();
    private final TurnkeyStandIn turnkey = TurnkeyStandIn.builder().start();
    private final String user = turnkey.demo().first().userId();
    private final Told told = new Told();
    private int made;

    @AfterEach
    void close() {
        turnkey.close();
    }

    private P256PublicKey key() {
        try (P256PrivateKey key = P256PrivateKey.generate(random)) {
            return key.publicKey();
        }
    }

    /** At Turnkey, and nobody is told. */
    private String make(P256PublicKey key) {
        String id = turnkey.world().newId();
        turnkey.world().addSessionKey(user, id, "phone", key, Duration.ofMinutes(15));
        made++;
        return id;
    }

    private String makeAndTell() {
        P256PublicKey key = key();
        String id = make(key);
        assertThat(told.made(id, key.compressedHex())).isTrue();
        return id;
    }

    private List<String> broken() {
        return new Register(turnkey.world().apiKeys(user), made).against(told);
    }

    @Test
    void whatWasToldIsThereBesideTheUsersLongLivedKeys() {
        makeAndTell();
        makeAndTell();

        assertThat(turnkey.world().apiKeys(user)).hasSize(3);
        assertThat(broken()).isEmpty();
    }

    @Test
    void endedSessionsAreGone() {
        List<String> ids = new ArrayList<>(List.of(makeAndTell(), makeAndTell(), makeAndTell()));
        turnkey.world().removeApiKey(ids.get(1));
        told.ended(ids.get(1));
        assertThat(broken()).isEmpty();

        turnkey.world().removeApiKey(ids.get(0));
        told.endedAllBut(ids.get(2));
        assertThat(broken()).isEmpty();
        assertThat(told.live()).containsExactly(ids.get(2));
    }

    @Test
    void anEleventhPushesOutTheOldestHereAsThere() {
        for (int i = 0; i < 13; i++) {
            makeAndTell();
        }

        assertThat(broken()).isEmpty();
        assertThat(told.live()).hasSize(10);
        assertThat(told.evictions()).isEqualTo(3);
    }

    @Test
    void aLostOneIsNoticed() {
        String lost = makeAndTell();
        makeAndTell();
        turnkey.world().removeApiKey(lost);

        assertThat(broken())
                .containsExactly(
                        "lost: session " + lost + " is not in the register, and nothing that its phone did ended it");
    }

    @Test
    void aBundleWithAnotherKeyIsNoticed() {
        String id = make(key());
        told.made(id, key().compressedHex());

        assertThat(broken())
                .containsExactly("lost: the bundle of session " + id + " held another key than the register lists");
    }

    @Test
    void aDoubledOneIsNoticedAlsoWhenItIsGoneAgain() {
        makeAndTell();
        String doubled = make(key());
        String count = "doubled or lost: 2 sessions were made at Turnkey, and the phone was told of 1";
        assertThat(broken())
                .containsExactly(
                        "doubled: session " + doubled + " is in the register, and no phone was told of it", count);

        turnkey.world().removeApiKey(doubled);
        assertThat(broken()).containsExactly(count);
    }

    @Test
    void oneThatWasNotEndedIsNoticed() {
        String id = makeAndTell();
        told.ended(id);

        assertThat(broken()).containsExactly("not ended: session " + id + " is still in the register");
    }

    @Test
    void oneSessionForTwoRequestsIsNoticed() {
        String id = makeAndTell();

        assertThat(told.made(id, key().compressedHex())).isFalse();
    }
}
