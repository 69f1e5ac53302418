package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runner.vectors.VectorCase.MalformedCaseException;

/** Keys that a case is run with, and not about: a bad one means a case that cannot be run, not an input that is refused. */
final class Inputs {

    private Inputs() {}

    static P256PrivateKey privateKey(VectorCase in, String name) throws MalformedCaseException {
        try {
            return P256PrivateKey.fromHex(in.text(name));
        } catch (CryptoException refused) {
            throw new MalformedCaseException(name + " is no private key");
        }
    }

    static P256PublicKey compressed(VectorCase in, String name) throws MalformedCaseException {
        try {
            return P256PublicKey.fromCompressedHex(in.text(name));
        } catch (CryptoException refused) {
            throw new MalformedCaseException(name + " is no compressed public key");
        }
    }

    static P256PublicKey uncompressed(VectorCase in, String name) throws MalformedCaseException {
        try {
            return P256PublicKey.fromUncompressedHex(in.text(name));
        } catch (CryptoException refused) {
            throw new MalformedCaseException(name + " is no uncompressed public key");
        }
    }

    /** These are known answers, in the open. */
    static byte[] scalar(P256PrivateKey key) {
        try (SecretBytes scalar = key.dangerouslyCopyScalar()) {
            return scalar.dangerouslyCopy();
        }
    }
}
