package finance.votis.sessions.crypto;

import static finance.votis.sessions.crypto.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysTest {

    private static final Vectors VECTORS = Vectors.read("keys.json");
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void aSubjectPublicKeyInfoIsReadInTheOneFormThatTheJdkWrites() throws Exception {
        try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom())) {
            byte[] info = JdkOracle.publicKey(key.publicKey().uncompressed()).getEncoded();

            assertThat(P256PublicKey.fromSubjectPublicKeyInfo(info)).isEqualTo(key.publicKey());
            for (int bit = 0; bit < info.length * 8; bit++) {
                byte[] flipped = info.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                assertThatExceptionOfType(CryptoException.MalformedKey.class)
                        .as("bit " + bit)
                        .isThrownBy(() -> P256PublicKey.fromSubjectPublicKeyInfo(flipped));
            }
            for (int length : new int[] {0, 26, 90, 92}) {
                assertThatExceptionOfType(CryptoException.MalformedKey.class)
                        .isThrownBy(() -> P256PublicKey.fromSubjectPublicKeyInfo(Arrays.copyOf(info, length)))
                        .withMessage("a SubjectPublicKeyInfo of P-256 is 91 bytes of DER with an uncompressed point");
            }
        }
    }

    @Test
    void allVectorsAreHere() {
        assertThat(VECTORS.cases()).hasSize(64);
        assertThat(Stream.of("keyPair", "publicKey", "privateKey")
                        .mapToInt(kind -> VECTORS.kind(kind).cases().size())
                        .sum())
                .isEqualTo(64);
    }

    @TestFactory
    Stream<DynamicTest> pairsBelongTogether() {
        return VECTORS.kind("keyPair").each(c -> {
            P256PublicKey stated = P256PublicKey.fromCompressedHex(text(c, "publicKeyCompressed"));
            assertThat(stated).isEqualTo(P256PublicKey.fromUncompressedHex(text(c, "publicKeyUncompressed")));
            try (P256PrivateKey key = P256PrivateKey.fromHex(text(c, "privateKey"));
                    SecretBytes scalar = key.dangerouslyCopyScalar()) {
                assertThat(key.publicKey().equals(stated))
                        .isEqualTo(c.get("valid").asBoolean());
                assertThat(HEX.formatHex(scalar.dangerouslyCopy())).isEqualTo(text(c, "privateKey"));
                if (c.get("valid").asBoolean()) {
                    assertThat(key.publicKey().compressedHex()).isEqualTo(text(c, "publicKeyCompressed"));
                    assertThat(key.publicKey().uncompressedHex()).isEqualTo(text(c, "publicKeyUncompressed"));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> publicKeysAreTakenInTheFormAskedFor() {
        return VECTORS.kind("publicKey")
                .valid(true)
                .each(c -> assertThat(parse(c).compressedHex())
                        .isEqualToIgnoringCase(
                                text(c, "publicKey").length() == 66
                                        ? text(c, "publicKey")
                                        : compress(text(c, "publicKey")))
                        .isLowerCase());
    }

    @TestFactory
    Stream<DynamicTest> badPublicKeysAreRefused() {
        return VECTORS.kind("publicKey").valid(false).each(c -> {
            assertThat(text(c.get("strict"), "verdict")).isEqualTo("reject");
            assertThatExceptionOfType(CryptoException.MalformedKey.class).isThrownBy(() -> parse(c));
        });
    }

    @TestFactory
    Stream<DynamicTest> badPrivateKeysAreRefused() {
        return VECTORS.kind("privateKey").each(c -> {
            assertThat(text(c.get("strict"), "verdict")).isEqualTo("reject");
            assertThatExceptionOfType(CryptoException.BadScalar.class)
                    .isThrownBy(() -> P256PrivateKey.fromHex(text(c, "privateKey")));
        });
    }

    /** "any" is what a reader of either form does: look at the length. */
    private static P256PublicKey parse(JsonNode c) throws CryptoException {
        String hex = text(c, "publicKey");
        return text(c, "form").equals("any") && hex.length() != 66
                ? P256PublicKey.fromUncompressedHex(hex)
                : P256PublicKey.fromCompressedHex(hex);
    }

    private static String compress(String uncompressed) {
        boolean odd = (HexFormat.fromHexDigit(uncompressed.charAt(129)) & 1) == 1;
        return (odd ? "03" : "02") + uncompressed.substring(2, 66);
    }

    @Test
    void bothFormsAndBytesGiveTheSameKey() throws Exception {
        P256PublicKey key = P256PrivateKey.generate(new SeededRandom(1)).publicKey();

        assertThat(P256PublicKey.fromCompressed(key.compressed()))
                .isEqualTo(key)
                .hasSameHashCodeAs(key);
        assertThat(P256PublicKey.fromUncompressed(key.uncompressed())).isEqualTo(key);
        assertThat(key).hasToString(key.compressedHex());
        assertThat(key)
                .isNotEqualTo(P256PrivateKey.generate(new SeededRandom(2)).publicKey());
        assertThat(key.equals(new Object())).isFalse();
    }

    @Test
    void generatedPairsAreValidAndDifferent() throws Exception {
        SecureRandom random = new SecureRandom();
        Set<P256PublicKey> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            try (P256PrivateKey pair = P256PrivateKey.generate(random)) {
                assertThat(P256PublicKey.fromUncompressed(pair.publicKey().uncompressed()))
                        .isEqualTo(pair.publicKey());
                seen.add(pair.publicKey());
            }
        }
        assertThat(seen).hasSize(50);
    }

    @Test
    void generationDrawsAgainWhenTheNumberIsNotAScalar() {
        Deque<byte[]> draws = new ArrayDeque<>(List.of(
                new byte[32],
                P256.toBytes(P256.N),
                HEX.parseHex("ff".repeat(32)),
                P256.toBytes(P256.N.subtract(BigInteger.ONE))));
        SecureRandom scripted = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(draws.remove(), 0, bytes, 0, bytes.length);
            }
        };

        try (SecretBytes scalar = P256PrivateKey.generate(scripted).dangerouslyCopyScalar()) {
            assertThat(new BigInteger(1, scalar.dangerouslyCopy())).isEqualTo(P256.N.subtract(BigInteger.ONE));
        }
        assertThat(draws).isEmpty();
    }

    @Test
    void sharedSecretsAreThoseOfTheJdk() throws Exception {
        SeededRandom random = new SeededRandom(3);
        for (int i = 0; i < 60; i++) {
            try (P256PrivateKey ours = P256PrivateKey.generate(random);
                    P256PrivateKey theirs = P256PrivateKey.generate(random)) {
                assertSharedSecret(ours, theirs.publicKey());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "2",
                "3",
                "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8",
                "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
                "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
                "8000000000000000000000000000000000000000000000000000000000000000",
                "ffffffff",
                "00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff"
            })
    void sharedSecretsOfEdgeScalarsAndPointsAreThoseOfTheJdk(String scalar) throws Exception {
        try (P256PrivateKey key = P256PrivateKey.fromHex("0".repeat(64 - scalar.length()) + scalar)) {
            assertSharedSecret(key, key.publicKey());
            assertSharedSecret(key, P256PublicKey.of(P256.DOMAIN.getG()));
            assertSharedSecret(key, P256PublicKey.of(P256.DOMAIN.getG().negate()));
            assertSharedSecret(key, P256PublicKey.fromCompressedHex("02" + "0".repeat(64)));
        }
    }

    private static void assertSharedSecret(P256PrivateKey key, P256PublicKey peer) throws Exception {
        try (SecretBytes scalar = key.dangerouslyCopyScalar();
                SecretBytes shared = key.sharedSecret(peer)) {
            assertThat(shared.dangerouslyCopy())
                    .isEqualTo(JdkOracle.sharedSecret(scalar.dangerouslyCopy(), peer.uncompressed()));
        }
    }

    @Test
    void aScalarIsSplitAnewEachTimeAndNeitherHalfIsTheScalar() {
        BigInteger k = new BigInteger("123456789abcdef", 16);
        SecureRandom random = new SeededRandom(7);
        P256.Halves first = P256.split(k, random);
        P256.Halves second = P256.split(k, random);

        for (P256.Halves halves : List.of(first, second)) {
            assertThat(halves.rest().add(halves.random()).mod(P256.N)).isEqualTo(k);
            assertThat(List.of(halves.rest(), halves.random())).doesNotContain(k, BigInteger.ZERO);
        }
        assertThat(second).isNotEqualTo(first);
    }

    /** Diffie-Hellman takes its two multiplications from that split: a source that gives nothing stops it. */
    @Test
    void theProductNeedsARandomNumber() {
        SecureRandom dry = new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                throw new IllegalStateException("dry");
            }
        };
        assertThatThrownBy(() -> P256.times(P256.DOMAIN.getG(), BigInteger.TWO, dry))
                .hasMessage("dry");
    }

    /** Whatever the blinding number, those that leave nothing or everything to the other half too. */
    @Test
    void blindingDoesNotChangeTheResult() {
        BigInteger k = new BigInteger("123456789abcdef", 16);
        for (BigInteger r : List.of(BigInteger.ONE, k, k.add(BigInteger.ONE), P256.N.subtract(BigInteger.ONE))) {
            SecureRandom scripted = new SecureRandom() {
                private static final long serialVersionUID = 1L;

                @Override
                public void nextBytes(byte[] bytes) {
                    System.arraycopy(P256.toBytes(r), 0, bytes, 0, bytes.length);
                }
            };
            assertThat(P256.times(P256.DOMAIN.getG(), k, scripted)).isEqualTo(P256.timesG(k));
        }
    }

    @Test
    void aClosedKeyIsOfNoUseAndItsScalarIsZero() throws Exception {
        byte[] scalar = HEX.parseHex("00".repeat(31) + "07");
        P256PrivateKey key = P256PrivateKey.fromScalar(SecretBytes.takeOver(scalar));
        key.close();
        key.close();

        assertThat(scalar).containsOnly(0);
        assertThatIllegalStateException().isThrownBy(key::dangerouslyCopyScalar);
        assertThatIllegalStateException().isThrownBy(() -> key.sharedSecret(key.publicKey()));
        assertThat(key.publicKey().compressedHex()).startsWith("02");
    }

    @Test
    void aRefusedScalarIsWiped() {
        byte[] tooLong = HEX.parseHex("07".repeat(33));
        byte[] tooGreat = HEX.parseHex("ff".repeat(32));

        for (byte[] bad : List.of(tooLong, tooGreat)) {
            assertThatExceptionOfType(CryptoException.BadScalar.class)
                    .isThrownBy(() -> P256PrivateKey.fromScalar(SecretBytes.takeOver(bad)));
            assertThat(bad).containsOnly(0);
        }
    }
}
