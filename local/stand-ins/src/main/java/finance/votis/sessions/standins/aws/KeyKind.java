package finance.votis.sessions.standins.aws;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of key that this stand-in makes, as the API names spec, usage and the one algorithm that goes with both. */
enum KeyKind {
    SYMMETRIC("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", "SYMMETRIC_DEFAULT"),
    P256_SIGNING("ECC_NIST_P256", "SIGN_VERIFY", "SigningAlgorithms", "ECDSA_SHA_256"),
    P384_SIGNING("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms", "ECDSA_SHA_384"),
    P256_AGREEMENT("ECC_NIST_P256", "KEY_AGREEMENT", "KeyAgreementAlgorithms", "ECDH");

    private final String spec;
    private final String usage;
    private final String algorithmsMember;
    private final String algorithm;

    KeyKind(String spec, String usage, String algorithmsMember, String algorithm) {
        this.spec = spec;
        this.usage = usage;
        this.algorithmsMember = algorithmsMember;
        this.algorithm = algorithm;
    }

    static Optional<KeyKind> of(String spec, String usage) {
        return Arrays.stream(values())
                .filter(kind -> kind.spec.equals(spec) && kind.usage.equals(usage))
                .findFirst();
    }

    String spec() {
        return spec;
    }

    String usage() {
        return usage;
    }

    /** The member of an answer that lists {@link #algorithm}. */
    String algorithmsMember() {
        return algorithmsMember;
    }

    String algorithm() {
        return algorithm;
    }
}
