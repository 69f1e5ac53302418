package finance.votis.sessions.runner.stack;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A KMS key of the running {@code ./dev up}.
 *
 * @param kms where the stand-in answers
 */
public record LocalKey(URI kms, String region, String arn) {

    /** The access key of whoever runs the account: it administers keys, and neither signs nor unwraps with them. */
    public static final String OPERATOR = Rights.OPERATOR;

    /**
     * The key of this name, if {@code ./dev up} runs and made it.
     *
     * @param name its logical id in the template, {@code alias/} and that, its id or its ARN
     * @throws IOException with a sentence, if what a run left cannot be read
     */
    public static Optional<LocalKey> of(Workspace workspace, String name) throws IOException {
        return StackFile.running(workspace.stackFile()).flatMap(running -> {
            Surroundings surroundings = running.surroundings();
            return surroundings.keys().entrySet().stream()
                    .filter(key -> isCalled(key, name))
                    .map(key -> new LocalKey(surroundings.awsUrl(), surroundings.region(), key.getValue()))
                    .findFirst();
        });
    }

    private static boolean isCalled(Map.Entry<String, String> key, String name) {
        return name.equals(key.getKey())
                || name.equals("alias/" + key.getKey())
                || name.equals(key.getValue())
                || key.getValue().endsWith("/" + name);
    }
}
