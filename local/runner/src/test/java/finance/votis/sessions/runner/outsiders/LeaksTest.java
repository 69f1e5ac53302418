package finance.votis.sessions.runner.outsiders;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A search that finds nothing proves nothing unless it would have found something. */
class LeaksTest {
    private final byte[] secret = HexFormat.of().parseHex("00ff" + "a1b2c3d4e5f60718".repeat(3));
    private final Leaks leaks = new Leaks();

    LeaksTest() {
        leaks.add("key", secret);
    }

    @Test
    void findsEachForm() {
        HexFormat hex = HexFormat.of();
        assertThat(leaks.in("x " + hex.formatHex(secret) + " y")).containsExactly("key, hex");
        assertThat(leaks.in(hex.withUpperCase().formatHex(secret))).containsExactly("key, hex");
        assertThat(leaks.in(Base64.getEncoder().encodeToString(secret))).containsExactly("key, base64");
        assertThat(leaks.in(Base64.getUrlEncoder().encodeToString(secret))).contains("key, base64url");
        assertThat(leaks.in(Leaks.base58(secret))).containsExactly("key, base58");
        assertThat(leaks.in("nothing")).isEmpty();
    }

    @Test
    void looksForTwoOfOneName() {
        leaks.add("key", new byte[16]);

        assertThat(leaks.in(HexFormat.of().formatHex(secret))).containsExactly("key, hex");
    }

    @Test
    void findsTextAsItIs() {
        Leaks texts = new Leaks();
        texts.addText("token", "eyJ.a-long-enough.token");
        assertThat(texts.in("Bearer eyJ.a-long-enough.token\n")).containsExactly("token, raw");
    }

    @Test
    void base58IsBitcoins() {
        // The encoding of the alphabet's best known example.
        assertThat(Leaks.base58("Hello World!".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("2NEpo7TZRRrLZSi2U");
    }
}
