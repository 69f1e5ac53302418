package finance.votis.sessions.http;

/** The request is not taken. Carries the whole answer; ends reading at once, wherever it stands. */
public final class RefusedAtTheDoor extends Exception {

    private final transient Problem problem;

    public RefusedAtTheDoor(Problem problem) {
        super(problem.type().slug(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
