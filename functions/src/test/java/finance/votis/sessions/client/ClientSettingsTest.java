package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Mistakes;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {

    @Test
    void lifetimesThatDoNotFitAreToldWithTheirNumbers() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION", "eu-central-1",
                "TURNKEY_BASE_URL", "https://api.turnkey.com",
                "CREDENTIAL_TTL_SECONDS", "300",
                "DELEGATE_CREDENTIAL", "secret:delegate",
                "ORGANIZATION_CLAIM", "o",
                "USER_CLAIM", "u",
                "EXPIRATION_SECONDS_DEFAULT", "30",
                "EXPIRATION_SECONDS_MIN", "60",
                "EXPIRATION_SECONDS_MAX", "20"));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> ClientSettings.read(environment))
                .withMessage("Settings: EXPIRATION_SECONDS_MIN (60), EXPIRATION_SECONDS_DEFAULT (30) and"
                        + " EXPIRATION_SECONDS_MAX (20) must not decrease in this order");
    }

    @Test
    void anEmptyEnvironmentNamesEveryVariable() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> ClientSettings.read(Map.of()))
                .satisfies(thrown -> assertThat(Mistakes.of(thrown))
                        .extracting(mistake -> mistake.split(" ", 2)[0])
                        .containsExactly(
                                "TURNKEY_BASE_URL",
                                "AWS_REGION",
                                "DELEGATE_CREDENTIAL",
                                "CREDENTIAL_TTL_SECONDS",
                                "ORGANIZATION_CLAIM",
                                "USER_CLAIM",
                                "EXPIRATION_SECONDS_DEFAULT",
                                "EXPIRATION_SECONDS_MIN",
                                "EXPIRATION_SECONDS_MAX"));
    }
}
