package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.Stamp;

/**
 * A stamp as it travels.
 *
 * @param name of the header (Turnkey docs: api-reference/overview/stamps)
 * @param value printable ASCII
 */
public record StampHeader(String name, String value) {

    public static final String API_KEY = "X-Stamp";
    public static final String WEBAUTHN = "X-Stamp-WebAuthn";

    static StampHeader apiKey(Stamp stamp) {
        return new StampHeader(API_KEY, stamp.headerValue());
    }

    /** With the body it is as good as its key, for that body. */
    @Override
    public String toString() {
        return name + "[<redacted>]";
    }
}
