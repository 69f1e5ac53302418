package finance.votis.sessions.crypto;

import java.io.IOException;

/** Who signs requests to Turnkey: a key in memory, in a key management service or in secure hardware. */
public interface Stamper {

    P256PublicKey publicKey();

    /**
     * Signs the exact bytes that will be sent.
     *
     * @throws IOException if a remote signer failed; a key in memory never throws it
     */
    Stamp stamp(byte[] body) throws IOException;
}
