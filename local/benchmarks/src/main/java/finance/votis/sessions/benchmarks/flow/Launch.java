package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.runner.lambda.FunctionSettings;
import finance.votis.sessions.runner.lambda.RuntimeApi;
import finance.votis.sessions.runner.lambda.Start;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How one function is started.
 *
 * @param command without a quota around it
 * @param added variables in place of, or beside, those that Lambda and the template set
 * @param removed variables that it does not get
 */
record Launch(
        String name,
        FunctionSettings settings,
        FunctionSettings.Account account,
        List<String> command,
        Path folder,
        Map<String, String> added,
        Set<String> removed) {

    Launch {
        command = List.copyOf(command);
        added = Map.copyOf(added);
        removed = Set.copyOf(removed);
    }

    Map<String, String> environment(RuntimeApi api) {
        Map<String, String> environment = new HashMap<>(
                switch (settings.start()) {
                    case ON_DEMAND -> settings.processEnvironment(account, api.address());
                    case SNAPSHOT -> settings.snapshotEnvironment(account, api);
                });
        environment.keySet().removeAll(removed);
        environment.putAll(added);
        return environment;
    }

    boolean isFromSnapshot() {
        return settings.start() == Start.SNAPSHOT;
    }
}
