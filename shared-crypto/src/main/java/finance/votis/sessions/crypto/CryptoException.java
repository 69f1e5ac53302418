package finance.votis.sessions.crypto;

/**
 * Every way in which this room refuses what it was given. A message names the rule that was broken and never a value: no byte of a
 * key, a plaintext or the input is in it, and it has no cause.
 */
public abstract sealed class CryptoException extends Exception {

    private static final long serialVersionUID = 1L;

    private CryptoException(String rule) {
        super(rule);
    }

    /** Not a public key of P-256 in the form asked for. */
    public static final class MalformedKey extends CryptoException {
        private static final long serialVersionUID = 1L;

        MalformedKey(String rule) {
            super(rule);
        }
    }

    /** Not a private key of P-256: not 32 bytes, zero, or not below the order of the group. */
    public static final class BadScalar extends CryptoException {
        private static final long serialVersionUID = 1L;

        BadScalar(String rule) {
            super(rule);
        }
    }

    /** Not the text of a credential bundle; {@link #where()} tells the step that failed. */
    public static final class MalformedBundle extends CryptoException {
        private static final long serialVersionUID = 1L;
        private final BundleFlaw where;

        MalformedBundle(BundleFlaw where) {
            super(where.rule());
            this.where = where;
        }

        public BundleFlaw where() {
            return where;
        }
    }

    /** The text is base58, and its checksum is not the one of its payload: it was cut or mistyped on its way. */
    public static final class WrongChecksum extends CryptoException {
        private static final long serialVersionUID = 1L;

        WrongChecksum() {
            super("the checksum of the bundle does not fit its payload");
        }
    }

    /** A ciphertext that this key does not open. It does not tell why, on purpose. */
    public static final class DoesNotOpen extends CryptoException {
        private static final long serialVersionUID = 1L;

        DoesNotOpen() {
            super("does not open with this key");
        }
    }

    /** Not the value of an {@code X-Stamp} header; {@link #flaw()} tells the rule that it breaks. */
    public static final class MalformedStamp extends CryptoException {
        private static final long serialVersionUID = 1L;
        private final StampFlaw flaw;

        MalformedStamp(StampFlaw flaw) {
            super(flaw.rule());
            this.flaw = flaw;
        }

        public StampFlaw flaw() {
            return flaw;
        }
    }
}
