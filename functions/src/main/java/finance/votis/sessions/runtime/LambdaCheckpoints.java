package finance.votis.sessions.runtime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.crac.Core;
import org.crac.Resource;

/** The library looks for Lambda's half by reflection when it is first used: only where there will be a snapshot. */
final class LambdaCheckpoints implements Checkpoints {

    /** The library and Lambda hold what is registered weakly: its hooks would be gone with it. */
    private static final List<Resource> KEPT = new CopyOnWriteArrayList<>();

    @Override
    public void register(Resource resource) {
        KEPT.add(resource);
        Core.getGlobalContext().register(resource);
    }
}
