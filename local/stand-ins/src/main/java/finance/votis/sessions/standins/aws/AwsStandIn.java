package finance.votis.sessions.standins.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.PortInUseException;
import finance.votis.sessions.standins.http.WireCut;
import finance.votis.sessions.standins.iam.Identities;
import finance.votis.sessions.standins.iam.Policy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Secrets Manager, KMS and what is read of CloudWatch Logs, on one port. Requests are signed in form. With {@link Identities} at hand their access key says who asks, and roles'
 * and keys' policies what they may; without, any access key is taken and may do anything. Thread-safe; each operation is atomic.
 */
public final class AwsStandIn implements AutoCloseable {
    /** More than the largest secret of 64 KiB takes with every character escaped. */
    private static final int MAX_BODY = 512 * 1024;

    private final SecretsManager secrets;
    private final Kms kms;
    private final Logs logs;
    private final Faults faults = new Faults();
    private final AwsEndpoint endpoint;
    private final SecureRandom random;
    private final BlockingHttpServer server;

    private AwsStandIn(
            InetSocketAddress address,
            InstantSource clock,
            SecureRandom random,
            WireCut wire,
            Optional<Identities> identities) {
        this.random = random;
        this.secrets = new SecretsManager(Place.LOCAL, clock, random);
        this.kms = new Kms(Place.LOCAL, clock, random);
        this.logs = new Logs(clock, random);
        Optional<Authorization> authorization = identities.map(known -> new Authorization(known, secrets, kms));
        this.endpoint = new AwsEndpoint(secrets, kms, logs, authorization, faults, clock, random);
        this.server = BlockingHttpServer.start(address, MAX_BODY, wire.before(endpoint));
    }

    /**
     * Answers from the return on.
     *
     * @param address {@link BlockingHttpServer#anyPort()} for loopback and a free port
     * @throws PortInUseException naming the port
     */
    public static AwsStandIn start(InetSocketAddress address, InstantSource clock, SecureRandom random) {
        return start(address, clock, random, new WireCut());
    }

    /**
     * The same over a wire that can be cut.
     *
     * @param wire what every request comes over
     */
    public static AwsStandIn start(InetSocketAddress address, InstantSource clock, SecureRandom random, WireCut wire) {
        return new AwsStandIn(address, clock, random, wire, Optional.empty());
    }

    /**
     * The same for these identities alone.
     *
     * @param identities may be added to while it runs
     */
    public static AwsStandIn start(
            InetSocketAddress address, InstantSource clock, SecureRandom random, Identities identities) {
        return new AwsStandIn(address, clock, random, new WireCut(), Optional.of(identities));
    }

    /** What {@code AWS_ENDPOINT_URL_*} is set to, without a trailing slash. */
    public URI url() {
        return server.url();
    }

    /** The region of every ARN; requests may be signed for any. */
    public String region() {
        return Place.LOCAL.region();
    }

    public String accountId() {
        return Place.LOCAL.account();
    }

    /**
     * Makes a symmetric key, unseen in {@link #requests}.
     *
     * @param alias with its {@code alias/}
     * @return the key's ARN
     */
    public String createKey(String alias) {
        return createKey(alias, node());
    }

    /** Makes a key pair of {@code ECC_NIST_P256} and {@code SIGN_VERIFY}; otherwise as {@link #createKey}. */
    public String createSigningKey(String alias) {
        return createKey(alias, node().put("KeySpec", "ECC_NIST_P256").put("KeyUsage", "SIGN_VERIFY"));
    }

    private String createKey(String alias, ObjectNode kind) {
        String arn = kms.createKey(input(Operation.Service.KMS, kind))
                .path("KeyMetadata")
                .path("Arn")
                .textValue();
        kms.createAlias(
                input(Operation.Service.KMS, node().put("AliasName", alias).put("TargetKeyId", arn)));
        return arn;
    }

    /** In place of the policy that a key has from the beginning, which leaves all to the account's policies; unseen in {@link #requests}. */
    public void setKeyPolicy(String keyArn, Policy policy) {
        kms.setPolicy(keyArn, policy);
    }

    /**
     * DER of the public half's SubjectPublicKeyInfo, unseen in {@link #requests}.
     *
     * @param keyArn of a key pair
     */
    public byte[] publicKey(String keyArn) {
        String base64 = kms.getPublicKey(input(Operation.Service.KMS, node().put("KeyId", keyArn)))
                .path("PublicKey")
                .textValue();
        return Base64.getDecoder().decode(base64);
    }

    /** The 32 bytes of a key pair's private half, which AWS shows to nobody: for a test that looks for them. */
    public byte[] dangerouslyPrivateScalar(String keyArn) {
        return kms.dangerouslyScalar(keyArn);
    }

    /**
     * Makes a secret, unseen in {@link #requests}.
     *
     * @param value of its first version, which is {@code AWSCURRENT}; empty: a secret without a version
     * @return the secret's complete ARN
     */
    public String createSecret(String name, Optional<String> value) {
        ObjectNode input = node().put("Name", name)
                .put("ClientRequestToken", RandomIds.uuid(random).toString());
        value.ifPresent(text -> input.put("SecretString", text));
        return secrets.create(input(Operation.Service.SECRETS_MANAGER, input))
                .path("ARN")
                .textValue();
    }

    /**
     * Forgets all versions of a secret and puts one, under the same ARN, as no call of AWS can: for who runs a function more often than a
     * secret has versions in a day. Unseen in {@link #requests}.
     */
    public void resetSecret(String arn, String value) {
        secrets.reset(arn, value);
    }

    /**
     * A group that has no line yet, unseen in {@link #requests}.
     *
     * @param name one that is there already stays as it is
     */
    public void createLogGroup(String name) {
        logs.createGroup(name);
    }

    /**
     * A line as Lambda delivers it, now, and read from now on; unseen in {@link #requests}.
     *
     * @param group made if it is not there
     */
    public void putLogLine(String group, String stream, String line) {
        logs.put(group, stream, line);
    }

    /** What came in over the wire, oldest first; the last ten thousand. */
    public List<RecordedRequest> requests() {
        return endpoint.requests();
    }

    public Faults faults() {
        return faults;
    }

    @Override
    public void close() {
        server.close();
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static Input input(Operation.Service service, ObjectNode members) {
        return Input.parse(service, members.toString().getBytes(StandardCharsets.UTF_8));
    }
}
