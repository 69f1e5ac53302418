package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copied block has nothing in common with the one that it was copied from. */
class SecondSessionTest {

    @ParameterizedTest
    @EnumSource
    void noRoleAndNoKeyOfOneNamesAnythingOfTheOther(CompanyKeys companyKeys) throws Exception {
        Map<String, String> policies = deployment(companyKeys).policies(SecondSessionTest::named);

        Set<String> ofNightly = namesWith(policies, "Nightly");
        Set<String> ofWeekly = namesWith(policies, "Weekly");
        assertThat(ofNightly)
                .contains("NightlySessionRole", "NightlyCanaryRole", "NightlyWrappingKey")
                .hasSize(companyKeys == CompanyKeys.KMS ? 4 : 3);
        assertThat(ofWeekly)
                .containsExactlyInAnyOrderElementsOf(ofNightly.stream()
                        .map(name -> name.replace("Nightly", "Weekly"))
                        .toList());
        policies.forEach((name, policy) -> {
            // Else nothing would be shown by what is not there.
            if (ofNightly.contains(name)) {
                assertThat(policy).as(name).containsIgnoringCase("nightly").doesNotContainIgnoringCase("weekly");
            } else if (ofWeekly.contains(name)) {
                assertThat(policy).as(name).containsIgnoringCase("weekly").doesNotContainIgnoringCase("nightly");
            } else {
                assertThat(policy)
                        .as(name)
                        .doesNotContainIgnoringCase("nightly")
                        .doesNotContainIgnoringCase("weekly");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyIsTheCopysWordForWord(CompanyKeys companyKeys) throws Exception {
        Map<String, String> policies = deployment(companyKeys).policies(SecondSessionTest::named);

        assertThat(namesWith(policies, "Weekly"))
                .allSatisfy(name -> assertThat(policies.get(name))
                        .isEqualTo(policies.getOrDefault(name.replace("Weekly", "Nightly"), "")
                                .replace("Nightly", "Weekly")
                                .replace("nightly", "weekly")));
    }

    @Test
    void noFunctionOfOneIsToldOfTheOther() throws Exception {
        List<FunctionResource> functions = deployment(CompanyKeys.KMS).functions(SecondSessionTest::named);

        assertThat(functions)
                .filteredOn(function -> function.logicalId().startsWith("Weekly"))
                .hasSize(2)
                .allSatisfy(function -> assertThat(function.environment().values() + " " + function.schedules())
                        .contains("weekly")
                        .doesNotContainIgnoringCase("nightly"));
        assertThat(functions)
                .filteredOn(function -> function.logicalId().startsWith("Nightly"))
                .hasSize(2)
                .allSatisfy(function -> assertThat(function.environment().values() + " " + function.schedules())
                        .contains("nightly")
                        .doesNotContainIgnoringCase("weekly"));
    }

    private static Deployment deployment(CompanyKeys companyKeys) throws Exception {
        URI nowhere = URI.create("http://127.0.0.1:1");
        return new Surroundings(
                        nowhere,
                        nowhere,
                        nowhere,
                        "eu-central-1",
                        "123456789012",
                        "00000000-0000-4000-8000-000000000001",
                        Optional.of(companyKeys),
                        Optional.empty(),
                        Map.of(),
                        Map.of())
                .deployment(Template.parse(
                        "template.yaml", SecondSession.weeklyBesideNightly(Checkout.template()), Checkout.root()));
    }

    private static Optional<String> named(String logicalId, String attribute) {
        return Optional.of(logicalId + "." + attribute);
    }

    private static Set<String> namesWith(Map<String, String> policies, String part) {
        return policies.keySet().stream().filter(name -> name.contains(part)).collect(Collectors.toSet());
    }
}
