package finance.votis.sessions.runner.lambda;

import java.time.Duration;

/** How an invocation ended. Payloads are what the function sent, JSON: for whoever invoked, so not in {@code toString}. */
public sealed interface Outcome {
    /** SIGKILL, as a shell and the JDK count it. */
    int KILLED = 128 + 9;

    /** The handler's answer. */
    record Answered(String payload) implements Outcome {
        @Override
        public String toString() {
            return "Answered[" + payload.length() + " characters]";
        }
    }

    /**
     * The handler threw.
     *
     * @param payload {@code {"errorMessage","errorType","stackTrace"}}
     */
    record Failed(String errorType, String payload) implements Outcome {
        @Override
        public String toString() {
            return "Failed[" + errorType + "]";
        }
    }

    /** The template's {@code Timeout} was over; the process was killed. */
    record TimedOut(Duration timeout) implements Outcome {
        @Override
        public String payload() {
            return "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"Task timed out after " + timeout.toSeconds()
                    + ".00 seconds\"}";
        }
    }

    /**
     * The process ended in the middle.
     *
     * @param exitCode 137 if it was killed
     */
    record Crashed(int exitCode) implements Outcome {
        @Override
        public String payload() {
            return "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"Runtime exited with error: "
                    + exit(exitCode) + "\"}";
        }
    }

    /**
     * The function could not be made ready: its class, its constructor, or the process itself.
     *
     * @param payload as for {@link Failed}
     */
    record InitFailed(String errorType, String payload) implements Outcome {
        static InitFailed of(String errorType, String message) {
            return new InitFailed(
                    errorType, "{\"errorType\":\"" + errorType + "\",\"errorMessage\":\"" + message + "\"}");
        }

        @Override
        public String toString() {
            return "InitFailed[" + errorType + "]";
        }
    }

    /** JSON: the answer, or Lambda's account of the error. */
    String payload();

    /** How a process ended, in Lambda's words. */
    static String exit(int exitCode) {
        return exitCode == KILLED ? "signal: killed" : "exit status " + exitCode;
    }
}
