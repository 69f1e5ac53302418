package finance.votis.sessions.crypto;

import static finance.votis.sessions.crypto.Vectors.hex;
import static finance.votis.sessions.crypto.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class HpkeTest {

    private static final Vectors VECTORS = Vectors.read("hpke.json");
    private static final byte[] NONE = {};

    @Test
    void allVectorsAreHere() {
        assertThat(VECTORS.cases()).hasSize(31);
        assertThat(Stream.of("base", "kem", "keyScheduleContext", "open")
                        .mapToInt(kind -> VECTORS.kind(kind).cases().size())
                        .sum())
                .isEqualTo(31);
    }

    /** RFC 9180, 7.1.3 and 4.1: DeriveKeyPair, Encap, Decap. */
    @TestFactory
    Stream<DynamicTest> kem() {
        return VECTORS.kind("kem").each(HpkeTest::assertKem);
    }

    private static void assertKem(JsonNode c) throws Exception {
        try (SecretBytes ikmR = SecretBytes.takeOver(hex(c, "ikmR"));
                P256PrivateKey skR = Hpke.deriveKeyPair(ikmR);
                SecretBytes scalar = skR.dangerouslyCopyScalar()) {
            assertThat(scalar.dangerouslyCopy()).isEqualTo(hex(c, "skRm"));
            assertThat(skR.publicKey().uncompressed()).isEqualTo(hex(c, "pkRm"));
            if (!c.has("ikmE")) {
                return;
            }
            try (SecretBytes ikmE = SecretBytes.takeOver(hex(c, "ikmE"));
                    P256PrivateKey skE = Hpke.deriveKeyPair(ikmE);
                    SecretBytes scalarE = skE.dangerouslyCopyScalar();
                    SecretBytes encap = Hpke.dangerouslyEncap(skR.publicKey(), skE);
                    SecretBytes decap = Hpke.dangerouslyDecap(skE.publicKey(), skR)) {
                assertThat(scalarE.dangerouslyCopy()).isEqualTo(hex(c, "skEm"));
                assertThat(skE.publicKey().uncompressed())
                        .isEqualTo(hex(c, "pkEm"))
                        .isEqualTo(hex(c, "enc"));
                assertThat(encap.dangerouslyCopy()).isEqualTo(hex(c, "shared_secret"));
                assertThat(decap).isEqualTo(encap);
            }
        }
    }

    /** RFC 9180, 5.1: KeySchedule, and 5.2, 5.3: Seal and Open by sequence number, Export. */
    @TestFactory
    Stream<DynamicTest> base() {
        return VECTORS.kind("base").each(c -> {
            assertKem(c);
            P256PublicKey pkR = P256PublicKey.fromUncompressedHex(text(c, "pkRm"));
            try (P256PrivateKey skE = Vectors.privateKey(c, "skEm");
                    P256PrivateKey skR = Vectors.privateKey(c, "skRm");
                    SecretBytes shared = SecretBytes.takeOver(hex(c, "shared_secret"));
                    Hpke.KeySchedule schedule = Hpke.dangerouslyKeySchedule(shared, hex(c, "info"));
                    Hpke.SealContext sender = Hpke.dangerouslySetupBaseS(pkR, hex(c, "info"), skE);
                    Hpke.OpenContext recipient = Hpke.setupBaseR(sender.enc(), skR, hex(c, "info"))) {
                assertThat(schedule.keyScheduleContext()).isEqualTo(hex(c, "key_schedule_context"));
                assertThat(schedule.secret().dangerouslyCopy()).isEqualTo(hex(c, "secret"));
                assertThat(schedule.key().dangerouslyCopy()).isEqualTo(hex(c, "key"));
                assertThat(schedule.baseNonce().dangerouslyCopy()).isEqualTo(hex(c, "base_nonce"));
                assertThat(schedule.exporterSecret().dangerouslyCopy()).isEqualTo(hex(c, "exporter_secret"));
                assertThat(sender.enc().uncompressed()).isEqualTo(hex(c, "enc"));

                int sequence = 0;
                for (JsonNode message : c.get("encryptions")) {
                    for (; sequence < message.get("seq").asInt(); sequence++) {
                        recipient.open(NONE, sender.seal(NONE, NONE)).close();
                    }
                    byte[] ct = sender.seal(hex(message, "aad"), hex(message, "pt"));
                    assertThat(ct).as("message %d", sequence).isEqualTo(hex(message, "ct"));
                    try (SecretBytes pt = recipient.open(hex(message, "aad"), ct)) {
                        assertThat(pt.dangerouslyCopy()).isEqualTo(hex(message, "pt"));
                    }
                    sequence++;
                }
                for (JsonNode export : c.get("exports")) {
                    int length = export.get("L").asInt();
                    try (SecretBytes ours = sender.export(hex(export, "exporter_context"), length);
                            SecretBytes theirs = recipient.export(hex(export, "exporter_context"), length)) {
                        assertThat(ours.dangerouslyCopy()).isEqualTo(hex(export, "exported_value"));
                        assertThat(theirs).isEqualTo(ours);
                    }
                }
            }
        });
    }

    /** The constants of Turnkey's own code fix info to "turnkey_hpke". */
    @TestFactory
    Stream<DynamicTest> keyScheduleContext() {
        return VECTORS.kind("keyScheduleContext").each(c -> {
            byte[] context = Hpke.keyScheduleContext(hex(c, "info"));
            byte[] suite = HexFormat.of().parseHex("48504b45001000010002");
            assertThat(context).isEqualTo(hex(c, "key_schedule_context"));
            assertThat(Hpke.labeledInfo(suite, "key", context, 32)).isEqualTo(hex(c, "labeledInfoKey"));
            assertThat(Hpke.labeledInfo(suite, "base_nonce", context, 12)).isEqualTo(hex(c, "labeledInfoBaseNonce"));
        });
    }

    @TestFactory
    Stream<DynamicTest> messagesThatMustNotOpen() {
        return VECTORS.kind("open")
                .each(c -> assertThatExceptionOfType(CryptoException.class)
                        .isThrownBy(() -> {
                            try (P256PrivateKey skR = Vectors.privateKey(c, "skRm");
                                    Hpke.OpenContext recipient = Hpke.setupBaseR(
                                            P256PublicKey.fromUncompressedHex(text(c, "enc")), skR, hex(c, "info"))) {
                                recipient.open(hex(c, "aad"), hex(c, "ct")).close();
                            }
                        })
                        .isInstanceOfAny(
                                text(c, "flaw").equals("enc") && !text(c, "id").equals("open-enc-negated")
                                        ? CryptoException.MalformedKey.class
                                        : CryptoException.DoesNotOpen.class));
    }

    private static HPKE bouncyCastle() {
        return new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    @Test
    void bouncyCastleOpensWhatWeSealAndDerivesTheSameKeys() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            SeededRandom random = new SeededRandom(seed);
            byte[] ikm = random(random, 32);
            byte[] info = random(random, seed * 3);
            AsymmetricCipherKeyPair theirs = bouncyCastle().deriveKeyPair(ikm);
            try (P256PrivateKey ours = Hpke.deriveKeyPair(SecretBytes.copyOf(ikm));
                    Hpke.SealContext sender = Hpke.setupBaseS(ours.publicKey(), info, random)) {
                assertThat(bouncyCastle().serializePublicKey(theirs.getPublic()))
                        .isEqualTo(ours.publicKey().uncompressed());
                HPKEContext recipient = bouncyCastle().setupBaseR(sender.enc().uncompressed(), theirs, info);
                for (int message = 0; message < 3; message++) {
                    byte[] aad = random(random, message * 17);
                    byte[] pt = random(random, seed * 5);
                    assertThat(recipient.open(aad, sender.seal(aad, pt))).isEqualTo(pt);
                }
                try (SecretBytes export = sender.export(info, 700)) {
                    assertThat(recipient.export(info, 700)).isEqualTo(export.dangerouslyCopy());
                }
            }
        }
    }

    @Test
    void weOpenWhatBouncyCastleSeals() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            SeededRandom random = new SeededRandom(seed);
            byte[] info = random(random, seed);
            try (P256PrivateKey skR = P256PrivateKey.generate(random)) {
                HPKEContextWithEncapsulation sender = bouncyCastle()
                        .setupBaseS(
                                bouncyCastle()
                                        .deserializePublicKey(skR.publicKey().uncompressed()),
                                info);
                P256PublicKey enc = P256PublicKey.fromUncompressed(sender.getEncapsulation());
                try (Hpke.OpenContext recipient = Hpke.setupBaseR(enc, skR, info)) {
                    for (int message = 0; message < 3; message++) {
                        byte[] aad = random(random, message * 17);
                        byte[] pt = random(random, seed * 5);
                        try (SecretBytes opened = recipient.open(aad, sender.seal(aad, pt))) {
                            assertThat(opened.dangerouslyCopy()).isEqualTo(pt);
                        }
                    }
                }
            }
        }
    }

    private static byte[] random(SeededRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void aMessageThatDoesNotOpenDoesNotMoveTheSequence() throws Exception {
        SeededRandom random = new SeededRandom(1);
        try (P256PrivateKey skR = P256PrivateKey.generate(random);
                Hpke.SealContext sender = Hpke.setupBaseS(skR.publicKey(), NONE, random);
                Hpke.OpenContext recipient = Hpke.setupBaseR(sender.enc(), skR, NONE)) {
            byte[] first = sender.seal(NONE, new byte[] {1});
            byte[] second = sender.seal(NONE, new byte[] {2});

            assertThatExceptionOfType(CryptoException.DoesNotOpen.class).isThrownBy(() -> recipient.open(NONE, second));
            try (SecretBytes one = recipient.open(NONE, first);
                    SecretBytes two = recipient.open(NONE, second)) {
                assertThat(one.dangerouslyCopy()).containsExactly(1);
                assertThat(two.dangerouslyCopy()).containsExactly(2);
            }
            assertThatExceptionOfType(CryptoException.DoesNotOpen.class).isThrownBy(() -> recipient.open(NONE, second));
        }
    }

    @Test
    void theSequenceNumberDoesNotOverflow() throws Exception {
        SeededRandom random = new SeededRandom(2);
        try (P256PrivateKey skR = P256PrivateKey.generate(random);
                Hpke.SealContext sender = Hpke.setupBaseS(skR.publicKey(), NONE, random);
                Hpke.OpenContext recipient = Hpke.setupBaseR(sender.enc(), skR, NONE)) {
            sender.dangerouslySkipTo(Long.MAX_VALUE - 1);
            recipient.dangerouslySkipTo(Long.MAX_VALUE - 1);
            byte[] last = sender.seal(NONE, NONE);
            recipient.open(NONE, last).close();

            assertThatIllegalStateException().isThrownBy(() -> sender.seal(NONE, NONE));
            assertThatIllegalStateException().isThrownBy(() -> recipient.open(NONE, last));
        }
    }

    @Test
    void aClosedContextIsOfNoUse() {
        SeededRandom random = new SeededRandom(3);
        P256PrivateKey skR = P256PrivateKey.generate(random);
        Hpke.SealContext sender = Hpke.setupBaseS(skR.publicKey(), NONE, random);
        Hpke.OpenContext recipient = Hpke.setupBaseR(sender.enc(), skR, NONE);
        byte[] ct = sender.seal(NONE, NONE);
        sender.close();
        recipient.close();

        assertThatIllegalStateException().isThrownBy(() -> sender.seal(NONE, NONE));
        assertThatIllegalStateException().isThrownBy(() -> sender.export(NONE, 1));
        assertThatIllegalStateException().isThrownBy(() -> recipient.open(NONE, ct));
        assertThatIllegalStateException().isThrownBy(() -> recipient.export(NONE, 1));
    }

    @Test
    void aClosedKeyScheduleHasWipedItsSecrets() {
        Hpke.KeySchedule schedule = Hpke.dangerouslyKeySchedule(SecretBytes.copyOf(new byte[32]), NONE);
        schedule.close();

        assertThat(List.of(schedule.secret(), schedule.key(), schedule.baseNonce(), schedule.exporterSecret()))
                .allMatch(SecretBytes::isClosed);
    }

    @Test
    void anExportHasTheLengthsOfHkdf() {
        SeededRandom random = new SeededRandom(4);
        try (P256PrivateKey skR = P256PrivateKey.generate(random);
                Hpke.SealContext sender = Hpke.setupBaseS(skR.publicKey(), NONE, random)) {
            assertThat(sender.export(NONE, 0).length()).isZero();
            assertThat(sender.export(NONE, 255 * 32).length()).isEqualTo(8160);
            assertThatIllegalArgumentException().isThrownBy(() -> sender.export(NONE, -1));
            assertThatIllegalArgumentException().isThrownBy(() -> sender.export(NONE, 255 * 32 + 1));
        }
    }

    @Test
    void inputKeyMaterialIsNoScalar() throws Exception {
        byte[] ikm = HexFormat.of().parseHex("c8e5d3ccbf8c4e62e3bcb984681ce6dda950939905754902a394c1fc2b5c6a9e");

        assertThat(Hpke.deriveKeyPair(SecretBytes.copyOf(ikm)).publicKey())
                .isNotEqualTo(P256PrivateKey.fromScalar(SecretBytes.copyOf(ikm)).publicKey());
    }
}
