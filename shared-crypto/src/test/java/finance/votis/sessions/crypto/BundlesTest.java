package finance.votis.sessions.crypto;

import static finance.votis.sessions.crypto.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BundlesTest {

    private static final Vectors VECTORS = Vectors.read("bundles.json");
    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    @Test
    void allVectorsAreHere() {
        assertThat(VECTORS.cases()).hasSize(82);
    }

    @TestFactory
    Stream<DynamicTest> officialBundlesOpen() {
        return VECTORS.valid(true).each(c -> {
            CredentialBundle bundle = CredentialBundle.parse(text(c, "bundle"));
            assertThat(bundle.text()).isEqualTo(text(c, "bundle"));
            try (TargetKeyPair target = target(c);
                    P256PrivateKey session = target.open(bundle);
                    SecretBytes scalar = session.dangerouslyCopyScalar()) {
                assertThat(target.publicKey().uncompressedHex()).isEqualTo(text(c, "recipientPublicKey"));
                assertThat(scalar.dangerouslyCopy()).isEqualTo(Vectors.hex(c, "privateKey"));
                assertThat(session.publicKey().compressedHex()).isEqualTo(text(c, "publicKey"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> flawedBundlesAreRefusedAtTheirStage() {
        return VECTORS.valid(false).each(c -> {
            assertThat(text(c.get("strict"), "verdict")).isEqualTo("reject");
            int length = Vectors.textOrRepeat(c, "bundle").length();
            boolean room = length >= 4 && length <= CredentialBundle.MAX_LENGTH;
            assertThat(verdict(c))
                    .isIn(
                            switch (room ? text(c, "stage") : "no room") {
                                case "no room" -> List.of("LENGTH");
                                case "length" -> List.of("PAYLOAD_LENGTH");
                                case "base58" -> List.of("NOT_BASE58");
                                case "checksum" -> List.of("WrongChecksum");
                                case "enc" -> List.of("EPHEMERAL_KEY", "PAYLOAD_LENGTH");
                                case "open" ->
                                    List.of(text(c, "flaw").equals("truncated") ? "PAYLOAD_LENGTH" : "DoesNotOpen");
                                case "plaintext" ->
                                    List.of(
                                            text(c, "flaw").equals("plaintext-length")
                                                    ? "PAYLOAD_LENGTH"
                                                    : "BadScalar");
                                default -> List.of("a stage that this test does not know");
                            });
        });
    }

    private static String verdict(JsonNode c) throws CryptoException {
        try (P256PrivateKey opened = open(c)) {
            return "opened to " + opened.publicKey();
        } catch (CryptoException.MalformedBundle e) {
            assertThat(e).hasMessage(e.where().rule());
            return e.where().name();
        } catch (CryptoException.WrongChecksum | CryptoException.DoesNotOpen | CryptoException.BadScalar e) {
            return e.getClass().getSimpleName();
        }
    }

    private static P256PrivateKey open(JsonNode c) throws CryptoException {
        try (TargetKeyPair target = target(c)) {
            return target.open(CredentialBundle.parse(Vectors.textOrRepeat(c, "bundle")));
        }
    }

    private static TargetKeyPair target(JsonNode c) throws CryptoException {
        return TargetKeyPair.fromScalar(SecretBytes.takeOver(Vectors.hex(c, "recipientPrivateKey")));
    }

    @ParameterizedTest
    @CsvSource({"'', LENGTH", "1, LENGTH", "111, LENGTH", "2g, LENGTH"})
    void textsWithoutRoomForAChecksumAreNoBundles(String text, BundleFlaw where) {
        assertThatExceptionOfType(CryptoException.MalformedBundle.class)
                .isThrownBy(() -> CredentialBundle.parse(text))
                .extracting(CryptoException.MalformedBundle::where)
                .isEqualTo(where);
    }

    /** Seals, writes, reads and opens, for many keys; the JDK alone opens it, too. */
    @Test
    void whatIsSealedOpensToTheSameKey() throws Exception {
        int shorter = 0;
        for (int seed = 0; seed < 80; seed++) {
            SeededRandom random = new SeededRandom(seed);
            try (P256PrivateKey session = P256PrivateKey.generate(random);
                    TargetKeyPair target = TargetKeyPair.generate(random);
                    SecretBytes targetScalar = target.dangerouslyCopyScalar();
                    SecretBytes sessionScalar = session.dangerouslyCopyScalar()) {
                String text = CredentialBundle.seal(session, target.publicKey(), random)
                        .text();
                assertThat(text.length()).isBetween(115, CredentialBundle.MAX_LENGTH);
                shorter += text.length() == 115 ? 1 : 0;

                assertThat(openByTheJdk(text, targetScalar, target.publicKey()))
                        .isEqualTo(sessionScalar.dangerouslyCopy());
                try (P256PrivateKey opened = target.open(CredentialBundle.parse(text));
                        SecretBytes scalar = opened.dangerouslyCopyScalar()) {
                    assertThat(scalar).isEqualTo(sessionScalar);
                    assertThat(opened.publicKey()).isEqualTo(session.publicKey());
                }
            }
        }
        assertThat(shorter).as("bundles of 115 characters").isBetween(30, 65);
    }

    private static byte[] openByTheJdk(String text, SecretBytes target, P256PublicKey targetPublic) throws Exception {
        byte[] payload = payload(text);
        byte[] enc = P256PublicKey.fromCompressed(Arrays.copyOf(payload, 33)).uncompressed();
        byte[] pkR = targetPublic.uncompressed();
        byte[] aad = Arrays.copyOf(enc, 130);
        System.arraycopy(pkR, 0, aad, 65, 65);
        return JdkOracle.open(
                target.dangerouslyCopy(),
                pkR,
                enc,
                "turnkey_hpke".getBytes(StandardCharsets.US_ASCII),
                aad,
                Arrays.copyOfRange(payload, 33, payload.length));
    }

    /** The one message of HPKE's vectors that has a bundle's info, aad and length, sealed with their ephemeral key. */
    @TestFactory
    Stream<DynamicTest> sealsToTheByte() {
        return new Vectors(Vectors.read("hpke.json").cases().stream()
                        .filter(c -> text(c, "id").startsWith("core-turnkey-"))
                        .toList())
                .each(c -> {
                    JsonNode first = c.get("encryptions").get(0);
                    try (P256PrivateKey session = Vectors.privateKey(first, "pt");
                            P256PrivateKey ephemeral = Vectors.privateKey(c, "skEm")) {
                        CredentialBundle bundle = CredentialBundle.dangerouslySeal(
                                session, P256PublicKey.fromUncompressedHex(text(c, "pkRm")), ephemeral);
                        assertThat(HexFormat.of().formatHex(payload(bundle.text())))
                                .isEqualTo(ephemeral.publicKey().compressedHex() + text(first, "ct"));
                    }
                });
    }

    @Test
    void eachFlippedBitIsRefusedWithTheOldChecksumAndWithARightOne() throws Exception {
        SeededRandom random = new SeededRandom(9);
        P256PrivateKey session = P256PrivateKey.generate(random);
        P256PrivateKey target = P256PrivateKey.generate(random);
        String good = CredentialBundle.seal(session, target.publicKey(), random).text();
        byte[] bytes = decode(good);
        int noPoint = 0;
        int doNotOpen = 0;

        for (int bit = 0; bit < 8 * 85; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            String text = Base58Check.encodeBase58(flipped);
            // The first byte can make the text longer.
            assertThat(refusalOf(text)).isIn("WrongChecksum", text.length() > 116 ? "LENGTH" : "WrongChecksum");
            if (bit < 8 * 81) {
                String summed = Base58Check.encode(Arrays.copyOf(flipped, 81));
                try (P256PrivateKey opened = CredentialBundle.parse(summed).open(target)) {
                    assertThat(opened).as("flipped bit %d", bit).isNull();
                } catch (CryptoException.MalformedBundle e) {
                    noPoint++;
                    assertThat(bit).isLessThan(8 * 33);
                } catch (CryptoException.DoesNotOpen e) {
                    doNotOpen++;
                }
            }
        }
        assertThat(noPoint + doNotOpen).isEqualTo(8 * 81);
        assertThat(doNotOpen).isGreaterThanOrEqualTo(8 * 48 + 1);
    }

    @Test
    void eachChangedOrLostCharacterIsRefused() throws Exception {
        SeededRandom random = new SeededRandom(10);
        String good = CredentialBundle.seal(
                        P256PrivateKey.generate(random),
                        P256PrivateKey.generate(random).publicKey(),
                        random)
                .text();
        assertThat(refusalOf(good)).isEqualTo("none");

        for (int at = 0; at < good.length(); at++) {
            for (int letter = 0; letter < ALPHABET.length(); letter++) {
                char other = ALPHABET.charAt(letter);
                if (other != good.charAt(at)) {
                    assertThat(refusalOf(good.substring(0, at) + other + good.substring(at + 1)))
                            .isEqualTo("WrongChecksum");
                }
            }
            for (char foreign : new char[] {'0', 'O', 'I', 'l', ' ', '\n', '+', 'é', '\uff11', '\0'}) {
                assertThat(refusalOf(good.substring(0, at) + foreign + good.substring(at + 1)))
                        .isEqualTo("NOT_BASE58");
            }
            assertThat(refusalOf(good.substring(0, at) + good.substring(at + 1)))
                    .isEqualTo("WrongChecksum");
        }
    }

    private static String refusalOf(String text) {
        try {
            return CredentialBundle.parse(text).text().equals(text) ? "none" : "another text";
        } catch (CryptoException.MalformedBundle e) {
            return e.where().name();
        } catch (CryptoException.WrongChecksum e) {
            return "WrongChecksum";
        }
    }

    @Test
    void openingSpendsAndWipesTheTargetKey() throws Exception {
        SeededRandom random = new SeededRandom(11);
        byte[] scalar = new byte[32];
        random.nextBytes(scalar);
        TargetKeyPair target = TargetKeyPair.fromScalar(SecretBytes.takeOver(scalar));
        CredentialBundle bundle = CredentialBundle.seal(P256PrivateKey.generate(random), target.publicKey(), random);

        target.open(bundle).close();

        assertSpent(target, scalar, bundle);
    }

    @Test
    void openingSpendsAndWipesTheTargetKeyWhenItFails() throws Exception {
        SeededRandom random = new SeededRandom(12);
        byte[] scalar = new byte[32];
        random.nextBytes(scalar);
        TargetKeyPair target = TargetKeyPair.fromScalar(SecretBytes.takeOver(scalar));
        P256PublicKey another = P256PrivateKey.generate(random).publicKey();
        CredentialBundle bundle = CredentialBundle.seal(P256PrivateKey.generate(random), another, random);

        assertThatExceptionOfType(CryptoException.DoesNotOpen.class).isThrownBy(() -> target.open(bundle));

        assertSpent(target, scalar, bundle);
    }

    @Test
    void closingSpendsAndWipesTheTargetKey() throws Exception {
        SeededRandom random = new SeededRandom(13);
        byte[] scalar = new byte[32];
        random.nextBytes(scalar);
        TargetKeyPair target = TargetKeyPair.fromScalar(SecretBytes.takeOver(scalar));
        CredentialBundle bundle = CredentialBundle.seal(P256PrivateKey.generate(random), target.publicKey(), random);

        target.close();
        target.close();

        assertSpent(target, scalar, bundle);
    }

    private static void assertSpent(TargetKeyPair target, byte[] scalar, CredentialBundle bundle) {
        assertThat(scalar).containsOnly(0);
        assertThatIllegalStateException().isThrownBy(() -> target.open(bundle));
        assertThatIllegalStateException().isThrownBy(target::dangerouslyCopyScalar);
        assertThat(target.publicKey().compressedHex()).hasSize(66);
    }

    @Test
    void ofManyAtOnceOneOpens() throws Exception {
        SeededRandom random = new SeededRandom(14);
        TargetKeyPair target = TargetKeyPair.generate(random);
        CredentialBundle bundle = CredentialBundle.seal(P256PrivateKey.generate(random), target.publicKey(), random);
        int threads = 8;
        CountDownLatch start = new CountDownLatch(threads);
        List<Future<P256PrivateKey>> opened = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Callable<P256PrivateKey> open = () -> {
                start.countDown();
                start.await();
                return target.open(bundle);
            };
            for (int i = 0; i < threads; i++) {
                opened.add(pool.submit(open));
            }
        }
        int refused = 0;
        for (Future<P256PrivateKey> each : opened) {
            try {
                each.get().close();
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
                refused++;
            }
        }
        assertThat(refused).isEqualTo(threads - 1);
    }

    @Test
    void aTargetKeyInHardwareOpensByItsSharedSecretAlone() throws Exception {
        SeededRandom random = new SeededRandom(15);
        P256PrivateKey session = P256PrivateKey.generate(random);
        P256PrivateKey inside = P256PrivateKey.generate(random);
        CredentialBundle bundle = CredentialBundle.seal(session, inside.publicKey(), random);
        DiffieHellman hardware = new DiffieHellman() {
            @Override
            public P256PublicKey publicKey() {
                return inside.publicKey();
            }

            @Override
            public SecretBytes sharedSecret(P256PublicKey peer) {
                return inside.sharedSecret(peer);
            }
        };

        try (P256PrivateKey opened = bundle.open(hardware)) {
            assertThat(opened.publicKey()).isEqualTo(session.publicKey());
        }
    }

    @Test
    void hardwareThatDoesNotAnswerIsNotABundleThatDoesNotOpen() throws Exception {
        SeededRandom random = new SeededRandom(16);
        P256PublicKey key = P256PrivateKey.generate(random).publicKey();
        CredentialBundle bundle = CredentialBundle.seal(P256PrivateKey.generate(random), key, random);
        DiffieHellman hardware = new DiffieHellman() {
            @Override
            public P256PublicKey publicKey() {
                return key;
            }

            @Override
            public SecretBytes sharedSecret(P256PublicKey peer) throws IOException {
                throw new IOException("no answer");
            }
        };

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> bundle.open(hardware));
    }

    @Test
    void aSharedSecretThatLostItsLeadingZeroIsTheHardwaresFault() throws Exception {
        SeededRandom random = new SeededRandom(18);
        P256PublicKey key = P256PrivateKey.generate(random).publicKey();
        CredentialBundle bundle = CredentialBundle.seal(P256PrivateKey.generate(random), key, random);
        DiffieHellman hardware = new DiffieHellman() {
            @Override
            public P256PublicKey publicKey() {
                return key;
            }

            @Override
            public SecretBytes sharedSecret(P256PublicKey peer) {
                return SecretBytes.takeOver(new byte[31]);
            }
        };

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> bundle.open(hardware));
    }

    /** One refusal for another recipient, an altered tag and another context. */
    @Test
    void doesNotOpenDoesNotTellWhy() {
        Set<String> told = new HashSet<>();
        for (JsonNode c : VECTORS.valid(false).cases()) {
            try {
                open(c).close();
            } catch (CryptoException.DoesNotOpen e) {
                assertThat(e).hasNoCause();
                told.add(e.toString());
            } catch (CryptoException another) {
                assertThat(another).isNotInstanceOf(CryptoException.DoesNotOpen.class);
            }
        }
        assertThat(told).hasSize(1);
    }

    /** Known answers of Bitcoin Core's base58 tests. */
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "61, 2g",
        "626262, a3gV",
        "636363, aPEr",
        "73696d706c792061206c6f6e6720737472696e67, 2cFupjhnEsSn59qHXstmK2ffpLv2",
        "516b6fcd0f, ABnLTmg",
        "bf4f89001e670274dd, 3SEo3LWLoPntC",
        "572e4794, 3EFU7m",
        "ecac89cad93923c02321, EJDM8drfXA6uyA",
        "10c8511e, Rt5zm",
        "00000000000000000000, 1111111111",
        "00eb15231dfceb60925886b67d065299925915aeb172c06647, 1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L"
    })
    void base58IsBitcoins(String hex, String text) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(Base58Check.encodeBase58(bytes)).isEqualTo(text);
        assertThat(Base58Check.decodeBase58(text)).isEqualTo(bytes);
    }

    @Test
    void base58KeepsLeadingZerosAndGivesBackWhatItTook() {
        SeededRandom random = new SeededRandom(17);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            Arrays.fill(bytes, 0, Math.min(length, length % 5), (byte) 0);
            assertThat(Base58Check.decodeBase58(Base58Check.encodeBase58(bytes)))
                    .isEqualTo(bytes);
        }
    }

    private static byte[] payload(String text) {
        return Arrays.copyOf(decode(text), 81);
    }

    private static byte[] decode(String text) {
        byte[] decoded = Objects.requireNonNull(Base58Check.decodeBase58(text));
        assertThat(decoded).hasSize(85);
        return decoded;
    }
}
