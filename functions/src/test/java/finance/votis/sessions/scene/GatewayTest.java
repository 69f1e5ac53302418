package finance.votis.sessions.scene;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class GatewayTest {

    /** Else an exchange would not be held against the contract. */
    @Test
    void noTestCallsAFunctionOfARouteByItself() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage("..scene..")))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "is handleRequest of a route",
                        access -> access.getTarget().getName().equals("handleRequest")
                                && access.getTarget().getFullName().contains(APIGatewayV2HTTPEvent.class.getName())))
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                        .importPackages("finance.votis.sessions"));
    }
}
