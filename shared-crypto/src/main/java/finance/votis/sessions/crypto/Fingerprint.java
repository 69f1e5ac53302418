package finance.votis.sessions.crypto;

/** The name that Turnkey gives to an activity, made from the exact bytes of its request. */
public final class Fingerprint {

    private Fingerprint() {}

    /** {@code "sha256:"} and the SHA-256 of the bytes in 64 lower-case hex digits. */
    public static String of(byte[] body) {
        return "sha256:" + Hex.encode(Sha256.of(body));
    }
}
