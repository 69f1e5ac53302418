package finance.votis.sessions.aws;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.turnkey.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The company's key that stamps for one duty, wherever it lies: a key pair in a secret, which is read, or a key in KMS, of which only the public
 * half is. Either is read at first use, kept for a limited time, and read anew when the key that was found does not stamp any more.
 *
 * <p>Thread-safe: one call at a time, since a key that is replaced is wiped.
 */
public final class ApiCredential {

    private final KeySource source;
    private final Duration timeToLive;
    private final InstantSource clock;
    private @Nullable Loaded loaded;

    private record Loaded(StampingKey key, Instant until) {}

    public ApiCredential(AwsClients clients, CredentialPlace place, Duration timeToLive, InstantSource clock) {
        this.source = switch (place) {
            case CredentialPlace.Secret secret -> new SecretKeyPair(clients.secretsManager(), secret.secretId());
            case CredentialPlace.KmsKey key -> new KmsSigningKey(clients.kms(), key);
        };
        this.timeToLive = timeToLive;
        this.clock = clock;
    }

    /**
     * Makes a call with the key. If Turnkey answers that the key is unknown or over, or KMS does not sign with it any more, the key is read
     * once more, and if there is another by now (it was rotated, the alias moved) the call is made once again: so a call must send the same
     * bytes each time.
     *
     * @param deadline of reading the key and, for a key in KMS, of signing
     * @throws AwsFailure if AWS refuses to give the key or to sign, or does not answer in time
     * @throws ExplainedException if what is there cannot stamp
     */
    public synchronized <T> Answer<T> stamping(Deadline deadline, Function<Stamper, Answer<T>> call) {
        StampingKey key = current(deadline);
        P256PublicKey used = key.publicKey();
        Answer<T> answer;
        try {
            answer = call.apply(key.stamper(deadline));
        } catch (AwsFailure refused) {
            if (refused.isTransient()) {
                throw refused;
            }
            StampingKey reloaded = load(deadline);
            if (reloaded.publicKey().equals(used)) {
                throw refused;
            }
            return call.apply(reloaded.stamper(deadline));
        }
        if (!answer.saysKeyIsGone()) {
            return answer;
        }
        StampingKey reloaded = load(deadline);
        return reloaded.publicKey().equals(used) ? answer : call.apply(reloaded.stamper(deadline));
    }

    /** Reads the key before it is needed. */
    public synchronized void prepare(Deadline deadline) {
        current(deadline);
    }

    /** Forgets the key and wipes it. */
    public synchronized void forget() {
        if (loaded != null) {
            loaded.key().close();
            loaded = null;
        }
    }

    private StampingKey current(Deadline deadline) {
        Loaded held = loaded;
        return held != null && clock.instant().isBefore(held.until()) ? held.key() : load(deadline);
    }

    private StampingKey load(Deadline deadline) {
        forget();
        Instant asked = clock.instant();
        StampingKey key = source.load(deadline);
        loaded = new Loaded(key, asked.plus(timeToLive));
        return key;
    }
}
