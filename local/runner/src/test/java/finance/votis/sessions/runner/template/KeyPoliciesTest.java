package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what with a key of the template: its policy is read as KMS reads it, and nothing else may grant. */
class KeyPoliciesTest {
    private static final String ORGANIZATION = "00000000-0000-4000-8000-000000000001";
    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String JOB = "arn:aws:iam::111122223333:role/report";
    private static final String OTHER_JOB = "arn:aws:iam::111122223333:role/other";
    private static final Map<String, String> STAMP =
            Map.of("kms:SigningAlgorithm", "ECDSA_SHA_256", "kms:MessageType", "DIGEST");

    private Value.Fields resources;
    private Resolver resolver;

    @BeforeEach
    void read() throws Exception {
        read(Map.of("NightlyOrganizationId", ORGANIZATION, "NightlyJobRoles", JOB + "," + OTHER_JOB));
    }

    private void read(Map<String, String> given) throws Exception {
        Value.Fields root = YamlReader.read("template.yaml", Checkout.template());
        resources = section(root, "Resources");
        Map<String, Value> parameters = new HashMap<>();
        for (Map.Entry<String, Value> parameter :
                section(root, "Parameters").fields().entrySet()) {
            Value.Fields declaration = parameter.getValue().asFields();
            String value = given.getOrDefault(
                    parameter.getKey(), Members.text(declaration, "Default").orElse("true"));
            parameters.put(
                    parameter.getKey(),
                    Members.text(declaration, "Type").orElse("").equals("CommaDelimitedList")
                            ? new Value.Items(
                                    declaration.place(),
                                    List.of(value.split(",", -1)).stream()
                                            .<Value>map(item -> new Value.Text(declaration.place(), item))
                                            .toList())
                            : new Value.Text(declaration.place(), value));
        }
        resolver = new Resolver(
                parameters,
                Map.of("AWS::Partition", "aws", "AWS::AccountId", "111122223333"),
                section(root, "Conditions").fields(),
                resources.fields().keySet(),
                (id, attribute) -> Optional.of(id));
    }

    private static Value.Fields section(Value.Fields root, String name) throws TemplateException {
        return Members.required(root, name).asFields();
    }

    private record Statement(List<String> principals, List<String> actions, Map<String, List<String>> conditions) {

        boolean allows(String action, Map<String, String> context) {
            return actions.contains(action)
                    && conditions.entrySet().stream()
                            .allMatch(condition ->
                                    condition.getValue().contains(context.getOrDefault(condition.getKey(), "")));
        }
    }

    private List<Statement> policy(String key) throws TemplateException {
        Value.Fields properties = section(Members.required(resources, key).asFields(), "Properties");
        Value.Fields policy = section(properties, "KeyPolicy");
        List<Statement> statements = new ArrayList<>();
        for (Value one : resolver.resolve(Members.required(policy, "Statement"))
                .orElseThrow()
                .asItems()) {
            Value.Fields statement = one.asFields();
            Members.require(statement, Set.of("Sid", "Effect", "Principal", "Action", "Resource", "Condition"));
            assertThat(Members.text(statement, "Effect")).contains("Allow");
            Map<String, List<String>> conditions = new HashMap<>();
            Value.Fields condition = Members.fields(statement, "Condition");
            Members.require(condition, Set.of("StringEquals"));
            for (Map.Entry<String, Value> equals :
                    Members.fields(condition, "StringEquals").fields().entrySet()) {
                conditions.put(equals.getKey(), texts(equals.getValue()));
            }
            Value.Fields principal = section(statement, "Principal");
            Members.require(principal, Set.of("AWS"));
            statements.add(new Statement(
                    texts(Members.required(principal, "AWS")),
                    texts(Members.required(statement, "Action")),
                    conditions));
        }
        return statements;
    }

    private static List<String> texts(Value value) throws TemplateException {
        if (value instanceof Value.Items items) {
            List<String> texts = new ArrayList<>();
            for (Value item : items.items()) {
                texts.add(item.asText());
            }
            return texts;
        }
        return List.of(value.asText());
    }

    /** All of them, whatever roles there are. */
    private Set<String> whoMay(String action, String key, Map<String, String> context) throws TemplateException {
        return policy(key).stream()
                .filter(statement -> statement.allows(action, context))
                .flatMap(statement -> statement.principals().stream())
                .collect(Collectors.toSet());
    }

    private static Map<String, String> context(String purpose, String organization, String session) {
        return Map.of(
                "kms:EncryptionContext:app", "votis-sessions",
                "kms:EncryptionContext:purpose", purpose,
                "kms:EncryptionContext:organization", organization,
                "kms:EncryptionContext:session", session);
    }

    private static List<String> idsOf(String type) throws Exception {
        List<String> ids = new ArrayList<>();
        for (Map.Entry<String, Value> resource : section(
                        YamlReader.read("template.yaml", Checkout.template()), "Resources")
                .fields()
                .entrySet()) {
            if (Members.text(resource.getValue().asFields(), "Type").orElse("").equals(type)) {
                ids.add(resource.getKey());
            }
        }
        return ids;
    }

