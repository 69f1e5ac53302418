package finance.votis.sessions.scene;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.WireCut;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Stand-ins, clock, secrets and log of one test. */
public final class Scene implements AutoCloseable {

    public static final Instant START = Instant.parse("2026-11-23T21:00:00Z");
    public static final String REQUEST_ID = "JKJaXmPLvHcESHA=";
    public static final Duration AMPLE = Duration.ofSeconds(30);

    /** Of the two functions that the delegate makes sessions for. */
    public static final List<String> LOG_GROUPS = List.of("client-session", "read-only-session");

    private static final String ORGANIZATION_CLAIM = "turnkey_organization_id";
    private static final String USER_CLAIM = "turnkey_user_id";

    static {
        // Found by the SDK's default chain.
        System.setProperty("aws.accessKeyId", "AKIALOCALTESTSONLY00");
        System.setProperty("aws.secretAccessKey", "for-loopback-only");
    }

    private final SettableClock clock = new SettableClock(START);
    private final SecureRandom random = new SecureRandom();
    private final WireCut wire = new WireCut();
    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(clock).random(random).wire(wire).start();
    private final AwsStandIn aws = AwsStandIn.start(BlockingHttpServer.anyPort(), clock, random, wire);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final String delegateSecret = aws.createSecret("delegate", Optional.of(credential(world().delegateKey())));
    private final String watchSecret = aws.createSecret("watch", Optional.of(credential(world().watchKey())));
    private final String adminSecret = aws.createSecret("nightly-admin", Optional.of(credential(world().adminKey())));
    private final String sessionSecret = aws.createSecret("nightly", Optional.of("{\"state\":\"none\"}"));
    private final String wrappingKey = aws.createKey("alias/wrapping");

    public Scene() {
        LOG_GROUPS.forEach(aws::createLogGroup);
    }

    public SettableClock clock() {
        return clock;
    }

    public TurnkeyStandIn turnkey() {
        return turnkey;
    }

    public AwsStandIn aws() {
        return aws;
    }

    /** To both stand-ins. */
    public WireCut wire() {
        return wire;
    }

    public DemoWorld world() {
        return turnkey.demo();
    }

    /** The platform of a function: time stands, pauses are noted and not made, lines are kept. */
    public Platform platform() {
        return new Platform(clock, System::nanoTime, pauses::add, SecureRandom::new, log::add);
    }

    /** The same, its lines also in a log group, where Lambda would deliver them. */
    public Platform platformLoggingTo(String group) {
        return new Platform(clock, System::nanoTime, pauses::add, SecureRandom::new, line -> {
            log.add(line);
            aws.putLogLine(group, "one", line);
        });
    }

    public List<Duration> pauses() {
        return pauses;
    }

    /** All lines so far. */
    public List<String> log() {
        return log;
    }

    public ObjectNode lastLine() {
        return json(log.getLast());
    }

