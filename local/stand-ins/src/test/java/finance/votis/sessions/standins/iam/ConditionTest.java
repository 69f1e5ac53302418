package finance.votis.sessions.standins.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators as the IAM User Guide documents them. */
class ConditionTest {
    private static final String ARN = "arn:aws:sns:eu-central-1:111122223333:alarms";

    @ParameterizedTest
    @CsvSource({
        // operator, policy's value, value in the request or nothing, holds
        "StringEquals, DIGEST, DIGEST, true",
        "StringEquals, DIGEST, digest, false",
        "StringEquals, DIG*, DIGEST, false",
        "StringEquals, DIGEST, , false",
        "StringEqualsIfExists, DIGEST, , true",
        "StringEqualsIfExists, DIGEST, RAW, false",
        "StringNotEquals, DIGEST, RAW, true",
        "StringNotEquals, DIGEST, DIGEST, false",
        "StringNotEquals, DIGEST, , true",
        "StringEqualsIgnoreCase, DIGEST, digest, true",
        "StringNotEqualsIgnoreCase, DIGEST, digest, false",
        "StringLike, DIG*, DIGEST, true",
        "StringLike, D?GEST, DIGEST, true",
        "StringLike, DIG*, , false",
        "StringLike, dig*, DIGEST, false",
        "StringNotLike, DIG*, DIGEST, false",
        "StringNotLike, DIG*, , true",
        "Null, true, , true",
        "Null, true, DIGEST, false",
        "Null, false, DIGEST, true",
        "Null, false, , false",
    })
    void ofOneValue(String operator, String wanted, String given, boolean holds) {
        Map<String, List<String>> context = given == null ? Map.of() : Map.of("kms:MessageType", List.of(given));

        assertThat(holds(operator, "kms:MessageType", List.of(wanted), context)).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "ArnEquals, arn:aws:sns:eu-central-1:111122223333:alarms, true",
        "ArnEquals, arn:aws:sns:*:111122223333:al*, true",
        "ArnLike, arn:aws:sns:*:*:alarm?, true",
        "ArnLike, arn:aws:sns:*alarms, false",
        "ArnLike, arn:aws:sqs:*:*:*, false",
        "ArnNotLike, arn:aws:sns:*:*:alarms, false",
        "ArnNotEquals, arn:aws:sns:*:*:other, true",
    })
    void ofAnArn(String operator, String wanted, boolean holds) {
        assertThat(holds(operator, "aws:SourceArn", List.of(wanted), Map.of("aws:SourceArn", List.of(ARN))))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        // operator, names in the request's encryption context, holds for the policy's "app" and "session"
        "ForAllValues:StringEquals, app, true",
        "ForAllValues:StringEquals, app+session, true",
        "ForAllValues:StringEquals, app+other, false",
        "ForAllValues:StringEquals, , true",
        "ForAnyValue:StringEquals, app+other, true",
        "ForAnyValue:StringEquals, other, false",
        "ForAnyValue:StringEquals, APP, false",
        "ForAnyValue:StringEquals, , false",
        "ForAnyValue:StringEqualsIfExists, , true",
        "ForAnyValue:StringLike, session, true",
        "ForAllValues:StringNotEquals, other, true",
        "ForAllValues:StringNotEquals, app+other, false",
        "ForAnyValue:StringNotEquals, app+other, true",
        "ForAnyValue:StringNotEquals, app, false",
    })
    void ofSeveralValues(String operator, String given, boolean holds) {
        String key = "kms:EncryptionContextKeys";
        Map<String, List<String>> context = given == null ? Map.of() : Map.of(key, List.of(given.split("\\+", -1)));

        assertThat(holds(operator, key, List.of("app", "session"), context)).isEqualTo(holds);
    }

    @Test
    void severalValuesOfThePolicyAreAlternativesAndUnderANegationNoneMayMatch() {
        Map<String, List<String>> context = Map.of("kms:MessageType", List.of("RAW"));

        assertThat(holds("StringEquals", "kms:MessageType", List.of("DIGEST", "RAW"), context))
                .isTrue();
        assertThat(holds("StringNotEquals", "kms:MessageType", List.of("DIGEST", "RAW"), context))
                .isFalse();
    }

    @Test
    void namesOfKeysAreTakenWithoutCaseAndValuesWithIt() {
        Policy policy = Policy.ofIdentity("""
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":\
                {"StringEquals":{"kms:encryptioncontext:APP":"sessions"},"Bool":{"aws:SecureTransport":true}}}}""");

        assertThat(policy.allows(request(Map.of("kms:EncryptionContext:app", List.of("sessions")))))
                .isTrue();
        assertThat(policy.allows(request(Map.of("kms:EncryptionContext:app", List.of("Sessions")))))
                .isFalse();
        assertThat(policy.allows(request(Map.of()))).isFalse();
        // Two pairs of one name but for case: both have to be as the policy says.
        assertThat(policy.allows(request(new TreeMap<>(Map.of(
                        "kms:EncryptionContext:app", List.of("sessions"),
                        "kms:EncryptionContext:App", List.of("other"))))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DateLessThan", "NumericEquals", "IpAddress", "stringEquals", "ForAllValues:Null", "NullIfExists"
            })
    void anOperatorThatIsNotPlayedIsRefused(String operator) {
        assertThatThrownBy(() -> Condition.of(operator, "kms:MessageType", List.of("true")))
                .isInstanceOf(MalformedPolicyException.class);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> Condition.of("StringEquals", "kms:MesageType", List.of("RAW")))
                .hasMessage("the condition key kms:MesageType is not played here");
        assertThatThrownBy(() -> Condition.of("StringEquals", "kms:EncryptionContextKeys", List.of("app")))
                .hasMessage("kms:EncryptionContextKeys has several values and needs ForAllValues or ForAnyValue");
        assertThatThrownBy(() -> Condition.of("Bool", "aws:SecureTransport", List.of("yes")))
                .hasMessage("Bool takes true or false");
    }

    private static boolean holds(String operator, String key, List<String> wanted, Map<String, List<String>> context) {
        return Condition.of(operator, key, wanted).holds(context);
    }

    private static AccessRequest request(Map<String, List<String>> context) {
        return new AccessRequest(
                Caller.session("arn:aws:iam::111122223333:role/ExampleRole", "job"),
                "kms:Decrypt",
                "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                context);
    }
}
