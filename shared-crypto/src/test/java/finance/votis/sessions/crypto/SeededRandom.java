package finance.votis.sessions.crypto;

import java.security.SecureRandom;
import java.util.Random;

/** The same bytes in every run, so that a failed property can be seen again. */
final class SeededRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;
    private final Random random;

    SeededRandom(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
