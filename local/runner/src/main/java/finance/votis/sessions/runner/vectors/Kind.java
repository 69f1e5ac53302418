package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.runner.vectors.VectorCase.MalformedCaseException;
import java.util.Locale;
import java.util.Optional;

/** What the cases of one file are about. */
enum Kind {
    KEYS,
    STAMPS,
    BUNDLES,
    HPKE;

    /** How a kind checks its cases. */
    interface Cases {
        /**
         * Notes in the case each expected value that differs, if the case is valid.
         *
         * @return whether the input was taken
         * @throws CryptoException if it was not
         * @throws MalformedCaseException if the case cannot be run
         */
        boolean accepts(VectorCase toCheck) throws MalformedCaseException, CryptoException;
    }

    private Cases cases() {
        return switch (this) {
            case KEYS -> new KeyCases();
            case STAMPS -> new StampCases();
            case BUNDLES -> new BundleCases();
            case HPKE -> new HpkeCases();
        };
    }

    /** @param name of a file, without its ending */
    static Optional<Kind> named(String name) {
        for (Kind kind : values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    void check(VectorCase toCheck) {
        try {
            toCheck.expectVerdict(accepts(toCheck));
        } catch (MalformedCaseException malformed) {
            toCheck.differs("cannot be run: " + malformed.getMessage());
        } catch (RuntimeException bug) {
            // Bad input is to be refused as such. Its own text may repeat the input.
            toCheck.differs("ended in " + bug.getClass().getSimpleName());
        }
    }

    private boolean accepts(VectorCase toCheck) throws MalformedCaseException {
        try {
            return cases().accepts(toCheck);
        } catch (CryptoException refused) {
            return false;
        }
    }
}
