package finance.votis.sessions.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.CryptoServicesRegistrar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first stamp of a process costs: classes, since time would be another machine's tomorrow. */
final class ColdStartTest {

    /** The process that the test looks at. */
    static final class FirstStamp {
        public static void main(String[] args) throws Exception {
            try (LocalStamper stamper = new LocalStamper(
                    P256PrivateKey.fromHex("487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c"))) {
                if (stamper.stamp("hello from TKHQ".getBytes(StandardCharsets.UTF_8))
                        .headerValue()
                        .isEmpty()) {
                    System.exit(1);
                }
            }
        }
    }

    @Test
    void theFirstStampLoadsFewClassesAndNoneOfAJsonLibraryOrAProvider(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("classes.log");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstStamp.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(java.exitValue()).isZero();

        List<String> loaded = Files.readAllLines(log);
        assertThat(loaded).anyMatch(line -> line.contains(" finance.votis.sessions.crypto.LocalStamper "));
        assertThat(loaded.stream().filter(line -> line.contains(" org.bouncycastle.")))
                .hasSizeBetween(50, 120);
        assertThat(loaded).noneMatch(line -> line.contains("jackson") || line.contains(" org.bouncycastle.jc"));
    }

    /** BouncyCastle's registrar keeps one generator for the process, which a snapshot would copy. */
    @Test
    void bouncyCastlesGeneratorIsNeverAsked() throws Exception {
        SeededRandom random = new SeededRandom(1);
        CryptoServicesRegistrar.setSecureRandom(new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                throw new AssertionError("asked for a random number");
            }
        });
        try (P256PrivateKey session = P256PrivateKey.generate(random);
                TargetKeyPair target = TargetKeyPair.generate(random);
                P256PrivateKey opened = target.open(CredentialBundle.seal(session, target.publicKey(), random));
                LocalStamper stamper = new LocalStamper(opened)) {
            assertThat(Stamp.parse(stamper.stamp(new byte[1]).headerValue()).signs(new byte[1]))
                    .isTrue();
        } finally {
            CryptoServicesRegistrar.setSecureRandom(null);
        }
    }
}
