package finance.votis.sessions.providers;

import finance.votis.sessions.runtime.ExplainedException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Turns a test round where the page says that its player differs: what is no longer so fails, so the page stays true. Where nobody has looked
 * yet, a difference is told and the test skipped.
 */
final class HeldToThePage implements InvocationInterceptor {

    private final Page page = Page.read();
    private final String player;

    HeldToThePage(String player) {
        this.player = player;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> context, ExtensionContext extension)
            throws Throwable {
        String behaviour = context.getExecutable().getName();
        hold(page.of(behaviour, player), behaviour, test);
    }

    void hold(Page.Entry entry, String behaviour, Invocation<@Nullable Void> test) throws Throwable {
        switch (entry) {
            case Page.Entry.Same() -> test.proceed();
            case Page.Entry.Differs(String how) -> {
                if (holds(test)) {
                    throw new AssertionError(player
                            + " does now as AWS's documentation says: strike from AWS.md that it \"" + how + "\"");
                }
            }
            case Page.Entry.Unseen() -> {
                try {
                    test.proceed();
                } catch (AssertionError | AwsServiceException | ExplainedException difference) {
                    throw new TestAbortedException(
                            player + " differs in " + behaviour + ", which AWS.md does not say yet", difference);
                }
            }
        }
    }

    /** A player that does not answer at all is no known difference. */
    private static boolean holds(Invocation<@Nullable Void> test) throws Throwable {
        try {
            test.proceed();
            return true;
        } catch (AssertionError | AwsServiceException | ExplainedException difference) {
            return false;
        }
    }
}
