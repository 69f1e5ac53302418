package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.vectors.VectorCase.MalformedCaseException;
import java.util.Arrays;

/** Pairs, public keys alone in the form that the caller expected, private keys alone. */
final class KeyCases implements Kind.Cases {

    @Override
    public boolean accepts(VectorCase toCheck) throws MalformedCaseException, CryptoException {
        return switch (toCheck.text("kind")) {
            case "keyPair" -> isPair(toCheck);
            case "publicKey" -> isPublicKey(toCheck);
            case "privateKey" -> isPrivateKey(toCheck);
            default -> throw new MalformedCaseException("its kind is not known");
        };
    }

    private static boolean isPair(VectorCase pair) throws MalformedCaseException, CryptoException {
        try (P256PrivateKey privateKey = P256PrivateKey.fromHex(pair.text("privateKey"))) {
            P256PublicKey publicKey = privateKey.publicKey();
            boolean theSame = publicKey.equals(P256PublicKey.fromCompressedHex(pair.text("publicKeyCompressed")))
                    && publicKey.equals(P256PublicKey.fromUncompressedHex(pair.text("publicKeyUncompressed")));
            if (theSame && pair.isValid()) {
                byte[] uncompressed = publicKey.uncompressed();
                pair.expect("privateKey", Inputs.scalar(privateKey));
                pair.expect("publicKeyCompressed", publicKey.compressedHex());
                pair.expect("publicKeyUncompressed", publicKey.uncompressedHex());
                if (pair.has("x")) {
                    pair.expect("x", Arrays.copyOfRange(uncompressed, 1, 33));
                    pair.expect("y", Arrays.copyOfRange(uncompressed, 33, 65));
                    pair.expect("yParity", (uncompressed[64] & 1) == 0 ? "even" : "odd");
                }
            }
            return theSame;
        }
    }

    private static boolean isPublicKey(VectorCase alone) throws MalformedCaseException, CryptoException {
        String hex = alone.text("publicKey");
        String form = alone.text("form");
        P256PublicKey key = switch (form) {
            case "compressed" -> P256PublicKey.fromCompressedHex(hex);
            case "uncompressed" -> P256PublicKey.fromUncompressedHex(hex);
            case "any" ->
                hex.length() == 66 ? P256PublicKey.fromCompressedHex(hex) : P256PublicKey.fromUncompressedHex(hex);
            default -> throw new MalformedCaseException("its form is not known");
        };
        // However a key came in, it goes out in one spelling.
        boolean compressed = hex.length() == 66;
        if (alone.isValid() && !hex.equalsIgnoreCase(compressed ? key.compressedHex() : key.uncompressedHex())) {
            alone.differs("publicKey");
        }
        return true;
    }

    private static boolean isPrivateKey(VectorCase alone) throws MalformedCaseException, CryptoException {
        P256PrivateKey.fromHex(alone.text("privateKey")).close();
        return true;
    }
}
