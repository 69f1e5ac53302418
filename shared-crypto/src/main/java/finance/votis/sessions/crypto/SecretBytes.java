package finance.votis.sessions.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Owns an array of secret bytes, wipes it on {@link #close()} and is of no use afterwards: every method but
 * {@link #isClosed()}, {@link #close()}, {@link #hashCode()} and {@link #toString()} then throws {@link IllegalStateException}.
 *
 * <p>What cannot be wiped on a JVM: copies that the garbage collector left behind when it moved the array, the {@code BigInteger}s
 * that arithmetic makes of a scalar, and the key schedules inside BouncyCastle's engines.
 *
 * <p>Thread-safe: a reader gets the whole value or the exception, never a half-wiped array.
 */
public final class SecretBytes implements AutoCloseable {

    private byte @Nullable [] bytes;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies; the caller keeps its array and wipes it. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** Takes the array itself: from now on it is ours, and zero after {@link #close()}. */
    public static SecretBytes takeOver(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    public synchronized int length() {
        return open().length;
    }

    /** A copy that the caller wipes. */
    public synchronized byte[] dangerouslyCopy() {
        return open().clone();
    }

    public synchronized boolean isClosed() {
        return bytes == null;
    }

    @Override
    public synchronized void close() {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
            bytes = null;
        }
    }

    /** Compares contents in a time that depends on the lengths alone. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof SecretBytes that)) {
            return false;
        }
        byte[] theirs = that.dangerouslyCopy();
        try {
            return sameAs(theirs);
        } finally {
            Arrays.fill(theirs, (byte) 0);
        }
    }

    /** The same for all: a hash of the content would give some of it away. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "<redacted>";
    }

    private synchronized boolean sameAs(byte[] theirs) {
        return org.bouncycastle.util.Arrays.constantTimeAreEqual(open(), theirs);
    }

    private byte[] open() {
        if (bytes == null) {
            throw new IllegalStateException("secret bytes used after close");
        }
        return bytes;
    }
}