    /** What the template sets, and what Lambda and SAM's CLI set. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", aws.region());
        environment.put("AWS_SAM_LOCAL", "true");
        environment.put("AWS_ENDPOINT_URL_KMS", aws.url().toString());
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url().toString());
        environment.put("TURNKEY_BASE_URL", turnkey.url().toString());
        environment.put("CREDENTIAL_TTL_SECONDS", "300");
        environment.put("DELEGATE_CREDENTIAL", "secret:" + delegateSecret);
        environment.put("SESSIONS_CREDENTIAL", "secret:" + delegateSecret);
        environment.put("ORGANIZATION_CLAIM", ORGANIZATION_CLAIM);
        environment.put("USER_CLAIM", USER_CLAIM);
        environment.put("EXPIRATION_SECONDS_DEFAULT", "900");
        environment.put("EXPIRATION_SECONDS_MIN", "60");
        environment.put("EXPIRATION_SECONDS_MAX", "86400");
        environment.put("RELAY_ACTIVITIES", "create_read_write_session,create_read_only_session");
        environment.put("SERVER_SESSION", "nightly");
        environment.put("SERVER_SESSION_ORGANIZATION_ID", world().parentId());
        environment.put("SERVER_SESSION_SECRET", sessionSecret);
        environment.put("SERVER_SESSION_LIFETIME_MINUTES", "180");
        environment.put("SERVER_SESSION_PERIOD_MINUTES", "55");
        environment.put("SERVER_SESSION_MARGIN_MINUTES", "5");
        environment.put("ADMIN_CREDENTIAL", "secret:" + adminSecret);
        environment.put("WRAPPING_KEY", wrappingKey);
        environment.put("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", aws.url().toString());
        environment.put("MINT_WATCH_CREDENTIAL", "secret:" + watchSecret);
        environment.put("MINT_WATCH_ORGANIZATION_ID", world().parentId());
        environment.put(
                "MINT_WATCH_DELEGATE_KEYS", world().delegateKey().publicKey().compressedHex());
        environment.put("MINT_WATCH_LOG_GROUPS", String.join(",", LOG_GROUPS));
        environment.put("MINT_WATCH_PERIOD_MINUTES", "15");
        environment.put("MINT_WATCH_DELAY_MINUTES", "5");
        environment.put("MINT_WATCH_TURNS", "1");
        environment.put("MINT_WATCH_REQUESTS_PER_SECOND", "50");
        return environment;
    }

    /** As {@link #environment()}, but the company's keys are in KMS: Turnkey knows their public halves, and none of a key in a secret. */
    public Map<String, String> environmentWithKeysInKms() {
        Map<String, String> environment = environment();
        List<String> delegates = world().customers().stream()
                .map(DemoWorld.Customer::delegateUserId)
                .toList();
        String delegate = "kms:" + inKms("alias/delegate", world().delegateKey(), delegates);
        environment.put("DELEGATE_CREDENTIAL", delegate);
        environment.put("SESSIONS_CREDENTIAL", delegate);
        environment.put(
                "ADMIN_CREDENTIAL",
                "kms:" + inKms("alias/nightly-admin", world().adminKey(), List.of(world().adminUserId())));
        return environment;
    }

    private String inKms(String alias, KeyPair instead, List<String> userIds) {
        String arn = aws.createSigningKey(alias);
        for (String userId : userIds) {
            registerAtTurnkey(arn, userId);
            turnkey.world().apiKeys(userId).stream()
                    .filter(key -> key.publicKey().equals(instead.publicKey()))
                    .forEach(key -> turnkey.world().removeApiKey(key.id()));
        }
        return arn;
    }

    /** The public half of a key in KMS becomes a key of this user. */
    public void registerAtTurnkey(String keyArn, String userId) {
        turnkey.world().addApiKey(userId, "in KMS", publicKey(keyArn));
    }

    /** The public half of a key in KMS. */
    public P256PublicKey publicKey(String keyArn) {
        try {
            return P256PublicKey.fromSubjectPublicKeyInfo(aws.publicKey(keyArn));
        } catch (CryptoException.MalformedKey e) {
            throw new AssertionError(e);
        }
    }

    /** How often AWS was asked for this. */
    public long calls(Operation operation) {
        return aws.requests().stream()
                .filter(request -> request.operation() == operation)
                .count();
    }

    /** As {@link #environment()} with some values in place of others. */
    public Map<String, String> environmentWith(Map<String, String> other) {
        Map<String, String> environment = environment();
        environment.putAll(other);
        return environment;
    }

    public String delegateSecret() {
        return delegateSecret;
    }

    public String adminSecret() {
        return adminSecret;
    }

    public String sessionSecret() {
        return sessionSecret;
    }

    public String wrappingKey() {
        return wrappingKey;
    }

