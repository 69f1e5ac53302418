package finance.votis.sessions.benchmarks.flow;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How one function is started.
 *
 * @param command without a quota around it
 * @param environment all of it, but for the address of the Runtime API
 */
record Launch(String name, String arn, List<String> command, Path folder, Map<String, String> environment) {
    Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
