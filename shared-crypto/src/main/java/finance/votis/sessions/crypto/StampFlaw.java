package finance.votis.sessions.crypto;

/** Which rule the value of an {@code X-Stamp} header breaks, in the order in which it is read. */
public enum StampFlaw {
    NOT_BASE64URL("a stamp is base64url without padding, at most 1024 characters"),
    NOT_THE_JSON(
            "a stamp is one JSON object with the string members publicKey, scheme and signature, each once, without escapes"),
    SCHEME("a stamp's scheme is SIGNATURE_SCHEME_TK_API_P256"),
    PUBLIC_KEY("a stamp's publicKey is a compressed point of P-256 in 66 lower-case hex digits"),
    SIGNATURE_FORM("a stamp's signature is strict DER of r and s, each 1 to n-1, in lower-case hex digits");

    private final String rule;

    StampFlaw(String rule) {
        this.rule = rule;
    }

    /** One sentence on what holds for every stamp. */
    public String rule() {
        return rule;
    }
}
