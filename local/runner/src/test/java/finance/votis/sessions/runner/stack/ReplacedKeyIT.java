package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.EventFile;
import finance.votis.sessions.runner.ReplacedKey;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routes go on with a key that took the delegate's place: each function that stamps with it may, and Turnkey knows it. */
class ReplacedKeyIT {
    private static final Set<String> STAMP_WITH_THE_DELEGATES_KEY =
            Set.of("ClientSessionFunction", "ReadOnlySessionFunction", "SessionsFunction");

    @TempDir
    private Path folder;

    @Test
    void theRoutesStampWithTheNewKeyAlone() throws Exception {
        List<String> logs = new CopyOnWriteArrayList<>();
        ReplacedKey delegate = new ReplacedKey("DelegateSigningKey");
        String replaced = delegate.alone(delegate.named(delegate.beside(Checkout.template())));
        try (RunningStack stack = RunningStack.startWith(
                function -> STAMP_WITH_THE_DELEGATES_KEY.contains(function.logicalId()),
                Template.parse("template.yaml", replaced, Checkout.root()),
                Optional.of(CompanyKeys.KMS),
                Addresses.free(),
                Checkout.workspace(folder),
                InstantSource.system(),
                (function, line) -> logs.add(function + ": " + line))) {
            stack.ready().join();
            assertThat(stack.surroundings().keys()).containsKey(delegate.copy()).doesNotContainKey(delegate.key());
            for (FunctionResource function : stack.functions()) {
                if (STAMP_WITH_THE_DELEGATES_KEY.contains(function.logicalId())) {
                    String event = DemoIds.of(stack.turnkey().demo())
                            .in(EventFile.plain(function).text());
                    Outcome outcome = stack.function(function.logicalId())
                            .invoke(event)
                            .join()
                            .outcome();

                    assertThat(outcome.payload())
                            .as(function.logicalId() + " " + logs)
                            .containsPattern("\"statusCode\":20[01]");
                }
            }
        }
    }
}
