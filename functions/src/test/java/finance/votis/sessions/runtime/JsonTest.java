package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private static boolean isRead(String json) {
        return Json.object(json.getBytes(StandardCharsets.UTF_8)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "1000000, false"})
    void aStringUpToTheBoundIsReadAndALongerOneIsNot(int over, boolean read) {
        assertThat(isRead("{\"a\":\"" + "x".repeat(Json.MAX_STRING + over) + "\"}"))
                .isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false"})
    void nestingUpToTheBoundIsReadAndDeeperIsNot(int over, boolean read) {
        int depth = Json.MAX_DEPTH + over;
        assertThat(isRead("{\"a\":".repeat(depth) + "1" + "}".repeat(depth))).isEqualTo(read);
    }

    /** The Unicode Standard, table 3-7: none of these is a well-formed sequence. */
    @ParameterizedTest
    @ValueSource(strings = {"80", "c0af", "e282", "eda080", "f4908080", "f8888080", "ff", "efbfbdc3"})
    void whatIsNoUtf8IsNotRead(String sequence) {
        byte[] json = HexFormat.of().parseHex("7b2261223a22" + sequence + "227d");

        assertThat(Json.object(json)).isEmpty();
    }

    @Test
    void theReplacementCharacterMayBeSent() {
        assertThat(Json.object("{\"a\":\"\ufffd\"}".getBytes(StandardCharsets.UTF_8)))
                .hasValueSatisfying(
                        object -> assertThat(object.path("a").textValue()).isEqualTo("\ufffd"));
    }

    @Test
    void membersAreWrittenInTheOrderInWhichTheyWereMadeWithoutWhiteSpace() {
        assertThat(Json.bytes(Json.newObject().put("z", "Zo\u00eb \ud83d\udcf1").put("a", false)))
                .isEqualTo("{\"z\":\"Zo\u00eb \ud83d\udcf1\",\"a\":false}".getBytes(StandardCharsets.UTF_8));
    }
}
