package finance.votis.sessions.runner.template;

/** A template that cannot be played; the message is one sentence that begins with file, line and path of the place. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateException(Place place, String sentence) {
        super(place + ": " + sentence);
    }

    public TemplateException(String sentence) {
        super(sentence);
    }
}
