package finance.votis.sessions.providers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.model.KmsException;

class HeldToThePageTest {

    private static final Page.Entry DIFFERS = new Page.Entry.Differs("gives none");

    private final HeldToThePage held = new HeldToThePage(Page.MOTO);

    @Test
    void whatIsTheSameMustHold() {
        assertThatCode(() -> hold(new Page.Entry.Same(), () -> null)).doesNotThrowAnyException();
        assertThatThrownBy(() -> hold(new Page.Entry.Same(), HeldToThePageTest::expectationMissed))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aKnownDifferenceMustStillBeThere() {
        assertThatCode(() -> hold(DIFFERS, HeldToThePageTest::expectationMissed))
                .doesNotThrowAnyException();
        assertThatCode(() -> hold(DIFFERS, () -> {
                    throw KmsException.builder().message("refused").build();
                }))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> hold(DIFFERS, () -> null))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("strike from AWS.md that it \"gives none\"");
    }

    @Test
    void aPlayerThatDoesNotAnswerIsNoKnownDifference() {
        assertThatExceptionOfType(SdkClientException.class)
                .isThrownBy(() -> hold(DIFFERS, () -> {
                    throw SdkClientException.create("nobody listens");
                }));
    }

    @Test
    void whatNobodyHasSeenIsToldAndSkipped() {
        assertThatCode(() -> hold(new Page.Entry.Unseen(), () -> null)).doesNotThrowAnyException();
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> hold(new Page.Entry.Unseen(), HeldToThePageTest::expectationMissed))
                .withMessage("moto 5.2.1 differs in aBehaviour, which AWS.md does not say yet");
    }

    private void hold(Page.Entry entry, Invocation<@Nullable Void> test) throws Throwable {
        held.hold(entry, "aBehaviour", test);
    }

    private static @Nullable Void expectationMissed() {
        throw new AssertionError("missed");
    }
}
