package finance.votis.sessions.benchmarks.flow;

/** What runs a job. */
enum Kind {
    /** Ours on demand: C1 alone, as Lambda starts a function without a snapshot. */
    JAVA,
    /** The peer. */
    NODE
}
