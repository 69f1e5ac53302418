package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.Stamp;
import java.util.HexFormat;

/**
 * What a vote shows of the stamp that it was given by. Of an API key as in the captures; of a passkey, of which there is none, the scheme and
 * that the key is in COSE are known, and the signature in hex is ours.
 */
record VoteStamp(String credentialType, String publicKey, String signature, String scheme) {
    static VoteStamp of(ApiKey key, Stamp stamp) {
        return new VoteStamp(
                key.type(),
                key.publicKey().compressedHex(),
                HexFormat.of().formatHex(stamp.derSignature()),
                "SIGNATURE_SCHEME_TK_API_P256");
    }

    static VoteStamp of(Authenticator authenticator, Assertion assertion) {
        return new VoteStamp(
                Authenticator.TYPE,
                authenticator.publicKey(),
                assertion.signatureHex(),
                "SIGNATURE_SCHEME_TK_WEBAUTHN");
    }
}
