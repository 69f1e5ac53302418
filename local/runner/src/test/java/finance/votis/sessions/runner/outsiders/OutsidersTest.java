package finance.votis.sessions.runner.outsiders;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The phone knows the contract and the wire, and what it could have in a pocket: so a wrong template cannot lead it along. */
class OutsidersTest {
    private static final JavaClasses RUNNER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("finance.votis.sessions.runner");

    @Test
    void thePhoneHasTheCryptoLibraryAPasskeyAndTheJdk() {
        classes()
                .that()
                .belongToAnyOf(Phone.class, ApiRequest.class, TurnkeyApi.class, Wire.class, NoAnswer.class)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "org.jspecify..",
                                "finance.votis.sessions.crypto..",
                                "finance.votis.sessions.standins.passkey..",
                                "com.fasterxml.jackson..")
                        .or(belongToAnyOf(
                                Phone.class,
                                ApiRequest.class,
                                TurnkeyApi.class,
                                Wire.class,
                                SecretSink.class,
                                DidNotHold.class,
                                NoAnswer.class)))
                .check(RUNNER);
    }

    @Test
    void nothingBelowKnowsWhatIsBuiltOnIt() {
        noClasses()
                .that(resideInAnyPackage(
                        "..runner.template..", "..runner.lambda..", "..runner.gateway..", "..runner.stack.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "..runner.outsiders..", "..runner.story..", "..runner.crash..", "..runner.load.."))
                .check(RUNNER);
    }

    @Test
    void theTemplateAndLambdaKnowNothingOfTheRest() {
        noClasses()
                .that(resideInAnyPackage("..runner.template..", "..runner.lambda.."))
                .should()
                .dependOnClassesThat(resideInAPackage("finance.votis.sessions.runner..")
                        .and(not(resideInAnyPackage("..runner.template..", "..runner.lambda.."))))
                .check(RUNNER);
    }
}
