package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import finance.votis.sessions.scene.Mistakes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void everyMistakeIsToldAtOnceByNameAndRuleAndWithoutTheValue() {
        var settings = new Settings(Map.of("A", "4711", "B", "https://user:hunter2@example.com", "C", "kms:1234"));
        settings.seconds("A", 1, 3600);
        settings.endpoint("B");
        settings.credential("C");
        settings.claim("D");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::check)
                .withMessageNotContainingAny("4711", "hunter2", "1234")
                .satisfies(thrown -> assertThat(Mistakes.of(thrown))
                        .containsExactly(
                                "A must be a whole number of seconds from 1 to 3600",
                                "B must be https://host or https://host:port, without a path",
                                "C must be kms:<id, ARN or alias of a key> or secret:<name or ARN of a secret>",
                                "D is missing: it must be the name of a claim: 1 to 256 printable ASCII characters"
                                        + " without spaces"));
    }

    @Test
    void aBlankVariableIsMissing() {
        var settings = new Settings(Map.of("A", "  "));
        settings.seconds("A", 1, 2);

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::check)
                .withMessage("Settings: A is missing: it must be a whole number of seconds from 1 to 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3601", "-1", "+5", "1.0", "1e2", " 5", "5 ", "٣", "9999999999999999999", "0x10"})
    void aNumberIsPlainDigitsWithinItsBounds(String value) {
        var settings = new Settings(Map.of("A", value));
        settings.seconds("A", 1, 3600);

        assertThatExceptionOfType(SettingsException.class).isThrownBy(settings::check);
    }

    @Test
    void valuesComeAsTheirTypes() {
        var settings = new Settings(Map.of(
                "N", "12", "S", "300", "M", "55", "C", "secret:arn:aws:secretsmanager:eu-central-1:1:secret:a-b"));
        var count = settings.count("N", 1, 12);
        var seconds = settings.seconds("S", 1, 3600);
        var minutes = settings.minutes("M", 1, 60);
        var credential = settings.credential("C");
        settings.check();

        assertThat(count.get()).isEqualTo(12);
        assertThat(seconds.get()).isEqualTo(Duration.ofMinutes(5));
        assertThat(minutes.get()).isEqualTo(Duration.ofMinutes(55));
        assertThat(credential.get())
                .isEqualTo(new CredentialPlace.Secret("C", "arn:aws:secretsmanager:eu-central-1:1:secret:a-b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000-0000-4000-8000-000000000001",
                "mrk-1234abcd12ab34cd56ef1234567890ab",
                "alias/turnkey/delegate_1",
                "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000001",
                "arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/delegate"
            })
    void aKeyInKmsIsNamedAsKmsNamesIt(String keyId) {
        var settings = new Settings(Map.of("C", "kms:" + keyId));
        var credential = settings.credential("C");
        settings.check();

        assertThat(credential.get()).isEqualTo(new CredentialPlace.KmsKey("C", keyId));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret:",
                "secret: x",
                "plain",
                "Secret:x",
                "{\"publicKey\":\"\",\"privateKey\":\"\"}",
                "kms:",
                "kms:delegate",
                "kms:alias/",
                "kms:alias/a b",
                "kms:arn:aws:kms:eu-central-1:111122223333:alias",
                "kms:arn:aws:secretsmanager:eu-central-1:111122223333:secret:delegate"
            })
    void aCredentialIsAReferenceAndNeverAValue(String value) {
        var settings = new Settings(Map.of("A", value));
        settings.credential("A");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::check)
                .withMessage("Settings: A must be kms:<id, ARN or alias of a key> or secret:<name or ARN of a secret>");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.turnkey.com, https://api.turnkey.com",
        "https://api.turnkey.com/, https://api.turnkey.com",
        "https://localhost:8443, https://localhost:8443"
    })
    void anEndpointIsHttpsWithoutAPath(String value, URI expected) {
        var settings = new Settings(Map.of("A", value));
        var endpoint = settings.endpoint("A");
        settings.check();

        assertThat(endpoint.get()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080",
                "http://localhost",
                "http://api.turnkey.com",
                "https://a/b",
                "https://a//",
                "https://a?b",
                "https://a#b",
                "https://user@a",
                "ftp://a",
                "//a",
                "a",
                "https://",
                "https:a",
                "https://a b"
            })
    void anythingElseIsNoEndpoint(String value) {
        var settings = new Settings(Map.of("A", value));
        settings.endpoint("A");

        assertThatExceptionOfType(SettingsException.class).isThrownBy(settings::check);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080",
                "http://127.255.0.1",
                "http://localhost:1",
                "http://LOCALHOST",
                "http://[::1]:8080",
                "http://host.docker.internal:4566",
                "http://172.16.0.1",
                "http://172.31.255.255:80"
            })
    void aLocalRunMayUseHttpToThisMachineAndTheContainersHost(String value) {
        var settings = new Settings(Map.of("AWS_SAM_LOCAL", "true", "A", value));
        var endpoint = settings.endpoint("A");
        settings.check();

        assertThat(endpoint.get()).isEqualTo(URI.create(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.turnkey.com",
                "http://172.15.0.1",
                "http://172.32.0.1",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "http://host.docker.internal.example.com",
                "http://10.0.0.1",
                "http://[::2]",
                "http://0.0.0.0",
                "http://169.254.169.254"
            })
    void aLocalRunMayNotUseHttpToAnywhereElse(String value) {
        var settings = new Settings(Map.of("AWS_SAM_LOCAL", "true", "A", value));
        settings.endpoint("A");

        assertThatExceptionOfType(SettingsException.class).isThrownBy(settings::check);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "false", "TRUE", "1", "yes"})
    void onlyTrueIsALocalRun(String flag) {
        var settings = new Settings(Map.of("AWS_SAM_LOCAL", flag, "A", "http://127.0.0.1"));
        settings.endpoint("A");

        assertThatExceptionOfType(SettingsException.class).isThrownBy(settings::check);
    }

    @Test
    void everyEndpointOfAwsIsCheckedAlsoOfServicesThatAreNotUsed() {
        var settings = new Settings(Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL", "http://evil.example.com",
                "AWS_ENDPOINT_URL_KMS", "http://127.0.0.1",
                "AWS_ENDPOINT_URL_STS", "https://sts.example.com/path"));
        settings.aws();

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::check)
                .satisfies(thrown -> assertThat(Mistakes.of(thrown))
                        .extracting(mistake -> mistake.split(" ", 2)[0])
                        .containsExactlyInAnyOrder("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_STS"));
    }

    @Test
    void aServicesOwnEndpointWinsOverTheGeneralOne() {
        var settings = new Settings(Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL", "https://all.amazonaws.com",
                "AWS_ENDPOINT_URL_KMS", "https://vpce-1a-2b.kms.eu-central-1.vpce.amazonaws.com"));
        var aws = settings.aws();
        settings.check();

        assertThat(aws.get())
                .isEqualTo(new AwsPlace(
                        "eu-central-1",
                        Optional.of(URI.create("https://vpce-1a-2b.kms.eu-central-1.vpce.amazonaws.com")),
                        Optional.of(URI.create("https://all.amazonaws.com")),
                        Optional.of(URI.create("https://all.amazonaws.com"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://kms.example.com",
                "https://amazonaws.com.example.com",
                "https://kms.amazonaws.com.example.com",
                "https://evilamazonaws.com",
                "https://amazonaws.com",
                "https://kms.amazonaws.com.de",
                "https://kms-amazonaws.com",
                "https://127.0.0.1"
            })
    void inAnAccountAnEndpointOfAwsIsAHostOfAws(String value) {
        var settings = new Settings(Map.of("AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL_KMS", value));
        settings.aws();

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::check)
                .withMessage("Settings: AWS_ENDPOINT_URL_KMS must be https://host or https://host:port, without a path,"
                        + " where host is under amazonaws.com or amazonaws.com.cn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://kms.eu-central-1.amazonaws.com", "https://KMS.cn-north-1.amazonaws.com.cn:443"})
    void theHostsOfAwsAreTaken(String value) {
        var settings = new Settings(Map.of("AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL_KMS", value));
        var aws = settings.aws();
        settings.check();

        assertThat(aws.get().kms()).contains(URI.create(value));
    }

    @Test
    void inAnAccountThereAreNoEndpoints() {
        var settings = new Settings(Map.of("AWS_REGION", "eu-central-1"));
        var aws = settings.aws();
        settings.check();

        assertThat(aws.get())
                .isEqualTo(new AwsPlace("eu-central-1", Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aRuleOverSettingsIsLeftOutWhereOneOfThemIsAMistake() {
        var settings = new Settings(Map.of("A", "5"));
        var a = settings.seconds("A", 1, 10);
        var b = settings.seconds("B", 1, 10);
        settings.rule(List.of(a), () -> false, () -> "A (5) is odd");
        settings.rule(List.of(a, b), () -> false, () -> "never told");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::check)
                .satisfies(thrown -> assertThat(Mistakes.of(thrown))
                        .containsExactly(
                                "B is missing: it must be a whole number of seconds from 1 to 10", "A (5) is odd"));
    }

    @Test
    void aMistakeCannotBeUsed() {
        var missing = new Settings(Map.of()).seconds("A", 1, 2);

        assertThatIllegalStateException().isThrownBy(missing::get);
    }
}
