package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** A made-up key of the demo world, whose private half a test may have. It lives as long as the process. */
public final class KeyPair {
    private final P256PrivateKey key;

    private KeyPair(P256PrivateKey key) {
        this.key = key;
    }

    public static KeyPair generate(SecureRandom random) {
        return new KeyPair(P256PrivateKey.generate(random));
    }

    public P256PublicKey publicKey() {
        return key.publicKey();
    }

    /** Stamps with this key; closing it leaves this pair alone. */
    public LocalStamper stamper() {
        return new LocalStamper(dangerouslyCopy());
    }

    /** 64 lower-case hex digits, as a credential's {@code privateKey} has them. */
    public String dangerouslyPrivateKeyHex() {
        try (SecretBytes scalar = key.dangerouslyCopyScalar()) {
            byte[] bytes = scalar.dangerouslyCopy();
            String hex = HexFormat.of().formatHex(bytes);
            Arrays.fill(bytes, (byte) 0);
            return hex;
        }
    }

    private P256PrivateKey dangerouslyCopy() {
        try {
            return P256PrivateKey.fromScalar(key.dangerouslyCopyScalar());
        } catch (CryptoException.BadScalar e) {
            throw new IllegalStateException("a scalar that was one is none", e);
        }
    }

    @Override
    public String toString() {
        return "KeyPair[" + publicKey() + ", <redacted>]";
    }
}
