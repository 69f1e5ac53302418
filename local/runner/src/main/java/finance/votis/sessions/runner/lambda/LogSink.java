package finance.votis.sessions.runner.lambda;

/** Takes what functions print, line by line; called from several threads. */
@FunctionalInterface
public interface LogSink {
    void line(String function, String line);
}
