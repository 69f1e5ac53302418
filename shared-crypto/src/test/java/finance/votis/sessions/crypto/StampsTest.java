package finance.votis.sessions.crypto;

import static finance.votis.sessions.crypto.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StampsTest {

    private static final Vectors VECTORS = Vectors.read("stamps.json");
    private static final String KEY = "487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c";
    private static final String PUBLIC_KEY = "02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c16302508870316";
    private static final String HELLO =
            "30450221008935f8e6d01fb77f1a9352aab11f405f49fe76d44ec2629a16a26d4105422a4f022003c3feb7858ec90100113ca92c1ca64bf8dda51886c92ba23513d4f42374a24e";

    @Test
    void allVectorsAreHere() {
        assertThat(VECTORS.cases()).hasSize(86);
    }

    @TestFactory
    Stream<DynamicTest> officialStampsAreAccepted() {
        return VECTORS.valid(true).each(c -> {
            assertThat(verdict(c)).isEqualTo("accepted");
            Stamp stamp = Stamp.parse(text(c, "stamp"));
            assertThat(HexFormat.of().formatHex(stamp.derSignature())).isEqualTo(text(c.get("decoded"), "signature"));
        });
    }

    @TestFactory
    Stream<DynamicTest> flawedStampsAreRefusedForTheirFlaw() {
        return VECTORS.valid(false).each(c -> {
            assertThat(text(c.get("strict"), "verdict")).isEqualTo("reject");
            assertThat(verdict(c))
                    .isEqualTo(
                            switch (text(c, "flaw")) {
                                case "body", "digest", "signature" -> "does not sign";
                                case "key" -> text(c, "id").equals("key-other") ? "does not sign" : "PUBLIC_KEY";
                                case "key-not-expected" -> "another key";
                                case "key-form" -> "PUBLIC_KEY";
                                case "scheme" -> "SCHEME";
                                case "range",
                                        "not-der",
                                        "der-trailing",
                                        "der-non-minimal",
                                        "der-negative",
                                        "der-length",
                                        "der-tag",
                                        "signature-text" -> "SIGNATURE_FORM";
                                case "missing-field", "field-type", "extra-field", "duplicate-field", "not-json" ->
                                    "NOT_THE_JSON";
                                case "base64", "empty", "huge" -> "NOT_BASE64URL";
                                default -> "a flaw that this test does not know";
                            });
        });
    }

    /** What whoever verifies does: the form, the key that is expected, the signature. */
    private static String verdict(JsonNode c) throws CryptoException {
        Stamp stamp;
        try {
            stamp = Stamp.parse(Vectors.textOrRepeat(c, "stamp"));
        } catch (CryptoException.MalformedStamp e) {
            assertThat(e).hasMessage(e.flaw().rule());
            return e.flaw().name();
        }
        if (!stamp.signs(Vectors.textOrRepeat(c, "body").getBytes(StandardCharsets.UTF_8))) {
            return "does not sign";
        }
        return stamp.publicKey().equals(P256PublicKey.fromCompressedHex(text(c, "publicKey")))
                ? "accepted"
                : "another key";
    }

    @TestFactory
    Stream<DynamicTest> oursAreThoseOfTurnkeysDeterministicStamper() {
        return new Vectors(VECTORS.valid(true).cases().stream()
                        .filter(c -> text(c, "madeBy").equals("purejs") && c.has("privateKey"))
                        .toList())
                .each(c -> {
                    try (LocalStamper stamper = new LocalStamper(Vectors.privateKey(c, "privateKey"))) {
                        Stamp stamp =
                                stamper.stamp(Vectors.textOrRepeat(c, "body").getBytes(StandardCharsets.UTF_8));
                        assertThat(stamp.headerValue()).isEqualTo(text(c, "stamp"));
                        assertThat(stamper.publicKey()).isEqualTo(stamp.publicKey());
                    }
                });
    }

    /** RFC 6979, A.2.5, with SHA-256. */
    @ParameterizedTest
    @CsvSource({
        "sample, efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716, f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        "test, f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367, 019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
    })
    void signsWithTheNonceOfRfc6979(String message, String r, String s) throws Exception {
        try (LocalStamper stamper = new LocalStamper(
                P256PrivateKey.fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"))) {
            byte[] der = stamper.stamp(utf8(message)).derSignature();
            assertThat(EcdsaSignature.fromDer(der))
                    .isEqualTo(new EcdsaSignature(new BigInteger(r, 16), new BigInteger(s, 16)));
        }
    }

    @Test
    void theJdkVerifiesOursAndOursVerifyTheJdks() throws Exception {
        SeededRandom random = new SeededRandom(5);
        int high = 0;
        for (int i = 0; i < 40; i++) {
            byte[] body = new byte[i * 7];
            random.nextBytes(body);
            P256PrivateKey key = P256PrivateKey.generate(random);
            try (LocalStamper stamper = new LocalStamper(key);
                    SecretBytes scalar = key.dangerouslyCopyScalar()) {
                Stamp stamp = stamper.stamp(body);
                byte[] publicKey = key.publicKey().uncompressed();
                assertThat(JdkOracle.verifies(publicKey, body, stamp.derSignature()))
                        .isTrue();
                assertThat(Stamp.parse(stamp.headerValue()).signs(body)).isTrue();

                byte[] der = JdkOracle.sign(scalar.dangerouslyCopy(), body);
                Stamp theirs = Stamp.of(key.publicKey(), der);
                assertThat(Stamp.parse(theirs.headerValue()).signs(body)).isTrue();

                EcdsaSignature other = Objects.requireNonNull(EcdsaSignature.fromDer(der));
                Stamp mirrored = new Stamp(key.publicKey(), new EcdsaSignature(other.r(), P256.N.subtract(other.s())));
                assertThat(mirrored.signs(body)).isTrue();
                high += other.s().compareTo(P256.N.shiftRight(1)) > 0 ? 1 : 0;
            }
        }
        assertThat(high).isBetween(1, 39);
    }

    /** A captured activity of production that was completed: its vote has a high S. */
    @Test
    void aHighSOfProductionVerifies() throws Exception {
        Stamp stamp = Stamp.of(
                P256PublicKey.fromCompressedHex("020404a8505f87edc73f7a8f7a6dca61eb1b0b3617720c7161fab7970ce31c4e12"),
                HexFormat.of()
                        .parseHex("3046022100d8188e89ef1330881fc2d951f2284467a462840acafc80115ae871847f6a1f93"
                                + "022100a07fcacd0614e2ea729fc7f5e7378a108a8267a18fa1551845487acabcd97403"));
        byte[] body = utf8(
                "{\"type\":\"ACTIVITY_TYPE_DELETE_SUB_ORGANIZATION\",\"timestampMs\":\"1754952030221\",\"organizationId\":\"35e5c619-ba95-417c-bb48-b16f1543aea0\",\"parameters\":{\"deleteWithoutExport\":true}}");

        assertThat(stamp.signs(body)).isTrue();
        assertThat(Fingerprint.of(body))
                .isEqualTo("sha256:143e777f907453d71c5a3213059d641f54b28737276c4bc6b405ef06831876cb");
    }

    @Test
    void theMembersMayComeInAnyOrderAndWithWhiteSpaceBetweenThem() throws Exception {
        List<String> members = List.of(
                "\"publicKey\": \"" + PUBLIC_KEY + "\"",
                "\"scheme\" :\"SIGNATURE_SCHEME_TK_API_P256\"",
                "\"signature\"\t:\r\n\"" + HELLO + "\"");
        int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] order : orders) {
            Stamp stamp = Stamp.parse(base64url(" { " + members.get(order[0]) + " , " + members.get(order[1]) + ","
                    + members.get(order[2]) + "}\n"));
            assertThat(stamp.signs(utf8("hello from TKHQ"))).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | NOT_THE_JSON",
                "[] | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"D\",} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"D\"}} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"D\"} {} | NOT_THE_JSON",
                "{\"publicKey\":\"K\" \"scheme\":\"S\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\"\"S\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":S,\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":1,\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":[\"S\"],\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"D | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"\\u0053IGNATURE_SCHEME_TK_API_P256\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"é\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\u007f\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\u001f\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\\n\",\"signature\":\"D\"} | NOT_THE_JSON",
                "{ | NOT_THE_JSON",
                "{'publicKey':'K','scheme':'S','signature':'D'} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"scheme\":\"S\"} | NOT_THE_JSON",
                "{\"publicKey\":\"K\",\"scheme\":\"\",\"signature\":\"D\"} | SCHEME",
                "{\"publicKey\":\"\",\"scheme\":\"S\",\"signature\":\"D\"} | PUBLIC_KEY",
                "{\"publicKey\":\"K \",\"scheme\":\"S\",\"signature\":\"D\"} | PUBLIC_KEY",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"\"} | SIGNATURE_FORM",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"D00\"} | SIGNATURE_FORM",
                "{\"publicKey\":\"K\",\"scheme\":\"S\",\"signature\":\"U\"} | SIGNATURE_FORM",
            })
    void otherTextsAreNoStamps(String template, StampFlaw flaw) throws Exception {
        String json = template.replace("\"K", "\"" + PUBLIC_KEY)
                .replace("\"S\"", "\"SIGNATURE_SCHEME_TK_API_P256\"")
                .replace("\"D", "\"" + HELLO)
                .replace("\"U", "\"" + HELLO.toUpperCase(Locale.ROOT));

        CryptoException.MalformedStamp refusal =
                assertThrows(CryptoException.MalformedStamp.class, () -> Stamp.parse(base64url(json)));

        assertThat(refusal.flaw()).isEqualTo(flaw);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eyB9", "eyA", "eyB9=", "eyB9\n", " eyB9", "eyB", "eyC", "e", "eyB/", "eyBé", "    "})
    void base64urlHasOneSpelling(String text) {
        CryptoException.MalformedStamp refusal =
                assertThrows(CryptoException.MalformedStamp.class, () -> Stamp.parse(text));

        // "eyB9" is "{ }"; the last letter of "eyC" has bits that no byte takes.
        boolean spelledWell = text.equals("eyB9") || text.equals("eyA");
        assertThat(refusal.flaw()).isEqualTo(spelledWell ? StampFlaw.NOT_THE_JSON : StampFlaw.NOT_BASE64URL);
    }

    /** Each byte of a signature's DER changed to each other value: the JDK, or our strictness, refuses all that we refuse. */
    @Test
    void noOtherSpellingOfASignatureIsTaken() throws Exception {
        byte[] body = utf8("hello from TKHQ");
        P256PublicKey key = P256PublicKey.fromCompressedHex(PUBLIC_KEY);
        byte[] good = HexFormat.of().parseHex(HELLO);
        int parsed = 0;
        for (int at = 0; at < good.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = good.clone();
                changed[at] ^= (byte) (1 << bit);
                EcdsaSignature signature = EcdsaSignature.fromDer(changed);
                if (signature != null) {
                    parsed++;
                    assertThat(signature.toDer()).isEqualTo(changed);
                    assertThat(new Stamp(key, signature).signs(body)).isFalse();
                }
            }
        }
        // The bits of r and s, less those that make them negative, non-minimal or not below n.
        assertThat(parsed).isBetween(480, 512);
    }

    @Test
    void aSignatureFromElsewhereIsStrictDer() throws Exception {
        P256PublicKey key = P256PublicKey.fromCompressedHex(PUBLIC_KEY);
        byte[] good = HexFormat.of().parseHex(HELLO);

        assertThat(Stamp.of(key, good).derSignature()).isEqualTo(good);
        assertThatIllegalArgumentException().isThrownBy(() -> Stamp.of(key, new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Stamp.of(key, new byte[64]));
        assertThatIllegalArgumentException().isThrownBy(() -> Stamp.of(key, new byte[1 << 20]));
    }

    @Test
    void smallNumbersHaveShortDer() {
        EcdsaSignature small = new EcdsaSignature(BigInteger.ONE, BigInteger.valueOf(128));

        assertThat(small.toDer()).isEqualTo(HexFormat.of().parseHex("300702010102020080"));
        assertThat(EcdsaSignature.fromDer(small.toDer())).isEqualTo(small);
    }

    @Test
    void aClosedStamperStampsNoMore() throws Exception {
        LocalStamper stamper = new LocalStamper(P256PrivateKey.fromHex(KEY));
        stamper.close();

        assertThatIllegalStateException().isThrownBy(() -> stamper.stamp(new byte[0]));
    }

    @Test
    void theLongestStampFits() {
        BigInteger top = P256.N.subtract(BigInteger.ONE);
        String longest = new Stamp(P256PublicKey.of(P256.DOMAIN.getG()), new EcdsaSignature(top, top)).headerValue();

        assertThat(longest).hasSize(375);
        assertThat(new EcdsaSignature(top, top).toDer()).hasSize(EcdsaSignature.MAX_LENGTH);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(utf8(text));
    }
}
