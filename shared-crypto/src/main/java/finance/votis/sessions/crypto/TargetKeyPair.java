package finance.votis.sessions.crypto;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The pair that a credential bundle is sealed to. One-shot: {@link #open} spends and wipes the private half, whether or not it
 * worked. Thread-safe: of two at once, one opens and the other gets {@link IllegalStateException}.
 */
public final class TargetKeyPair implements AutoCloseable {

    private final P256PublicKey publicKey;
    private final AtomicReference<@Nullable P256PrivateKey> privateKey;

    private TargetKeyPair(P256PrivateKey privateKey) {
        this.publicKey = privateKey.publicKey();
        this.privateKey = new AtomicReference<>(privateKey);
    }

    public static TargetKeyPair generate(SecureRandom random) {
        return new TargetKeyPair(P256PrivateKey.generate(random));
    }

    /** Takes ownership of the scalar, 32 bytes big-endian: it is closed with the pair, or at once if it is refused. */
    public static TargetKeyPair fromScalar(SecretBytes scalar) throws CryptoException.BadScalar {
        return new TargetKeyPair(P256PrivateKey.fromScalar(scalar));
    }

    /** Also answers once the pair is spent. */
    public P256PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The private half, to wrap it under a key management service before the bundle is asked for; the caller closes it.
     *
     * @throws IllegalStateException if the pair is spent or closed
     */
    public SecretBytes dangerouslyCopyScalar() {
        return unspent(privateKey.get()).dangerouslyCopyScalar();
    }

    /**
     * Opens the bundle to the session key, which the caller closes.
     *
     * @throws CryptoException.DoesNotOpen if it was sealed to another key, or altered; it does not tell which
     * @throws CryptoException.BadScalar if it opens to something that is no private key
     * @throws IllegalStateException if the pair is spent or closed
     */
    public P256PrivateKey open(CredentialBundle bundle) throws CryptoException.DoesNotOpen, CryptoException.BadScalar {
        try (P256PrivateKey spent = unspent(privateKey.getAndSet(null))) {
            return bundle.open(spent);
        }
    }

    private static P256PrivateKey unspent(@Nullable P256PrivateKey key) {
        if (key == null) {
            throw new IllegalStateException("a target key pair opens one bundle, and this one is spent or closed");
        }
        return key;
    }

    @Override
    public void close() {
        P256PrivateKey unspent = privateKey.getAndSet(null);
        if (unspent != null) {
            unspent.close();
        }
    }

    @Override
    public String toString() {
        return "TargetKeyPair[" + publicKey + ", <redacted>]";
    }
}
