package finance.votis.sessions.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import finance.votis.sessions.runtime.Deadline;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsCallTest {

    @ParameterizedTest
    @CsvSource({"PT9.25S,PT6S", "PT6S,PT6S", "PT5.999S,PT5.999S", "PT0.001S,PT0.001S"})
    void aCallMayTakeWhatIsLeftAndSixSecondsAtMost(Duration left, Duration limit) {
        assertThat(AwsCall.within(deadline(left), "GetSecretValue", "x").apiCallTimeout())
                .contains(limit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.000999S", "PT-1S"})
    void aCallForWhichNothingIsLeftIsNotMade(Duration left) {
        assertThatExceptionOfType(AwsFailure.class)
                .isThrownBy(() -> AwsCall.within(deadline(left), "GetSecretValue", "x"))
                .withMessage("GetSecretValue of x did not work: no time left")
                .matches(AwsFailure::isTransient);
    }

    private static Deadline deadline(Duration left) {
        return Deadline.after(left, () -> 0);
    }
}
