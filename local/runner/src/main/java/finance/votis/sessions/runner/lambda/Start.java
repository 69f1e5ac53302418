package finance.votis.sessions.runner.lambda;

/** How Lambda starts a function's process. */
public enum Start {
    /** When the first event comes. */
    ON_DEMAND,
    /**
     * From a snapshot that was taken once its hooks had run. Here the process is not copied: it goes on from where the snapshot would be.
     */
    SNAPSHOT
}
