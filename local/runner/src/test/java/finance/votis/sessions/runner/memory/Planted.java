package finance.votis.sessions.runner.memory;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.CryptoServicesRegistrar;

/**
 * A process that has one of each that the search looks for. It prints what else of it a test needs to know, a line each: the port that it is connected
 * to, and its key in hex. It ends when its input does, so never after who started it.
 */
final class Planted {
    static final Instant REHEARSAL = Instant.parse("2026-11-23T21:00:00Z");

    static final String STAMP = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(("{\"publicKey\":\"" + "02".repeat(33) + "\",\"signature\":\"" + "30".repeat(70) + "\"}")
                    .getBytes(StandardCharsets.US_ASCII));

    private static final List<Object> HELD = new ArrayList<>();

    record Times(Instant now, long millis, int seconds, long counted, Instant rehearsed) {}

    private Planted() {}

    public static void main(String[] arguments) throws Exception {
        generators();
        times();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket _ = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            System.out.println(server.getLocalPort());
            System.out.println(key());
            System.in.readAllBytes();
        }
    }

    private static String key() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        // Without the zeros that another spelling may leave out.
        String hex =
                "%064x".formatted(((ECPrivateKey) pair.getPrivate()).getS()).replaceFirst("^(00)+", "");
        HELD.add(pair);
        HELD.add(hex);
        HELD.add(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
        return hex;
    }

    private static void generators() throws Exception {
        HELD.add(SecureRandom.getInstance("SHA1PRNG"));
        HELD.add(new SplittableRandom(1));
        HELD.add(SecureRandom.getInstance("NativePRNG"));
        CryptoServicesRegistrar.setSecureRandom(SecureRandom.getInstance("DRBG"));
    }

    private static void times() {
        Instant now = Instant.now();
        HELD.add(new Times(
                now,
                now.toEpochMilli(),
                Math.toIntExact(now.getEpochSecond()),
                // No whole millisecond.
                (System.nanoTime() + 1_000_000_000) | 1,
                Instant.ofEpochSecond(REHEARSAL.getEpochSecond())));
    }
}
