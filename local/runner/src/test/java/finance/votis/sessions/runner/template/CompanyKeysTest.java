package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
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
        Deployment deployment = Template.parse("template.yaml", Checkout.template(), Checkout.root())
                .with(
                        Map.of(
                                "DeployBackendStampedRoutes",
                                routes,
                                "DelegateCredentialKind",
                                kind,
                                "BothDelegateCredentials",
                                both,
                                "JwtIssuer",
                                "https://issuer.example",
                                "JwtAudience",
                                "app",
                                "NightlyOrganizationId",
                                "00000000-0000-4000-8000-000000000001"),
                        Map.of(
                                "AWS::Region",
                                "eu-central-1",
                                "AWS::Partition",
                                "aws",
                                "AWS::AccountId",
                                "111122223333",
                                "AWS::URLSuffix",
                                "amazonaws.com"));

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
}
