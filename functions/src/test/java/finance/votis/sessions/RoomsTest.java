package finance.votis.sessions;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.DiffieHellman;
import finance.votis.sessions.crypto.Hpke;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.crypto.TargetKeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see whom among the packages. */
class RoomsTest {

    private static final String BASE = "finance.votis.sessions";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(
                    BASE + ".aws..",
                    BASE + ".client..",
                    BASE + ".http..",
                    BASE + ".lifecycle..",
                    BASE + ".readonly..",
                    BASE + ".relay..",
                    BASE + ".runtime..",
                    BASE + ".server..",
                    BASE + ".turnkey..",
                    BASE + ".watch..");
    private static final DescribedPredicate<JavaClass> FUNCTION = simpleNameEndingWith("Function");

    @Test
    void theRulesLookAtAllRooms() {
        Set<String> rooms = new TreeSet<>();
        CLASSES.forEach(one -> rooms.add(one.getPackageName().substring(BASE.length() + 1)));

        assertThat(rooms)
                .containsExactly(
                        "aws",
                        "client",
                        "http",
                        "lifecycle",
                        "readonly",
                        "relay",
                        "runtime",
                        "server",
                        "turnkey",
                        "watch");
    }

    @Test
    void onlyFunctionsAndRuntimeSeeLambda() {
        noClasses()
                .that(not(FUNCTION).and(not(resideInAPackage(BASE + ".runtime"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.amazonaws..")
                .check(CLASSES);
    }

    @Test
    void onlyAwsSeesTheSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".aws")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "lifecycle", "readonly", "relay", "server", "watch"})
    void sessionRoomsDoNotSeeEachOther(String room) {
        List<String> others = List.of("client", "lifecycle", "readonly", "relay", "server", "watch");
        noClasses()
                .that()
                .resideInAPackage(BASE + "." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.stream()
                        .filter(other -> !other.equals(room))
                        .map(other -> BASE + "." + other)
                        .toArray(String[]::new))
                .check(CLASSES);
    }

    /** And neither does anything that it uses, so its package needs no SDK. */
    @Test
    void theRelayDoesNotSeeAws() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + ".relay", BASE + ".http", BASE + ".turnkey", BASE + ".runtime")
                .should()
                .dependOnClassesThat(resideInAnyPackage(BASE + ".aws", "software.amazon.."))
                .check(CLASSES);
    }

    @Test
    void nothingImportsAFunction() {
        classes()
                .that(not(FUNCTION))
                .should(never(dependOnClassesThat(FUNCTION.and(resideInAPackage(BASE + "..")))))
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCircles() {
        SlicesRuleDefinition.slices()
                .matching(BASE + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void turnkeyKnowsNeitherAwsNorDoorNorSessions() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".turnkey")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        BASE + ".aws",
                        BASE + ".http",
                        BASE + ".client",
                        BASE + ".lifecycle",
                        BASE + ".readonly",
                        BASE + ".relay",
                        BASE + ".server",
                        BASE + ".watch"))
                .check(CLASSES);
    }

    /** What could open a bundle. Who has none of these holds only sealed ones. */
    @Test
    void onlyTheServersRoomCanOpenABundle() {
        Set<String> openers = Set.of(
                TargetKeyPair.class.getName(),
                DiffieHellman.class.getName(),
                Hpke.class.getName(),
                CredentialBundle.class.getName());
        DescribedPredicate<JavaClass> opens = describe(
                "can open a bundle", one -> openers.contains(one.getName().replaceAll("\\$.*", "")));
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE + ".server", BASE + ".turnkey")
                .should()
                .dependOnClassesThat(opens)
                .check(CLASSES);
        // Turnkey's room looks at a bundle's form, and has no key.
        noClasses()
                .that()
                .resideInAPackage(BASE + ".turnkey")
                .should()
                .dependOnClassesThat(opens.and(not(
                        describe("the bundle's form", one -> one.getName().equals(CredentialBundle.class.getName())))))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "lifecycle", "readonly", "relay", "watch", "http", "turnkey", "runtime"})
    void theseRoomsHaveNoPrivateKeyAndNoSecretBytes(String room) {
        noClasses()
                .that()
                .resideInAPackage(BASE + "." + room)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(P256PrivateKey.class, TargetKeyPair.class, SecretBytes.class)
                .check(CLASSES);
    }

    @Test
    void onlyThePlatformTakesTimeRandomnessAndOutputFromTheMachine() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Platform")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .orShould()
                .callConstructor(SecureRandom.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void theEnvironmentIsReadByTheFunctionsOnceAlone() {
        noClasses()
                .that(not(FUNCTION))
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as(room.getName())
                        .isTrue());
    }
}
