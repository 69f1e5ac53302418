package finance.votis.sessions.crypto;

import static finance.votis.sessions.crypto.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever this room prints of itself is searched for four consecutive bytes of what was secret, as hex, base64 or text. */
final class RedactionTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void theSearchFindsASecret() {
        byte[] secret = new byte[32];
        new SeededRandom(1).nextBytes(secret);
        String hex = HEX.formatHex(secret);

        for (String leak : List.of(
                "key " + hex,
                "key " + hex.substring(10, 18).toUpperCase(Locale.ROOT),
                Base64.getEncoder().encodeToString(secret),
                Base64.getUrlEncoder()
                        .encodeToString(HEX.parseHex("0102" + hex))
                        .substring(0, 14),
                "[" + secret[4] + ", " + secret[5] + ", " + secret[6] + ", " + secret[7] + "]")) {
            assertThat(tells(leak, secret)).as(leak).isTrue();
        }
        assertThat(tells("a private key is 1 to n-1", secret)).isFalse();
    }

    @Test
    void noTypePrintsItsSecret() throws Exception {
        SeededRandom random = new SeededRandom(2);
        P256PrivateKey key = P256PrivateKey.generate(random);
        TargetKeyPair target = TargetKeyPair.generate(random);
        byte[] keyScalar = key.dangerouslyCopyScalar().dangerouslyCopy();
        byte[] targetScalar = target.dangerouslyCopyScalar().dangerouslyCopy();
        CredentialBundle bundle = CredentialBundle.seal(key, target.publicKey(), random);
        Hpke.SealContext sender = Hpke.setupBaseS(target.publicKey(), new byte[0], random);
        Hpke.OpenContext recipient = Hpke.setupBaseR(sender.enc(), key, new byte[0]);
        Hpke.KeySchedule schedule = Hpke.dangerouslyKeySchedule(SecretBytes.copyOf(keyScalar), new byte[0]);
        Stamp stamp = new LocalStamper(key).stamp(new byte[0]);

        List<Object> all = List.of(
                SecretBytes.copyOf(keyScalar),
                key,
                target,
                bundle,
                new LocalStamper(key),
                sender,
                recipient,
                schedule,
                schedule.key(),
                stamp);
        for (Object each : all) {
            String printed = "" + each;
            assertThat(printed).contains("<redacted>");
            assertThat(tells(printed, keyScalar)).isFalse();
            assertThat(tells(printed, targetScalar)).isFalse();
            assertThat(tells(printed, schedule.key().dangerouslyCopy())).isFalse();
            assertThat(tells(printed, stamp.derSignature())).isFalse();
            assertThat(tells(printed, bundle.text().getBytes(StandardCharsets.US_ASCII)))
                    .isFalse();
        }
    }

    @Test
    void noRefusalTellsWhatItWasGiven() throws Exception {
        List<Refusal> refusals = new ArrayList<>();
        for (JsonNode c : Vectors.read("keys.json").valid(false).cases()) {
            if (!text(c, "kind").equals("keyPair")) {
                String key = text(c, text(c, "kind"));
                refusals.add(new Refusal(() -> P256PrivateKey.fromHex(key), key));
                refusals.add(new Refusal(() -> P256PublicKey.fromCompressedHex(key), key));
                refusals.add(new Refusal(() -> P256PublicKey.fromUncompressedHex(key), key));
            }
        }
        for (JsonNode c : Vectors.read("stamps.json").valid(false).cases()) {
            String stamp = Vectors.textOrRepeat(c, "stamp");
            refusals.add(new Refusal(() -> Stamp.parse(stamp), stamp));
        }
        for (JsonNode c : Vectors.read("bundles.json").valid(false).cases()) {
            String bundle = Vectors.textOrRepeat(c, "bundle");
            String target = text(c, "recipientPrivateKey");
            refusals.add(new Refusal(
                    () -> CredentialBundle.parse(bundle).open(P256PrivateKey.fromHex(target)),
                    bundle,
                    target,
                    c.path("plaintext").asText()));
        }
        int thrown = 0;
        for (Refusal refusal : refusals) {
            try {
                refusal.call().run();
            } catch (CryptoException e) {
                thrown++;
                assertThat(e.getCause()).isNull();
                assertThat(e.getSuppressed()).isEmpty();
                for (String given : refusal.given()) {
                    byte[] bytes = Hex.decode(given);
                    assertThat(bytes != null && tells(e.toString(), bytes))
                            .as(e.toString())
                            .isFalse();
                    assertThat(tells(e.toString(), given.getBytes(StandardCharsets.UTF_8)))
                            .as(e.toString())
                            .isFalse();
                }
            }
        }
        // Stamps and keys that are well formed and fail later, or are of the other form, do not throw here.
        assertThat(thrown).isGreaterThan(190);
    }

    @Test
    void everyRefusalNamesItsRule() {
        Set<String> rules = new HashSet<>();
        for (StampFlaw flaw : StampFlaw.values()) {
            assertThat(new CryptoException.MalformedStamp(flaw)).hasMessage(flaw.rule());
            rules.add(flaw.rule());
        }
        for (BundleFlaw flaw : BundleFlaw.values()) {
            assertThat(new CryptoException.MalformedBundle(flaw)).hasMessage(flaw.rule());
            rules.add(flaw.rule());
        }
        assertThat(rules)
                .hasSize(StampFlaw.values().length + BundleFlaw.values().length)
                .allMatch(rule -> rule.contains(" "));
    }

    private record Refusal(Call call, List<String> given) {
        Refusal(Call call, String... given) {
            this(call, List.of(given));
        }
    }

    private interface Call {
        void run() throws CryptoException;
    }

    /** Four consecutive bytes, in hex of either case, in base64 of any alignment, as numbers or as eight letters of text. */
    private static boolean tells(String printed, byte[] secret) {
        String lower = printed.toLowerCase(Locale.ROOT);
        String standard = printed.replace('-', '+').replace('_', '/');
        for (int at = 0; at + 4 <= secret.length; at++) {
            byte[] four = {secret[at], secret[at + 1], secret[at + 2], secret[at + 3]};
            // The letters that four bytes fill whole, whatever stands before them: at least four of them.
            String aligned0 =
                    Base64.getEncoder().withoutPadding().encodeToString(four).substring(0, 5);
            String aligned1 = Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(new byte[] {0, four[0], four[1], four[2], four[3]})
                    .substring(2, 6);
            String aligned2 = Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(new byte[] {0, 0, four[0], four[1], four[2], four[3]})
                    .substring(3, 8);
            if (lower.contains(HEX.formatHex(four))
                    || standard.contains(aligned0)
                    || standard.contains(aligned1)
                    || standard.contains(aligned2)
                    || printed.contains(four[0] + ", " + four[1] + ", " + four[2] + ", " + four[3])) {
                return true;
            }
            if (at + 8 <= secret.length && printed.contains(new String(secret, at, 8, StandardCharsets.UTF_8))) {
                return true;
            }
        }
        return false;
    }
}
