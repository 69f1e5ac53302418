package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.benchmarks.peer.Command;
import finance.votis.sessions.benchmarks.peer.NodePackages;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.runner.lambda.FunctionSettings;
import finance.votis.sessions.runner.lambda.RuntimeClient;
import finance.votis.sessions.runner.lambda.Start;
import finance.votis.sessions.runner.stack.CompanyKeys;
import finance.votis.sessions.runner.stack.DemoIds;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The stand-ins behind TLS, the events, and how each function is started: ours as the template says, the peer with the same settings. The
 * company's keys lie in secrets, since the peer's packages stamp with keys in memory.
 */
final class Scene implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";

    private final RunningStack stack;
    private final Upstreams upstreams;
    private final Certificate certificate;
    private final RuntimeClient client;
    private final Optional<NodePackages> node;
    private final Path folder;
    private final Map<Job, String> events = new HashMap<>();

    private Scene(RunningStack stack, Workspace workspace, Optional<NodePackages> node, Path folder)
            throws IOException, InterruptedException {
        this.stack = stack;
        this.node = node;
        this.folder = folder;
        this.certificate = Certificate.make(folder);
        this.upstreams = Upstreams.before(stack.turnkeyUrl(), stack.awsUrl(), certificate);
        this.client = RuntimeClient.find(workspace.local());
        for (Job job : Job.values()) {
            events.put(job, Files.readString(workspace.root().resolve("events").resolve(job.event())));
        }
    }

    static Scene open(Workspace workspace, NodePackages node, Path folder) throws IOException, InterruptedException {
        return open(workspace, Optional.of(node), folder);
    }

    /** Ours alone. */
    static Scene withoutPeer(Workspace workspace, Path folder) throws IOException, InterruptedException {
        return open(workspace, Optional.empty(), folder);
    }

    private static Scene open(Workspace workspace, Optional<NodePackages> node, Path folder)
            throws IOException, InterruptedException {
        RunningStack stack;
        try {
            stack = RunningStack.withoutFunctions(
                    Template.read(workspace.template()),
                    Optional.of(CompanyKeys.SECRET),
                    workspace,
                    InstantSource.system());
        } catch (TemplateException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            return new Scene(stack, workspace, node, folder);
        } catch (IOException | InterruptedException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    Upstreams upstreams() {
        return upstreams;
    }

    Path folder() {
        return folder;
    }

    private FunctionResource resource(Job job) throws IOException {
        return stack.functions().stream()
                .filter(any -> any.handlerClass().equals(job.function()))
                .findFirst()
                .orElseThrow(() -> new IOException("template.yaml has no function of the class " + job.function()));
    }

    /** What the template gives it. */
    int megabytes(Job job) throws IOException {
        return resource(job).memoryMegabytes();
    }

    Path zip(Job job) throws IOException {
        return resource(job).codeUri();
    }

    /** Ours, in the packed zip, on Lambda's runtime client. */
    Launch java(Job job, Start start, int megabytes) throws IOException {
        FunctionSettings settings = settings(job, start, megabytes);
        Map<String, String> added = upstreamUrls();
        added.put(
                JAVA_OPTIONS,
                settings.environment().getOrDefault(JAVA_OPTIONS, "") + " -Djavax.net.ssl.trustStore="
                        + certificate.trustStore());
        List<String> command = new ArrayList<>(client.command(start, megabytes, settings.handler()));
        // On Lambda the machine has this much memory and two processors, whatever share of them.
        command.addAll(1, List.of("-XX:-UseContainerSupport", "-XX:MaxRAM=" + megabytes + "m"));
        return new Launch(
                job + "-java", settings, stack.identity(resource(job)), command, settings.code(), added, Set.of());
    }

    /** The peer: the same job, on Node. */
    Launch node(Job job, int megabytes) throws IOException, InterruptedException {
        NodePackages packages = node.orElseThrow();
        String binary = Command.of("sh", "-c", "command -v node").run().strip();
        Path code = packages.bundle(job.toString());
        Map<String, String> added = upstreamUrls();
        added.put("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs20.x");
        added.put("LAMBDA_TASK_ROOT", code.toString());
        added.put("NODE_EXTRA_CA_CERTS", certificate.pem().toString());
        added.put("_HANDLER", "index.handler");
        return new Launch(
                job + "-node",
                settings(job, Start.ON_DEMAND, megabytes),
                stack.identity(resource(job)),
                List.of(binary, packages.folder().resolve("runtime.cjs").toString()),
                code,
                added,
                Set.of(JAVA_OPTIONS));
    }

    private FunctionSettings settings(Job job, Start start, int megabytes) throws IOException {
        return stack.settings(resource(job)).with(start, megabytes);
    }

    private Map<String, String> upstreamUrls() {
        Map<String, String> urls = new HashMap<>();
        urls.put("TURNKEY_BASE_URL", upstreams.turnkey().url().toString());
        for (String service : List.of("KMS", "SECRETS_MANAGER", "CLOUDWATCH_LOGS")) {
            urls.put("AWS_ENDPOINT_URL_" + service, upstreams.aws().url().toString());
        }
        return urls;
    }

    /**
     * One that was never sent before, since Turnkey answers equal requests with what they made once; and what makes a server session finds
     * none there.
     */
    String freshEvent(Job job) throws IOException {
        DemoWorld world = stack.turnkey().demo();
        String event = DemoIds.of(world).in(events.getOrDefault(job, ""));
        return switch (job) {
            case CLIENT ->
                Events.withTarget(event, P256PrivateKey.generate(RANDOM).publicKey());
            case RELAY -> {
                String body = Events.relayBody(
                        world.first(), P256PrivateKey.generate(RANDOM).publicKey(), System.currentTimeMillis());
                yield Events.withStampedBody(event, body, stampOfThePhone(world, body));
            }
            case READ_ONLY, LIST, CANARY, WATCH -> event;
            case SERVER -> {
                forgetServerSession(world);
                yield event;
            }
        };
    }

    private void forgetServerSession(DemoWorld world) throws IOException {
        String arn = resource(Job.SERVER).environment().getOrDefault("SERVER_SESSION_SECRET", "");
        stack.resetSecret(arn, "{\"state\":\"none\"}");
        World turnkey = stack.turnkey().world();
        turnkey.apiKeys(world.adminUserId()).stream()
                .filter(key -> key.lifetime().isPresent())
                .forEach(key -> turnkey.removeApiKey(key.id()));
    }

    private static String stampOfThePhone(DemoWorld world, String body) {
        try (LocalStamper stamper =
                new LocalStamper(P256PrivateKey.fromHex(world.first().userKey().dangerouslyPrivateKeyHex()))) {
            return stamper.stamp(body.getBytes(StandardCharsets.UTF_8)).headerValue();
        } catch (CryptoException.BadScalar e) {
            throw new IllegalStateException("a key of the stand-in is one", e);
        }
    }

    @Override
    public void close() {
        upstreams.close();
        stack.close();
    }
}
