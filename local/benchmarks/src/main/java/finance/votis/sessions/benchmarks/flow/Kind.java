package finance.votis.sessions.benchmarks.flow;

/** What runs a job. */
enum Kind {
    /** Ours on demand: C1 alone, as Lambda starts a function without a snapshot. */
    JAVA("on demand"),
    /** Ours from where its snapshot is taken, after its rehearsal and with both compilers. */
    SNAPSHOT("from a snapshot"),
    /** The peer. */
    NODE("on Node");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
