package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the delegate's key lies: what the stack has for it, and what its functions are told. */
class CompanyKeysTest {

    @ParameterizedTest
    @CsvSource({
        // routes, kind, both | signing key, secret
        "true, kms, false, true, false",
        "true, secret, false, false, true",
        "true, secret, true, true, true",
        "true, kms, true, true, true",
        "false, kms, false, false, false",
        "false, secret, true, false, false",
    })
    void theStackHasWhatItsParametersSay(
            String routes, String kind, String both, boolean hasSigningKey, boolean hasSecret) throws Exception {
        Deployment deployment = deployment(Map.of(
                "DeployBackendStampedRoutes", routes, "DelegateCredentialKind", kind, "BothDelegateCredentials", both));

        assertThat(deployment.hasOutput("DelegateSigningKeyArn")).isEqualTo(hasSigningKey);
        assertThat(deployment.hasOutput("DelegateCredentialSecretArn")).isEqualTo(hasSecret);
        assertThat(deployment.keys())
                .filteredOn(key -> key.logicalId().equals("DelegateSigningKey"))
                .hasSize(hasSigningKey ? 1 : 0);
        assertThat(deployment.secrets())
                .filteredOn(secret -> secret.logicalId().equals("DelegateCredentialSecret"))
                .hasSize(hasSecret ? 1 : 0);
        assertThat(deployment.functions((id, attribute) -> Optional.of(id)))
                .filteredOn(function -> function.environment().containsKey("DELEGATE_CREDENTIAL"))
                .hasSize(routes.equals("true") ? 2 : 0)
                .allSatisfy(function -> assertThat(function.environment())
                        .containsEntry(
                                "DELEGATE_CREDENTIAL",
                                kind.equals("kms") ? "kms:DelegateSigningKey" : "secret:DelegateCredentialSecret"));
    }

    @ParameterizedTest
    @CsvSource({
        // routes, stamped by, delegate's kind | credential, its own key, its own secret
        "true, delegate, kms, kms:DelegateSigningKey, false, false",
        "true, delegate, secret, secret:DelegateCredentialSecret, false, false",
        "true, kms, secret, kms:SessionsSigningKey, true, false",
        "true, secret, kms, secret:SessionsCredentialSecret, false, true",
        "false, kms, kms, kms:SessionsSigningKey, true, false",
        "false, secret, kms, secret:SessionsCredentialSecret, false, true",
        "false, delegate, kms, , false, false",
    })
    void sessionsAreKeptByTheDelegateOrByAUserOfTheirOwn(
            String routes, String stampedBy, String kind, String credential, boolean hasKey, boolean hasSecret)
            throws Exception {
        Deployment deployment = deployment(Map.of(
                "DeployBackendStampedRoutes", routes, "SessionsStampedBy", stampedBy, "DelegateCredentialKind", kind));

        assertThat(deployment.functions((id, attribute) -> Optional.of(id)))
                .filteredOn(function -> function.handlerClass().equals("SessionsFunction"))
                .hasSize(credential == null ? 0 : 1)
                .allSatisfy(function ->
                        assertThat(function.environment()).containsEntry("SESSIONS_CREDENTIAL", credential));
        assertThat(deployment.hasOutput("SessionsSigningKeyArn")).isEqualTo(hasKey);
        assertThat(deployment.hasOutput("SessionsCredentialSecretArn")).isEqualTo(hasSecret);
    }

    private static Deployment deployment(Map<String, String> chosen) throws Exception {
        Map<String, String> parameters = new HashMap<>(Map.of(
                "JwtIssuer",
                "https://issuer.example",
                "JwtAudience",
                "app",
                "NightlyOrganizationId",
                "00000000-0000-4000-8000-000000000001"));
        parameters.putAll(chosen);
        return Template.parse("template.yaml", Checkout.template(), Checkout.root())
                .with(
                        parameters,
                        Map.of(
                                "AWS::Region",
                                "eu-central-1",
                                "AWS::Partition",
                                "aws",
                                "AWS::AccountId",
                                "111122223333",
                                "AWS::StackName",
                                "s",
                                "AWS::URLSuffix",
                                "amazonaws.com"));
    }
}
