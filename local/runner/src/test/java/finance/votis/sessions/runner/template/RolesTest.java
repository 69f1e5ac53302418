package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every role of the template keeps to, and which policies this machine refuses to play. */
class RolesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"kms, kms", "secret, delegate", "secret, secret"})
    void noStatementOfARoleIsAboutMoreThanWhatItNames(String kind, String sessionsStampedBy) throws Exception {
        List<RoleResource> roles = deployment(
                        Checkout.template(),
                        Map.of(
                                "DelegateCredentialKind", kind,
                                "NightlyAdminCredentialKind", kind,
                                "SessionsStampedBy", sessionsStampedBy))
                .roles(RolesTest::arn);

        assertThat(roles).isNotEmpty();
        for (RoleResource role : roles) {
            for (String policy : role.policies()) {
                for (JsonNode statement : JSON.readTree(policy).path("Statement")) {
                    assertThat(texts(statement.path("Resource")))
                            .as("%s: %s", role.logicalId(), statement)
                            .isNotEmpty()
                            .noneMatch(resource -> resource.matches(".*[*?].*"));
                    assertThat(texts(statement.path("Action")))
                            .as("%s: %s", role.logicalId(), statement)
                            .isNotEmpty()
                            .noneMatch(action -> action.matches(".*[*?].*"));
                }
            }
        }
    }

    /** X-Ray knows no resource to name (AWS docs: Service Authorization Reference). Off by default, and the only such statement. */
    @Test
    void onlyATraceIsBoundToNoResource() throws Exception {
        List<RoleResource> roles =
                deployment(Checkout.template(), Map.of("Tracing", "true")).roles(RolesTest::arn);

        assertThat(roles).isNotEmpty();
        for (RoleResource role : roles) {
            List<JsonNode> wide = new ArrayList<>();
            for (String policy : role.policies()) {
                for (JsonNode statement : JSON.readTree(policy).path("Statement")) {
                    if (texts(statement.path("Resource")).stream().anyMatch(resource -> resource.matches(".*[*?].*"))) {
                        wide.add(statement);
                    }
                }
            }
            assertThat(wide)
                    .as(role.logicalId())
                    .singleElement()
                    .satisfies(statement -> assertThat(texts(statement.path("Action")))
                            .containsExactlyInAnyOrder("xray:PutTraceSegments", "xray:PutTelemetryRecords"));
        }
    }

    @Test
    void aKeysPolicyIsAboutTheKeyItself() throws Exception {
        Map<String, String> policies = deployment(Checkout.template(), Map.of()).keyPolicies(RolesTest::arn);

        assertThat(policies).isNotEmpty();
        for (Map.Entry<String, String> policy : policies.entrySet()) {
            for (JsonNode statement : JSON.readTree(policy.getValue()).path("Statement")) {
                assertThat(texts(statement.path("Resource")))
                        .as(policy.getKey())
                        .containsExactly("*");
            }
        }
    }

    @Test
    void theWatchsSecretIsReadByTheWatchAloneAndTheWatchReadsNoOther() throws Exception {
        List<RoleResource> roles = deployment(
                        Checkout.template(),
                        Map.of(
                                "MintWatch", "secret",
                                "MintWatchOrganizationId", "00000000-0000-4000-8000-000000000002",
                                "MintWatchDelegateKeys", "02" + "0".repeat(64),
                                "DelegateCredentialKind", "secret",
                                "NightlyAdminCredentialKind", "secret",
                                "SessionsStampedBy", "secret"))
                .roles(RolesTest::arn);

        assertThat(roles)
                .filteredOn(role -> role.policies().toString().contains("MintWatchCredentialSecret"))
                .singleElement()
                .satisfies(watch -> {
                    assertThat(watch.logicalId()).isEqualTo("MintWatchRole");
                    assertThat(watch.policies().toString().split("Secret\\.", -1))
                            .hasSize(2);
                });
    }

    @Test
    void unlessItIsAskedForThereIsNoWatch() throws Exception {
        assertThat(deployment(Checkout.template(), Map.of()).functionIds()).doesNotContain("MintWatchFunction");
    }

    @Test
    void aPolicyThatCannotBePlayedIsToldWithItsPlace() throws Exception {
        String template = Checkout.template();

        assertThatThrownBy(() -> deployment(
                                template.replaceFirst("Action: (\\[logs:CreateLogStream)", "NotAction: $1"), Map.of())
                        .roles(RolesTest::arn))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template.yaml:")
                .hasMessageContaining("NotAction is not played here");
        assertThatThrownBy(() -> deployment(
                                template.replaceFirst(
                                        "(?m)^( +)Policies:\n", "$1ManagedPolicyArns: [x]\n$1Policies:\n"),
                                Map.of())
                        .roles(RolesTest::arn))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("ManagedPolicyArns is not known here");
    }

    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            texts.add(one.asText());
        }
        return texts;
    }

    private static Optional<String> arn(String logicalId, String attribute) {
        return Optional.of("arn:aws:iam::111122223333:role/" + logicalId + "." + attribute);
    }

    private static Deployment deployment(String template, Map<String, String> chosen) throws Exception {
        Map<String, String> parameters = new HashMap<>(Map.of(
                "DeployBackendStampedRoutes",
                "true",
                "JwtIssuer",
                "https://issuer.example",
                "JwtAudience",
                "app",
                "NightlyOrganizationId",
                "00000000-0000-4000-8000-000000000001"));
        parameters.putAll(chosen);
        return Template.parse("template.yaml", template, Checkout.root())
                .with(
                        parameters,
                        Map.of(
                                "AWS::Region", "eu-central-1",
                                "AWS::Partition", "aws",
                                "AWS::AccountId", "111122223333",
                                "AWS::StackName", "s",
                                "AWS::URLSuffix", "amazonaws.com"));
    }
}
