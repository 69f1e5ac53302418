package finance.votis.sessions.runner.story;

import finance.votis.sessions.runner.lambda.LogSink;
import finance.votis.sessions.runner.outsiders.SecretSink;
import finance.votis.sessions.runner.stack.RunningStack;

/** Sees what the story does not tell, so that a test can look for secrets where they do not belong. */
interface Witness extends LogSink, SecretSink {
    Witness NOBODY = new Witness() {
        @Override
        public void stack(RunningStack stack) {}

        @Override
        public void secret(String name, byte[] secret) {}

        @Override
        public void line(String function, String line) {}
    };

    /** The stack that the story is told on. */
    void stack(RunningStack stack);
}
