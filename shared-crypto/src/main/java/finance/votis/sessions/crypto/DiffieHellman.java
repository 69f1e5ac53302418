package finance.votis.sessions.crypto;

import java.io.IOException;

/** A private key of P-256 that does Diffie-Hellman: in memory here, in secure hardware on a phone. */
public interface DiffieHellman {

    P256PublicKey publicKey();

    /**
     * The x coordinate of the shared point, 32 bytes big-endian with its leading zeros (RFC 9180, 7.1.4).
     *
     * @throws IOException if the hardware did not answer; a key in memory never throws it
     */
    SecretBytes sharedSecret(P256PublicKey peer) throws IOException;
}
