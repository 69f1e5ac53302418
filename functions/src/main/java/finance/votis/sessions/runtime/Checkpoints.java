package finance.votis.sessions.runtime;

import org.crac.Resource;

/** Where to register what has something to do before a snapshot and after one. */
@FunctionalInterface
public interface Checkpoints {

    /** Keeps it as well. */
    void register(Resource resource);

    /** Lambda's, which its runtime client tells the library of by {@code org.crac.Core.Compat}; elsewhere nothing comes of it. */
    static Checkpoints lambda() {
        return new LambdaCheckpoints();
    }
}
