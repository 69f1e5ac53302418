package finance.votis.sessions.runner.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** That the search would find what it looks for: each is planted in one process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptTest {
    private HeapDump living;
    private Kept.Span span;
    private int port;
    private byte[] scalar;

    @BeforeAll
    void dump(@TempDir Path folder) throws Exception {
        Instant from = Instant.now();
        long fromNano = System.nanoTime();
        Process planted = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Planted.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            List<String> told = planted.inputReader(StandardCharsets.US_ASCII)
                    .lines()
                    .limit(2)
                    .toList();
            assertThat(told).hasSize(2);
            port = Integer.parseInt(told.getFirst());
            scalar = HexFormat.of().parseHex(told.getLast());
            living = HeapDump.ofTheLiving(planted.pid(), folder.resolve("living.hprof"));
            span = Kept.Span.since(from, fromNano);
        } finally {
            planted.destroyForcibly().onExit().join();
        }
    }

    @Test
    void aKeyIsFoundAndWhereverItsBytesAre() {
        assertThat(Kept.secrets(living).values()).contains(scalar, Planted.STAMP.getBytes(StandardCharsets.US_ASCII));
        assertThat(living.find(Map.of("key", scalar))).contains("key, raw", "key, hex", "key, base64");
        assertThat(Kept.secretsKept(living, Map.of("key", scalar)))
                .anyMatch(one -> one.startsWith(
                        "key, raw in int[] < java.math.BigInteger.mag < sun.security.ec.ECPrivateKeyImpl.s"))
                .anyMatch(one -> one.startsWith("key, hex in byte[] < java.lang.String.value"));
    }

    @Test
    void aGeneratorWithAStateIsFoundAndOneThatAsksTheSystemIsNot() {
        assertThat(Kept.generators(living))
                .anyMatch(one -> one.startsWith("sun.security.provider.SecureRandom < java.security.SecureRandom"))
                .anyMatch(one -> one.startsWith("java.util.SplittableRandom"))
                .anyMatch(one -> one.startsWith("sun.security.provider.DRBG"))
                .anyMatch(one -> one.startsWith("BouncyCastle's default: "))
                .noneMatch(one -> one.startsWith("sun.security.provider.NativePRNG"));
    }

    @Test
    void aConnectionIsFoundUnlessItIsTheOneThatMayBe() {
        int all = Kept.connections(living, -1).size();

        assertThat(Kept.connections(living, port)).hasSize(all - 1);
    }

    @Test
    void aTimeIsFoundInAnyUnitOfEitherClock() {
        String name = Planted.Times.class.getName();

        assertThat(Kept.times(living, span, Planted.REHEARSAL))
                .anyMatch(one -> one.startsWith("java.time.Instant.seconds") && one.contains(name + ".now"))
                .anyMatch(one -> one.startsWith(name + ".millis"))
                .anyMatch(one -> one.startsWith(name + ".seconds"))
                .anyMatch(one -> one.startsWith(name + ".counted"))
                .anyMatch(one -> one.startsWith("java.time.Instant.seconds") && one.contains(name + ".rehearsed"));
    }
}
