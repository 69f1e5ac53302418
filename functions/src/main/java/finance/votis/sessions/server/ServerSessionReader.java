package finance.votis.sessions.server;

import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.AwsFailure;
import finance.votis.sessions.aws.KeyWrap;
import finance.votis.sessions.aws.VersionedSecret;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server session as an admin job uses it. Reads the version at {@code AWSCURRENT} of the session's secret, unwraps its key by KMS and
 * stamps with it. The job's role needs no right to write ({@code docs/operations.md}).
 *
 * <p>The key is read at first use and kept in memory until the session is over, Turnkey refuses the key, or {@link #close}, which wipes it.
 *
 * <p>Whatever reads can throw: {@link AwsFailure} where Secrets Manager or KMS refuses or does not answer in time (a secret that is not
 * there, a key that KMS does not unwrap for this session); {@link ExplainedException} that names the session where there is none yet, it is
 * over and was not renewed, or what is stored is none of ours. Their messages are safe to show.
 *
 * <p>Thread-safe. Only reading and stamping exclude each other, calls of Turnkey do not.
 */
public final class ServerSessionReader implements AutoCloseable {

    /** More than both calls of AWS may take. */
    private static final Duration READING = Duration.ofSeconds(15);

    private static final Pattern SECRET_ARN =
            Pattern.compile("arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\\d{12}:secret:.+");
    private static final Pattern KEY_ARN = Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]+):\\d{12}:key/.+");

    private final SessionVault vault;
    private final String name;
    private final InstantSource clock;
    private @Nullable Held held;
    private boolean isClosed;

    /**
     * All of a session but its key.
     *
     * @param versionId of the secret's version that holds it
     * @param expiresAt from then on Turnkey refuses its key
     */
    public record Session(
            String versionId,
            ApiKeyId apiKeyId,
            P256PublicKey publicKey,
            OrganizationId organizationId,
            UserId userId,
            Instant createdAt,
            Instant expiresAt) {}

    private record Held(LocalStamper stamper, Session session) {}

    /** As {@link #of}, for a job that says where AWS is and what time it is. */
    public ServerSessionReader(
            AwsClients aws,
            String secretArn,
            String wrappingKeyArn,
            OrganizationId organizationId,
            String session,
            InstantSource clock) {
        this.vault = new SessionVault(
                new VersionedSecret(aws, secretArn), new KeyWrap(aws, wrappingKeyArn), session, organizationId);
        this.name = session;
        this.clock = clock;
    }

    /**
     * For a job that has the outputs of the stack, on this machine's clock, with AWS's credentials where the SDK finds them.
     *
     * @param secretArn output {@code <Name>SessionSecretArn}
     * @param wrappingKeyArn output {@code <Name>WrappingKeyArn}, in the same region
     * @param organizationId the organisation at Turnkey that the session was made in
     * @param session its name, as {@code nightly}
     * @throws IllegalArgumentException that names the argument and its rule
     */
    public static ServerSessionReader of(
            String secretArn, String wrappingKeyArn, String organizationId, String session) {
        String region = region(SECRET_ARN, secretArn, "secretArn must be the ARN of a secret");
        if (!region.equals(region(KEY_ARN, wrappingKeyArn, "wrappingKeyArn must be the ARN of a KMS key"))) {
            throw new IllegalArgumentException("secretArn and wrappingKeyArn must name the same region");
        }
        OrganizationId organization = OrganizationId.parse(organizationId)
                .orElseThrow(() -> new IllegalArgumentException("organizationId must be a UUID"));
        var aws = new AwsClients(new AwsPlace(region, Optional.empty(), Optional.empty(), Optional.empty()));
        return new ServerSessionReader(
                aws,
                secretArn,
                wrappingKeyArn,
                organization,
                session,
                Platform.real(Map.of()).clock());
    }

    private static String region(Pattern form, String arn, String rule) {
        Matcher matcher = form.matcher(arn);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(rule);
        }
        return matcher.group(1);
    }

    /** The session that is stamped with now. Reads it if there is none in hand, or the one in hand is over. */
    public Session session(Deadline deadline) {
        return current(deadline).session();
    }

    /**
     * For calls by our client. If Turnkey answers that the key is unknown or over, the session is read once more, and if it has another key by now
     * the call is made once again: so a call must send the same bytes each time.
     *
     * @param deadline of reading
     */
    public <T> Answer<T> stamping(Deadline deadline, Function<Stamper, Answer<T>> call) {
        var stamper = new Current(deadline);
        Answer<T> answer = call.apply(stamper);
        P256PublicKey used = stamper.used;
        return used != null && answer.saysKeyIsGone() && readAgain(used, deadline) ? call.apply(stamper) : answer;
    }

    /**
     * For jobs that speak HTTP themselves: stamps with the session as it is then, so it can be kept as long as the reader. Where Turnkey refuses
     * a stamp with 401, see {@link #readAgain}.
     */
    public Stamper stamper() {
        return new Current(null);
    }

    /**
     * After Turnkey refused a stamp by this key with 401, code {@code PUBLIC_KEY_NOT_FOUND} or {@code API_KEY_EXPIRED}: reads the session again
     * unless another thread did already.
     *
     * @param refused the stamp's {@link Stamp#publicKey}
     * @return true if there is another key by now, so that the same bytes are worth stamping and sending once more
     */
    public boolean readAgain(P256PublicKey refused) {
        return readAgain(refused, Deadline.after(READING));
    }

    private synchronized boolean readAgain(P256PublicKey refused, Deadline deadline) {
        Held mine = held;
        if (mine != null && mine.session().publicKey().equals(refused)) {
            forget();
        }
        return !current(deadline).session().publicKey().equals(refused);
    }

    /** Wipes the key; stamping is refused from now on. */
    @Override
    public synchronized void close() {
        isClosed = true;
        forget();
    }

    private synchronized Stamp stamp(byte[] body, Deadline deadline) {
        return current(deadline).stamper().stamp(body);
    }

    private synchronized Held current(Deadline deadline) {
        if (isClosed) {
            throw new IllegalStateException("reader of the server session " + name + " used after close");
        }
        Held mine = held;
        if (mine != null && isOver(mine.session())) {
            forget();
            mine = null;
        }
        return mine == null ? read(deadline) : mine;
    }

    private Held read(Deadline deadline) {
        SessionVault.Version version = vault.current(deadline);
        SessionState.Credential state = switch (version.state()) {
            case SessionState.Credential credential -> credential;
            case SessionState.None() ->
                throw refused(
                        version, "says that there is no session yet: the function that keeps it has not made one");
            case SessionState.Attempt _ -> throw refused(version, "is none of ours: an attempt is never current");
        };
        SessionCredential credential = vault.open(version, state, deadline);
        SessionCredential.Details details = credential.details();
        var read = new Held(
                new LocalStamper(credential.key()),
                new Session(
                        version.id(),
                        details.apiKeyId(),
                        credential.key().publicKey(),
                        details.organizationId(),
                        details.userId(),
                        details.createdAt(),
                        details.expiresAt()));
        if (isOver(read.session())) {
            read.stamper().close();
            throw refused(
                    version,
                    "is over since " + details.expiresAt() + ": the function that keeps it has not renewed it");
        }
        held = read;
        return read;
    }

    private ExplainedException refused(SessionVault.Version version, String why) {
        return new ExplainedException(
                "the server session " + name + " cannot be used: version " + version.id() + " at AWSCURRENT " + why);
    }

    private boolean isOver(Session session) {
        return !clock.instant().isBefore(session.expiresAt());
    }

    private void forget() {
        if (held != null) {
            held.stamper().close();
            held = null;
        }
    }

    /** Stamps with whatever session is the current one then. */
    private final class Current implements Stamper {
        private final @Nullable Deadline deadline;
        private volatile @Nullable P256PublicKey used;

        /** @param deadline of reading; null: each time a new one */
        Current(@Nullable Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public P256PublicKey publicKey() {
            return session(limit()).publicKey();
        }

        @Override
        public Stamp stamp(byte[] body) {
            Stamp stamp = ServerSessionReader.this.stamp(body, limit());
            used = stamp.publicKey();
            return stamp;
        }

        private Deadline limit() {
            Deadline given = deadline;
            return given == null ? Deadline.after(READING) : given;
        }

        @Override
        public String toString() {
            return "Stamper of the server session " + name;
        }
    }
}
