package finance.votis.sessions.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code X-Stamp}: base64url without padding of {@code {"publicKey":…,"scheme":…,"signature":…}} (Turnkey docs:
 * api-reference/overview/stamps). Immutable.
 *
 * <p>A signature has two forms, high and low S, and both verify: so a stamp is never an identity, nor a key of a cache or of a replay
 * list, and has no {@code equals} of its own.
 */
public final class Stamp {

    /**
     * Bounds work and memory. The longest stamp has 375 characters as most stampers write it, 382 with the spaces of Python's; up to here a
     * longer text is still told which rule it breaks (an uncompressed key, say).
     */
    static final int MAX_LENGTH = 1024;

    static final String SCHEME = "SIGNATURE_SCHEME_TK_API_P256";

    private final P256PublicKey publicKey;
    private final EcdsaSignature signature;

    Stamp(P256PublicKey publicKey, EcdsaSignature signature) {
        this.publicKey = publicKey;
        this.signature = signature;
    }

    /**
     * A stamp of a signature made elsewhere.
     *
     * @throws IllegalArgumentException unless it is strict DER with r and s of 1..n-1
     */
    public static Stamp of(P256PublicKey key, byte[] derSignature) {
        EcdsaSignature signature = EcdsaSignature.fromDer(derSignature);
        if (signature == null) {
            throw new IllegalArgumentException(StampFlaw.SIGNATURE_FORM.rule());
        }
        return new Stamp(key, signature);
    }

    /**
     * Strict on form: one spelling of base64url and DER, lower-case hex, exactly the three members in any order. White space between
     * the JSON's tokens is taken, since Turnkey's Python stamper writes it. Work and memory are bounded by a look at the length first.
     */
    public static Stamp parse(String headerValue) throws CryptoException.MalformedStamp {
        byte[] json = decode(headerValue);
        if (json == null) {
            throw new CryptoException.MalformedStamp(StampFlaw.NOT_BASE64URL);
        }
        StampJson members = StampJson.parse(json);
        if (members == null) {
            throw new CryptoException.MalformedStamp(StampFlaw.NOT_THE_JSON);
        }
        if (!members.scheme().equals(SCHEME)) {
            throw new CryptoException.MalformedStamp(StampFlaw.SCHEME);
        }
        P256PublicKey publicKey = publicKey(members.publicKey());
        byte[] der = Hex.decodeLowerCase(members.signature());
        EcdsaSignature signature = der == null ? null : EcdsaSignature.fromDer(der);
        if (signature == null) {
            throw new CryptoException.MalformedStamp(StampFlaw.SIGNATURE_FORM);
        }
        return new Stamp(publicKey, signature);
    }

    private static P256PublicKey publicKey(String hex) throws CryptoException.MalformedStamp {
        byte[] sec1 = Hex.decodeLowerCase(hex);
        if (sec1 == null) {
            throw new CryptoException.MalformedStamp(StampFlaw.PUBLIC_KEY);
        }
        try {
            return P256PublicKey.fromCompressed(sec1);
        } catch (CryptoException.MalformedKey malformed) {
            throw new CryptoException.MalformedStamp(StampFlaw.PUBLIC_KEY);
        }
    }

    private static byte @Nullable [] decode(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return null;
        }
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException repeatsTheInput) {
            return null;
        }
        // The JDK takes padding and stray bits in the last character.
        return encode(decoded).equals(text) ? decoded : null;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What to send as {@code X-Stamp}; the member order is that of Turnkey's TypeScript stamper. */
    public String headerValue() {
        String json = "{\"publicKey\":\"" + publicKey.compressedHex() + "\",\"scheme\":\"" + SCHEME
                + "\",\"signature\":\"" + Hex.encode(derSignature()) + "\"}";
        return encode(json.getBytes(StandardCharsets.US_ASCII));
    }

    /** The key that the stamp names. Whoever verifies compares it with the key that it expects. */
    public P256PublicKey publicKey() {
        return publicKey;
    }

    /** Strict DER, at most 72 bytes. */
    public byte[] derSignature() {
        return signature.toDer();
    }

    /** Whether this is a signature of the named key over these bytes: ECDSA with SHA-256 (FIPS 186-5, 6.4.2), S high or low. */
    public boolean signs(byte[] body) {
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, new ECPublicKeyParameters(publicKey.point(), P256.DOMAIN));
        return verifier.verifySignature(Sha256.of(body), signature.r(), signature.s());
    }

    @Override
    public String toString() {
        return "Stamp[<redacted>]";
    }
}
