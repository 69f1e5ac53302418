package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsVersionsTest {
    @Test
    void noOldTlsIsOfferedEvenWhereTheJvmAllowsIt(@TempDir Path folder) throws Exception {
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        placeOf(OldTlsAllowed.class) + File.pathSeparator + placeOf(TurnkeyHttp.class),
                        OldTlsAllowed.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        // TLS 1.3 and 1.2; the JDK's own client would offer 1.1 and 1.0 as well.
        assertThat(Files.readAllLines(printed)).containsExactly("[304, 303]", "[304, 303, 302, 301]");
    }

    private static Path placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
