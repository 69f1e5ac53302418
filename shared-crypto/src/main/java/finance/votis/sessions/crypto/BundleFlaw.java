package finance.votis.sessions.crypto;

/** Where a text stops being a credential bundle, in the order in which it is read. */
public enum BundleFlaw {
    LENGTH("a bundle has at most " + CredentialBundle.MAX_LENGTH + " characters, and at least its checksum"),
    NOT_BASE58("a bundle has letters of the bitcoin base58 alphabet alone: no white space, no 0, O, I, l"),
    PAYLOAD_LENGTH("a bundle's payload has 81 bytes: 33 of the ephemeral key, 32 sealed, 16 of the tag"),
    EPHEMERAL_KEY("a bundle's payload starts with a compressed point of P-256");

    private final String rule;

    BundleFlaw(String rule) {
        this.rule = rule;
    }

    /** One sentence on what holds for every bundle. */
    public String rule() {
        return rule;
    }
}
