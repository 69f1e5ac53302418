package finance.votis.sessions.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class HexTest {

    @Test
    void readsAndWritesEveryByteInEitherCase() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String lower = HexFormat.of().formatHex(all);

        assertThat(Hex.encode(all)).isEqualTo(lower);
        assertThat(Hex.decode(lower)).isEqualTo(all);
        assertThat(Hex.decode(HexFormat.of().withUpperCase().formatHex(all))).isEqualTo(all);
        assertThat(Hex.decodeLowerCase(lower)).isEqualTo(all);
        assertThat(Hex.decode("")).isEmpty();
    }

    @Test
    void refusesEveryOtherCharacterInEitherPlace() {
        for (char c = 0; c < 0x3000; c++) {
            boolean digit = c < 128 && HexFormat.isHexDigit(c);
            boolean lower = digit && !Character.isUpperCase(c);
            assertThat(Hex.decode("0" + c) != null).isEqualTo(digit);
            assertThat(Hex.decode(c + "0") != null).isEqualTo(digit);
            assertThat(Hex.decodeLowerCase("0" + c) != null).isEqualTo(lower);
        }
        assertThat(Hex.decode("0")).isNull();
    }
}
