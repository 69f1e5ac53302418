package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.runner.vectors.VectorCase.MalformedCaseException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/** A stamp is taken if it is well made, names the key that is expected and signs the body. */
final class StampCases implements Kind.Cases {

    /** Whose stamps are deterministic (RFC 6979) and not normalised, as ours are. */
    private static final String SIGNS_AS_WE_DO = "purejs";

    private static final BigInteger HALF_OF_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).shiftRight(1);

    @Override
    public boolean accepts(VectorCase toCheck) throws MalformedCaseException, CryptoException {
        P256PublicKey expected = Inputs.compressed(toCheck, "publicKey");
        byte[] body = VectorCase.utf8(toCheck.textOrRepeated("body"));
        String value = toCheck.textOrRepeated("stamp");
        if (toCheck.has("bodySha256")) {
            toCheck.expect("bodySha256", Fingerprint.of(body).substring("sha256:".length()));
        }
        Stamp stamp = Stamp.parse(value);
        if (!stamp.publicKey().equals(expected) || !stamp.signs(body)) {
            return false;
        }
        if (!toCheck.isValid()) {
            return true;
        }
        if (toCheck.has("decoded")) {
            expectParts(toCheck, stamp);
        }
        if (toCheck.has("privateKey")) {
            expectOurs(toCheck, expected, body, stamp);
        }
        return true;
    }

    private static void expectParts(VectorCase toCheck, Stamp stamp) throws MalformedCaseException {
        VectorCase decoded = toCheck.object("decoded");
        byte[] der = stamp.derSignature();
        decoded.expect("publicKey", stamp.publicKey().compressedHex());
        decoded.expect("scheme", "SIGNATURE_SCHEME_TK_API_P256");
        decoded.expect("signature", der);
        // SEQUENCE, its length, INTEGER, its length, r, INTEGER, its length, s: all lengths are of one byte.
        int endOfR = 4 + der[3];
        BigInteger r = new BigInteger(Arrays.copyOfRange(der, 4, endOfR));
        BigInteger s = new BigInteger(Arrays.copyOfRange(der, endOfR + 2, der.length));
        decoded.expect("r", scalarHex(r));
        decoded.expect("s", scalarHex(s));
        decoded.expect("highS", s.compareTo(HALF_OF_ORDER) > 0);
        toCheck.include("decoded", decoded);
    }

    private static String scalarHex(BigInteger scalar) {
        String digits = scalar.toString(16);
        return "0".repeat(64 - digits.length()) + digits;
    }

    private static void expectOurs(VectorCase toCheck, P256PublicKey expected, byte[] body, Stamp official)
            throws MalformedCaseException {
        try (LocalStamper stamper = new LocalStamper(Inputs.privateKey(toCheck, "privateKey"))) {
            Stamp ours = stamper.stamp(body);
            if (!stamper.publicKey().equals(expected) || !ours.signs(body)) {
                toCheck.differs("privateKey");
            } else if (toCheck.has("madeBy") && toCheck.text("madeBy").equals(SIGNS_AS_WE_DO)) {
                HexFormat hex = HexFormat.of();
                if (!hex.formatHex(ours.derSignature()).equals(hex.formatHex(official.derSignature()))) {
                    toCheck.differs("our stamp over the body");
                }
            }
        }
    }
}
