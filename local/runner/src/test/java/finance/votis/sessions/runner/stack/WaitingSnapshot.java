package finance.votis.sessions.runner.stack;

import finance.votis.sessions.runner.lambda.FunctionSettings;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.lambda.RuntimeApi;
import finance.votis.sessions.runner.lambda.RuntimeClient;
import finance.votis.sessions.runner.lambda.Start;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A function's process that goes where its snapshot is taken, and on only when {@link RuntimeApi#restore} lets it. */
record WaitingSnapshot(Process process, RuntimeApi api) implements AutoCloseable {

    static WaitingSnapshot start(RuntimeClient client, FunctionSettings settings, FunctionSettings.Account account)
            throws IOException {
        RuntimeApi api = new RuntimeApi(settings.arn(account), account);
        ProcessBuilder builder = new ProcessBuilder(
                        client.command(Start.SNAPSHOT, settings.memoryMegabytes(), settings.handler()))
                .directory(settings.code().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(settings.snapshotEnvironment(account, api));
        try {
            return new WaitingSnapshot(builder.start(), api);
        } catch (IOException e) {
            api.close();
            throw e;
        }
    }

    /** Hands an event over now; the process takes it when it asks. */
    CompletableFuture<Outcome> invoke(String event, Instant deadline) {
        return api.invoke("1", event, deadline);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        api.close();
    }
}
