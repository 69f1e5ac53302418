package finance.votis.sessions.runner.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.CryptoServicesRegistrar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the search would find what it looks for: each is planted in this JVM. */
class KeptTest {
    private static final Instant REHEARSAL = Instant.parse("2026-11-23T21:00:00Z");

    @TempDir
    private Path folder;

    private HeapDump living() throws Exception {
        return HeapDump.ofTheLiving(ProcessHandle.current().pid(), folder.resolve("living.hprof"));
    }

    @Test
    void aKeyIsFoundAndWhereverItsBytesAre() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair key = generator.generateKeyPair();
        byte[] scalar = HexFormat.of()
                .parseHex("%064x"
                        .formatted(((ECPrivateKey) key.getPrivate()).getS())
                        .replaceFirst("^(00)+", ""));
        String stamp = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        ("{\"publicKey\":\"" + "02".repeat(33) + "\",\"signature\":\"" + "30".repeat(70) + "\"}")
                                .getBytes(StandardCharsets.US_ASCII));
        List<String> copies =
                List.of(HexFormat.of().formatHex(scalar), Base64.getEncoder().encodeToString(scalar));

        HeapDump dump = living();

        Map<String, byte[]> secrets = Kept.secrets(dump);
        assertThat(secrets.values()).contains(scalar, stamp.getBytes(StandardCharsets.US_ASCII));
        assertThat(dump.find(Map.of("key", scalar))).contains("key, raw", "key, hex", "key, base64");
        assertThat(Kept.secretsKept(dump, Map.of("key", scalar)))
                .anyMatch(one -> one.startsWith(
                        "key, raw in int[] < java.math.BigInteger.mag < sun.security.ec.ECPrivateKeyImpl.s"))
                .anyMatch(one -> one.startsWith("key, hex in byte[] < java.lang.String.value"));
        assertThat(List.of(key, copies)).doesNotContainNull(); // held until here
    }

    @Test
    void aGeneratorWithAStateIsFoundAndOneThatAsksTheSystemIsNot() throws Exception {
        CryptoServicesRegistrar.setSecureRandom(SecureRandom.getInstance("DRBG"));
        List<Object> planted = List.of(
                SecureRandom.getInstance("SHA1PRNG"), new SplittableRandom(1), SecureRandom.getInstance("NativePRNG"));
        try {
            List<String> found = Kept.generators(living());

            assertThat(found)
                    .anyMatch(one -> one.startsWith("sun.security.provider.SecureRandom < java.security.SecureRandom"))
                    .anyMatch(one -> one.startsWith("java.util.SplittableRandom"))
                    .anyMatch(one -> one.startsWith("sun.security.provider.DRBG"))
                    .anyMatch(one -> one.startsWith("BouncyCastle's default: "))
                    .noneMatch(one -> one.startsWith("sun.security.provider.NativePRNG"));
        } finally {
            CryptoServicesRegistrar.setSecureRandom(null);
        }
        assertThat(planted).hasSize(3); // held until here
    }

    @Test
    void aConnectionIsFoundUnlessItIsTheOneThatMayBe() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            HeapDump dump = living();

            int all = Kept.connections(dump, -1).size();
            assertThat(Kept.connections(dump, socket.getPort())).hasSize(all - 1);
        }
    }

    @Test
    void aTimeIsFoundInAnyUnitOfEitherClock() throws Exception {
        Planted planted = new Planted(
                Instant.now(),
                System.currentTimeMillis(),
                Math.toIntExact(Instant.now().getEpochSecond()),
                System.nanoTime() + 1_000_000_001,
                REHEARSAL);
        Kept.Span span = Kept.Span.since(Instant.now(), System.nanoTime() - 1_000_000_000);

        List<String> found = Kept.times(living(), span, REHEARSAL);

        String name = Planted.class.getName();
        assertThat(found)
                .anyMatch(one -> one.startsWith("java.time.Instant.seconds") && one.contains(name + ".now"))
                .anyMatch(one -> one.startsWith(name + ".millis"))
                .anyMatch(one -> one.startsWith(name + ".seconds"))
                .anyMatch(one -> one.startsWith(name + ".counted"))
                .anyMatch(one -> one.startsWith("java.time.Instant.seconds") && one.contains(name + ".rehearsed"));
        assertThat(planted.rehearsed()).isEqualTo(REHEARSAL); // held until here
    }

    private record Planted(Instant now, long millis, int seconds, long counted, Instant rehearsed) {}
}
