package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Hpke;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runner.vectors.VectorCase.MalformedCaseException;
import java.io.ByteArrayOutputStream;

/** A bundle is taken if it opens to a private key. */
final class BundleCases implements Kind.Cases {

    @Override
    public boolean accepts(VectorCase toCheck) throws MalformedCaseException, CryptoException {
        try (P256PrivateKey recipient = Inputs.privateKey(toCheck, "recipientPrivateKey");
                TargetKeyPair target = TargetKeyPair.fromScalar(recipient.dangerouslyCopyScalar())) {
            toCheck.expect("recipientPublicKey", target.publicKey().uncompressedHex());
            CredentialBundle bundle = CredentialBundle.parse(toCheck.textOrRepeated("bundle"));
            try (P256PrivateKey session = target.open(bundle)) {
                if (!toCheck.isValid()) {
                    return true;
                }
                if (!bundle.text().equals(toCheck.textOrRepeated("bundle"))) {
                    toCheck.differs("bundle");
                }
                toCheck.expect("privateKey", Inputs.scalar(session));
                toCheck.expect("publicKey", session.publicKey().compressedHex());
            }
            expectParts(toCheck, recipient);
            return true;
        }
    }

    /** The two parts inside the bundle, opened by HPKE alone. */
    private static void expectParts(VectorCase toCheck, P256PrivateKey recipient) throws MalformedCaseException {
        P256PublicKey enc = Inputs.compressed(toCheck, "enc");
        ByteArrayOutputStream aad = new ByteArrayOutputStream();
        aad.writeBytes(enc.uncompressed());
        aad.writeBytes(recipient.publicKey().uncompressed());
        try (Hpke.OpenContext context = Hpke.setupBaseR(enc, recipient, VectorCase.utf8("turnkey_hpke"));
                SecretBytes scalar = context.open(aad.toByteArray(), toCheck.hex("ciphertext"))) {
            toCheck.expect("privateKey", scalar.dangerouslyCopy());
        } catch (CryptoException.DoesNotOpen _) {
            toCheck.differs("enc or ciphertext");
        }
    }
}
