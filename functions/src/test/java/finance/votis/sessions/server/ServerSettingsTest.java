package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Mistakes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

    @Test
    void theDefaultsFitTogether() {
        ServerSettings settings = ServerSettings.read(environment(180, 55, 5));

        assertThat(settings.times().lifetime()).isEqualTo(Duration.ofHours(3));
        assertThat(settings.times().reserve()).isEqualTo(Duration.ofMinutes(115));
        assertThat(settings.admin()).isEqualTo(new CredentialPlace.Secret("ADMIN_CREDENTIAL", "admin"));
    }

    @ParameterizedTest
    @CsvSource({"170,55,5", "66,15,1", "125,40,5"})
    void timesOnTheirLimitsFit(long lifetime, long period, long margin) {
        assertThat(ServerSettings.read(environment(lifetime, period, margin))
                        .times()
                        .lifetime())
                .isEqualTo(Duration.ofMinutes(lifetime));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "169|55|5|SERVER_SESSION_LIFETIME_MINUTES (169) must be at least three periods and the margin (3 x 55 + 5 = 170)",
                "80|14|5|SERVER_SESSION_PERIOD_MINUTES (14) must be at least 15",
                "69|15|5|SERVER_SESSION_LIFETIME_MINUTES less two periods and the margin (69 - 2 x 15 - 5 = 34) must be at least 35,"
                        + " the shortest time between renewals",
                "361|15|291|SERVER_SESSION_LIFETIME_MINUTES (361) must be at most 9 times the shortest time between renewals (40),"
                        + " since Turnkey keeps ten expiring keys of a user"
            })
    void timesThatDoNotFitAreToldWithTheirNumbers(long lifetime, long period, long margin, String mistake) {
        assertThat(mistakes(environment(lifetime, period, margin))).containsExactly(mistake);
    }

    @Test
    void allThatDoNotFitAreToldTogether() {
        assertThat(mistakes(environment(20, 10, 5)))
                .containsExactly(
                        "SERVER_SESSION_PERIOD_MINUTES (10) must be at least 15",
                        "SERVER_SESSION_LIFETIME_MINUTES (20) must be at least three periods and the margin (3 x 10 + 5 = 35)",
                        "SERVER_SESSION_LIFETIME_MINUTES less two periods and the margin (20 - 2 x 10 - 5 = -5) must be at"
                                + " least 35, the shortest time between renewals");
    }

    @Test
    void anEmptyEnvironmentNamesEveryVariable() {
        assertThat(mistakes(Map.of()))
                .extracting(mistake -> mistake.split(" ", 2)[0])
                .containsExactly(
                        "TURNKEY_BASE_URL",
                        "AWS_REGION",
                        "SERVER_SESSION",
                        "SERVER_SESSION_ORGANIZATION_ID",
                        "SERVER_SESSION_SECRET",
                        "ADMIN_CREDENTIAL",
                        "CREDENTIAL_TTL_SECONDS",
                        "WRAPPING_KEY",
                        "SERVER_SESSION_LIFETIME_MINUTES",
                        "SERVER_SESSION_PERIOD_MINUTES",
                        "SERVER_SESSION_MARGIN_MINUTES");
    }

    private static List<String> mistakes(Map<String, String> environment) {
        List<String> mistakes = new ArrayList<>();
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> ServerSettings.read(environment))
                .satisfies(thrown -> mistakes.addAll(Mistakes.of(thrown)));
        return mistakes;
    }

    private static Map<String, String> environment(long lifetime, long period, long margin) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", "eu-central-1");
        environment.put("TURNKEY_BASE_URL", "https://api.turnkey.com");
        environment.put("CREDENTIAL_TTL_SECONDS", "300");
        environment.put("SERVER_SESSION", "nightly");
        environment.put("SERVER_SESSION_ORGANIZATION_ID", "00000000-0000-4000-8000-00000000000a");
        environment.put("SERVER_SESSION_SECRET", "nightly");
        environment.put("ADMIN_CREDENTIAL", "secret:admin");
        environment.put("WRAPPING_KEY", "arn:aws:kms:eu-central-1:111122223333:key/1");
        environment.put("SERVER_SESSION_LIFETIME_MINUTES", Long.toString(lifetime));
        environment.put("SERVER_SESSION_PERIOD_MINUTES", Long.toString(period));
        environment.put("SERVER_SESSION_MARGIN_MINUTES", Long.toString(margin));
        return environment;
    }
}
