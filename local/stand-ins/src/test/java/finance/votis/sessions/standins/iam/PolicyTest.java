package finance.votis.sessions.standins.iam;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy cannot say, or says and would be passed over, is refused by its name. */
class PolicyTest {
    private static final String IDENTITY = "{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*'}";
    private static final String KEY =
            "{'Effect':'Allow','Principal':{'AWS':'111122223333'},'Action':'kms:Decrypt','Resource':'*'}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'Action'    | 'NotAction'      | NotAction is not played here",
                "'Resource'  | 'NotResource'    | NotResource is not played here",
                "'Effect'    | 'Conditon':{},'Effect' | Conditon is not played here",
                "'Effect'    | 'Principal':'*','Effect' | Principal is not played here",
                "'Allow'     | 'allow'          | Effect is Allow or Deny",
                "kms:Decrypt | Decrypt          | an Action is service:Name",
                "'*'         | 'key/1'          | a Resource is an ARN or *",
                "'*'         | 'arn:aws:kms:*:*:key/${aws:username}' | policy variables are not played here",
                "'*'         | []               | Resource is an empty list",
            })
    void ofAnIdentity(String part, String instead, String rule) {
        assertRefused(Policy::ofIdentity, IDENTITY.replace(part, instead), rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'Principal'            | 'NotPrincipal' | NotPrincipal is not played here",
                "'AWS':'111122223333'   | 'Federated':'cognito-identity.amazonaws.com' | Federated is not played here",
                "111122223333           | arn:aws:iam::111122223333:role/* | a Principal is an account, the ARN of a role or user, or a service",
                "{'AWS':'111122223333'} | {} | a Principal is * or an object",
            })
    void ofAKey(String part, String instead, String rule) {
        assertRefused(Policy::ofKey, KEY.replace(part, instead), rule);
    }

    @Test
    void aTrustPolicyHasNoResource() {
        assertRefused(Policy::ofTrust, KEY, "Resource is not played here");
    }

    @Test
    void theWholeIsCheckedAsWell() {
        assertThatCode(() -> Policy.ofIdentity(document(IDENTITY))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Policy.ofIdentity("{")).hasMessage("a policy is JSON");
        assertThatThrownBy(() -> Policy.ofIdentity(document(IDENTITY).replace("2012-10-17", "2008-10-17")))
                .hasMessageStartingWith("Version is 2012-10-17");
        assertThatThrownBy(() -> Policy.ofIdentity("{\"Version\":\"2012-10-17\",\"Statement\":[]}"))
                .hasMessage("a policy has a Statement");
    }

    private static void assertRefused(Function<String, Policy> kind, String statement, String rule) {
        assertThatThrownBy(() -> kind.apply(document(statement)))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessage(rule);
    }

    private static String document(String statement) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":" + statement.replace('\'', '"') + "}";
    }
}
