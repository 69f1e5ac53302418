package finance.votis.sessions.runner.outsiders;

/** A step of the story did not do what it promises; the message is a sentence without anything secret. */
public class DidNotHold extends Exception {
    private static final long serialVersionUID = 1L;

    public DidNotHold(String sentence) {
        super(sentence);
    }
}
