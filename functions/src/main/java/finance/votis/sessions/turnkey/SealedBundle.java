package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;

/**
 * A credential bundle on its way through: its form is checked, and this type has no way to open it. Prints nothing of it.
 *
 * @param text base58check
 */
public record SealedBundle(String text) {
    /**
     * Checks the form, not to whom it is sealed.
     *
     * @throws IllegalArgumentException if the text is not a bundle; the message names the rule
     */
    public SealedBundle {
        try {
            CredentialBundle.parse(text);
        } catch (CryptoException malformed) {
            throw new IllegalArgumentException(malformed.getMessage(), malformed);
        }
    }

    @Override
    public String toString() {
        return "SealedBundle[<redacted>]";
    }
}
