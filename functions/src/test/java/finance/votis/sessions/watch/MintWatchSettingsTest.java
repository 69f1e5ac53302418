package finance.votis.sessions.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Scene;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MintWatchSettingsTest {

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void severalKeysAndGroupsAreRead() {
        String old = scene.world().adminKey().publicKey().compressedHex();
        String now = scene.world().delegateKey().publicKey().compressedHex();

        MintWatchSettings settings =
                MintWatchSettings.read(scene.environmentWith(Map.of("MINT_WATCH_DELEGATE_KEYS", old + "," + now)));

        assertThat(settings.delegateKeys()).containsExactlyInAnyOrder(old, now);
        assertThat(settings.logGroups()).isEqualTo(Scene.LOG_GROUPS);
    }

    @Test
    void everyMistakeIsToldByItsNameAndRuleAndNotItsValue() {
        String key = scene.world().delegateKey().publicKey().compressedHex();
        Map<String, String> wrong = scene.environmentWith(Map.of(
                "MINT_WATCH_CREDENTIAL", "somewhere",
                "MINT_WATCH_ORGANIZATION_ID", "parent",
                "MINT_WATCH_DELEGATE_KEYS", key.substring(2),
                "MINT_WATCH_LOG_GROUPS", "one,,two",
                "MINT_WATCH_REQUESTS_PER_SECOND", "0",
                "MINT_WATCH_PERIOD_MINUTES", "4",
                "MINT_WATCH_DELAY_MINUTES", "61",
                "MINT_WATCH_TURNS", "13"));

        assertThatThrownBy(() -> MintWatchSettings.read(wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("MINT_WATCH_CREDENTIAL must be kms:")
                .hasMessageContaining("MINT_WATCH_ORGANIZATION_ID must be the UUID")
                .hasMessageContaining("MINT_WATCH_DELEGATE_KEYS must be public keys of P-256")
                .hasMessageContaining("MINT_WATCH_LOG_GROUPS must be names of log groups")
                .hasMessageContaining("MINT_WATCH_REQUESTS_PER_SECOND must be a whole number from 1 to 50")
                .hasMessageContaining("MINT_WATCH_PERIOD_MINUTES must be a whole number of minutes from 5 to 60")
                .hasMessageContaining("MINT_WATCH_DELAY_MINUTES must be a whole number of minutes from 0 to 60")
                .hasMessageContaining("MINT_WATCH_TURNS must be a whole number from 1 to 12");
    }
}
