package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void membersAreWrittenInTheOrderInWhichTheyWereMadeWithoutWhiteSpace() {
        assertThat(Json.bytes(Json.newObject().put("z", "Zo\u00eb \ud83d\udcf1").put("a", false)))
                .isEqualTo("{\"z\":\"Zo\u00eb \ud83d\udcf1\",\"a\":false}".getBytes(StandardCharsets.UTF_8));
    }
}
