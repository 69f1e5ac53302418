package finance.votis.sessions.scene;

import finance.votis.sessions.runtime.Network;
import finance.votis.sessions.runtime.Platform;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.crac.Context;
import org.crac.Resource;

/** Runs the hooks of functions as Lambda's runtime client does around a snapshot. */
public final class Snapshot {

    private final List<Resource> registered = new ArrayList<>();

    /** A scene's environment, where Lambda is about to take a snapshot. */
    public static Map<String, String> environment(Map<String, String> environment) {
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        return environment;
    }

    /** A platform whose hooks are run here. */
    public Platform platform(Platform like, Supplier<SecureRandom> random) {
        return new Platform(
                like.clock(),
                like.nanoTime(),
                like.waiting(),
                random,
                like.log(),
                like.metricsNamespace(),
                Network.real(),
                registered::add);
    }

    /** What was registered. */
    public int hooks() {
        return registered.size();
    }

    public void take() throws Exception {
        for (Resource resource : registered) {
            resource.beforeCheckpoint(new NoContext());
        }
    }

    public void restore() throws Exception {
        for (Resource resource : registered) {
            resource.afterRestore(new NoContext());
        }
    }

    private static final class NoContext extends Context<Resource> {
        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {}

        @Override
        public void afterRestore(Context<? extends Resource> context) {}

        @Override
        public void register(Resource resource) {}
    }
}
