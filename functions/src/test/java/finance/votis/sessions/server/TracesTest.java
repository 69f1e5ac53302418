package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that finds nothing must be one that would. */
class TracesTest {

    private final byte[] scalar = new byte[32];
    private final Traces traces;

    TracesTest() {
        new SecureRandom().nextBytes(scalar);
        traces = new Traces(List.of(new byte[32], scalar));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 31})
    void aKeyIsFoundInsideOfOtherBytesInEveryForm(int offset) {
        byte[] around = new byte[100];
        Arrays.fill(around, (byte) 0xff);
        System.arraycopy(scalar, 0, around, offset, scalar.length);

        assertThat(traces.areIn(around)).isTrue();
        assertThat(traces.areIn(HexFormat.of().formatHex(around))).isTrue();
        assertThat(traces.areIn(HexFormat.of().withUpperCase().formatHex(around)))
                .isTrue();
        assertThat(traces.areIn(Base64.getEncoder().encodeToString(around))).isTrue();
        assertThat(traces.areIn(Base64.getUrlEncoder().encodeToString(around))).isTrue();
    }

    @Test
    void anotherKeyIsNot() {
        byte[] other = scalar.clone();
        other[16] ^= 1;

        assertThat(traces.areIn(other)).isFalse();
        assertThat(traces.areIn(HexFormat.of().formatHex(other))).isFalse();
        assertThat(traces.areIn(Base64.getEncoder().encodeToString(other))).isFalse();
    }
}
