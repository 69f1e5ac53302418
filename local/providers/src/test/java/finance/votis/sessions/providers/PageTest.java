package finance.votis.sessions.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PageTest {

    @Test
    void thePageHasOneRowForEachTestOfTheContract() {
        assertThat(Page.read().behaviours())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(AwsContract.class.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(Method::getName)
                        .toList());
    }
}
