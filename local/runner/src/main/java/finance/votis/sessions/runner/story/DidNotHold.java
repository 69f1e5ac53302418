package finance.votis.sessions.runner.story;

/** A step of the story did not do what it promises; the message is a sentence without anything secret. */
final class DidNotHold extends Exception {
    private static final long serialVersionUID = 1L;

    DidNotHold(String sentence) {
        super(sentence);
    }
}