    /** All but the one that CloudWatch writes logs with. */
    private static List<String> functionsKeys() throws Exception {
        return idsOf("AWS::KMS::Key").stream()
                .filter(key -> !key.equals("LogsKey"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("functionsKeys")
    void theAccountAdministersAndUsesNothing(String key) throws Exception {
        assertThat(policy(key))
                .allSatisfy(statement -> assertThat(statement.actions())
                        .noneMatch(action -> action.contains("*"))
                        .doesNotContain(
                                "kms:CreateGrant", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"));
        assertThat(whoMay("kms:PutKeyPolicy", key, Map.of())).containsExactly(ROOT);
        for (String use : List.of("kms:Sign", "kms:Encrypt", "kms:Decrypt")) {
            assertThat(policy(key))
                    .filteredOn(statement -> statement.actions().contains(use))
                    .allSatisfy(statement -> {
                        assertThat(statement.principals()).doesNotContain(ROOT);
                        assertThat(statement.conditions()).isNotEmpty();
                    });
        }
    }

    @Test
    void onlyTheFunctionsThatStampForPhonesMayHaveTheDelegatesKeySignAndDigestsOnly() throws Exception {
        assertThat(whoMay("kms:Sign", "DelegateSigningKey", STAMP))
                .containsExactlyInAnyOrder("ClientSessionRole", "ReadOnlySessionRole", "SessionsRole");
        assertThat(whoMay("kms:GetPublicKey", "DelegateSigningKey", Map.of()))
                .containsExactlyInAnyOrder(ROOT, "ClientSessionRole", "ReadOnlySessionRole", "SessionsRole");
        assertThat(whoMay(
                        "kms:Sign",
                        "DelegateSigningKey",
                        Map.of("kms:SigningAlgorithm", "ECDSA_SHA_256", "kms:MessageType", "RAW")))
                .isEmpty();
    }

    @Test
    void onlyTheWatchMayHaveItsKeySignAndItNoOther() throws Exception {
        assertThat(whoMay("kms:Sign", "MintWatchSigningKey", STAMP)).containsExactly("MintWatchRole");
        for (String key : functionsKeys()) {
            assertThat(policy(key).stream()
                            .anyMatch(statement -> statement.principals().contains("MintWatchRole")))
                    .as(key)
                    .isEqualTo(key.equals("MintWatchSigningKey"));
        }
    }

    @Test
    void onlyItsSessionsFunctionMayHaveTheAdminsKeySign() throws Exception {
        assertThat(whoMay("kms:Sign", "NightlyAdminSigningKey", STAMP)).containsExactly("NightlySessionRole");
        assertThat(whoMay("kms:GetPublicKey", "NightlyAdminSigningKey", Map.of()))
                .containsExactlyInAnyOrder(ROOT, "NightlySessionRole");
    }

    @Test
    void onlyTheSessionsFunctionWrapsAndItUnwrapsInItsOwnContextsAlone() throws Exception {
        for (String purpose : List.of("attempt", "credential")) {
            Map<String, String> own = context(purpose, ORGANIZATION, "nightly");
            assertThat(whoMay("kms:Encrypt", "NightlyWrappingKey", own)).containsExactly("NightlySessionRole");
            assertThat(whoMay("kms:Decrypt", "NightlyWrappingKey", own)).contains("NightlySessionRole");
        }
        for (String action : List.of("kms:Encrypt", "kms:Decrypt")) {
            for (Map<String, String> other : List.of(
                    context("credential", ORGANIZATION, "weekly"),
                    context("credential", "another", "nightly"),
                    context("another", ORGANIZATION, "nightly"),
                    Map.<String, String>of())) {
                assertThat(whoMay(action, "NightlyWrappingKey", other))
                        .as("%s in %s", action, other)
                        .isEmpty();
            }
        }
    }

    @Test
    void whoUsesTheSessionMayUnwrapTheCredentialAndNothingElse() throws Exception {
        assertThat(whoMay("kms:Decrypt", "NightlyWrappingKey", context("credential", ORGANIZATION, "nightly")))
                .containsExactlyInAnyOrder("NightlySessionRole", "NightlyCanaryRole", JOB, OTHER_JOB);
        assertThat(whoMay("kms:Decrypt", "NightlyWrappingKey", context("attempt", ORGANIZATION, "nightly")))
                .containsExactly("NightlySessionRole");
    }

    @Test
    void withoutJobsTheirStatementIsNotThere() throws Exception {
        int withJobs = policy("NightlyWrappingKey").size();

        read(Map.of("NightlyOrganizationId", ORGANIZATION));

        assertThat(policy("NightlyWrappingKey")).hasSize(withJobs - 1);
    }

    /** A role that named a key would be a second door, and a circle in CloudFormation. */
    @Test
    void noRolesOwnPolicyGrantsAnythingOfKms() throws Exception {
        List<String> roles = idsOf("AWS::IAM::Role");
        assertThat(roles).isNotEmpty();
        for (String role : roles) {
            assertThat(String.valueOf(
                            Members.required(resources, role).asFields().field("Properties")))
                    .as(role)
                    .doesNotContain("kms:");
        }
    }
}
