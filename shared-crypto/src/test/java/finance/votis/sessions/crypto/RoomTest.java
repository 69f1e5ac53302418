package finance.votis.sessions.crypto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What this room may know. */
final class RoomTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("finance.votis.sessions.crypto");

    @Test
    void knowsTheJdkBouncyCastleAndJSpecifyAlone() {
        assertThat(MAIN.size()).isGreaterThan(20);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "finance.votis.sessions.crypto",
                        "java.io",
                        "java.lang..",
                        "java.math",
                        "java.nio.charset",
                        "java.security",
                        "java.util",
                        "java.util.concurrent.atomic",
                        "org.bouncycastle.crypto..",
                        "org.bouncycastle.math..",
                        "org.bouncycastle.util..",
                        "org.jspecify.annotations")
                .because("it has no JSON, HTTP, AWS, clock or log, and takes no primitive from a provider")
                .check(MAIN);
    }

    @Test
    void takesNoPrimitiveFromAProvider() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.crypto..", "org.bouncycastle.jce..", "org.bouncycastle.jcajce..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Provider.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Security.class)
                .orShould()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Registrar")
                .check(MAIN);
    }

    @Test
    void readsNoClockAndPrintsNothing() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(PrintStream.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    @Test
    void keepsNoRandomnessAndNoKey() {
        fields().that()
                .haveRawType(SecureRandom.class)
                .or()
                .haveRawType(SecretBytes.class)
                .or()
                .haveRawType(P256PrivateKey.class)
                .should()
                .notBeStatic()
                .check(MAIN);
        fields().should().notHaveRawType(SecureRandom.class).check(MAIN);
    }

    @Test
    void isNullMarked() {
        assertThat(CredentialBundle.class.getPackage().isAnnotationPresent(NullMarked.class))
                .isTrue();
    }
}