    /** Makes the customer that the files of events/ name. */
    public void addCustomerOfEvents() {
        var turnkeyWorld = turnkey.world();
        String delegate = turnkeyWorld.newId();
        turnkeyWorld.addSubOrganization(world().parentId(), Events.ORGANIZATION, "Customer of the events");
        turnkeyWorld.addUser(Events.ORGANIZATION, Events.USER, "User of the events");
        turnkeyWorld.addUser(Events.ORGANIZATION, delegate, "Delegate");
        addSession(Events.USER, Events.SESSION, "Client session tablet", Duration.ofHours(1));
        turnkeyWorld.addSessionKey(
                Events.USER, turnkeyWorld.newId(), "Client session phone", stampedByEvents(), Duration.ofHours(1));
        turnkeyWorld.addApiKey(delegate, "backend", world().delegateKey().publicKey());
        turnkeyWorld.addPolicyFile(
                Events.ORGANIZATION, "delegate-creates-read-write-sessions.json", Map.of("DELEGATE_USER_ID", delegate));
        turnkeyWorld.addPolicyFile(
                Events.ORGANIZATION,
                "delegate-deletes-keys-of-end-user.json",
                Map.of("DELEGATE_USER_ID", delegate, "END_USER_ID", Events.USER));
    }

    private static P256PublicKey stampedByEvents() {
        try {
            return P256PublicKey.fromCompressedHex(Events.STAMPED_BY);
        } catch (CryptoException.MalformedKey e) {
            throw new AssertionError(e);
        }
    }

    /** A session of a user, made now by no request. */
    public void addSession(String userId, String id, String name, Duration lifetime) {
        turnkey.world().addSessionKey(userId, id, name, KeyPair.generate(random).publicKey(), lifetime);
    }

    public static Context context() {
        return new TestContext(AMPLE);
    }

    /** A call as the gateway passes it on, of a customer with a verified token. */
    public APIGatewayV2HTTPEvent call(DemoWorld.Customer caller, String body) {
        return call(
                Map.of(ORGANIZATION_CLAIM, caller.organizationId(), USER_CLAIM, caller.userId()), Optional.of(body));
    }

    public APIGatewayV2HTTPEvent call(DemoWorld.Customer caller) {
        return call(Map.of(ORGANIZATION_CLAIM, caller.organizationId(), USER_CLAIM, caller.userId()), Optional.empty());
    }

    public static APIGatewayV2HTTPEvent call(Map<String, String> claims, Optional<String> body) {
        var authorizer = APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                .withJwt(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT
                        .builder()
                        .withClaims(claims)
                        .build())
                .build();
        var request = APIGatewayV2HTTPEvent.RequestContext.builder()
                .withRequestId(REQUEST_ID)
                .withAuthorizer(authorizer)
                .build();
        Map<String, String> headers = new HashMap<>(Map.of("authorization", "Bearer checked-by-the-gateway"));
        body.ifPresent(text -> headers.put("content-type", "application/json"));
        var event = APIGatewayV2HTTPEvent.builder().withHeaders(headers).withRequestContext(request);
        body.ifPresent(event::withBody);
        return event.build();
    }

    /** Status, and of a problem its type and pointer, in one line. */
    public static String summary(APIGatewayV2HTTPResponse response) {
        ObjectNode body = response.getBody() == null ? Json.newObject() : json(response.getBody());
        String type = body.path("type").asText();
        return (response.getStatusCode() + " " + type.substring(type.lastIndexOf(':') + 1) + " "
                        + body.path("pointer").asText())
                .strip();
    }

    public static ObjectNode json(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8)).orElseThrow(() -> new AssertionError("no JSON"));
    }

    public static String credential(KeyPair key) {
        return Json.text(Json.newObject()
                .put("publicKey", key.publicKey().compressedHex())
                .put("privateKey", key.dangerouslyPrivateKeyHex()));
    }

    /** An operator's client. */
    public SecretsManagerClient secretsManager() {
        return SecretsManagerClient.builder()
                .endpointOverride(aws.url())
                .region(Region.of(aws.region()))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /** An admin job's client. */
    public KmsClient kms() {
        return KmsClient.builder()
                .endpointOverride(aws.url())
                .region(Region.of(aws.region()))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    public void putSecret(String secretId, String value) {
        try (SecretsManagerClient client = secretsManager()) {
            client.putSecretValue(request -> request.secretId(secretId).secretString(value));
        }
    }

    public void putBinarySecret(String secretId, byte[] value) {
        try (SecretsManagerClient client = secretsManager()) {
            client.putSecretValue(request -> request.secretId(secretId).secretBinary(SdkBytes.fromByteArray(value)));
        }
    }

    @Override
    public void close() {
        turnkey.close();
        aws.close();
    }
}
