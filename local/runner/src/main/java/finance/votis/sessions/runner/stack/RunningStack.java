package finance.votis.sessions.runner.stack;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.gateway.BoundRoute;
import finance.votis.sessions.runner.gateway.ContractPages;
import finance.votis.sessions.runner.gateway.ExchangeWitness;
import finance.votis.sessions.runner.gateway.HttpApi;
import finance.votis.sessions.runner.lambda.CodeFolder;
import finance.votis.sessions.runner.lambda.FunctionSettings;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.LogSink;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.lambda.RuntimeClient;
import finance.votis.sessions.runner.lambda.Start;
import finance.votis.sessions.runner.template.ApiResource;
import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.KeyResource;
import finance.votis.sessions.runner.template.References;
import finance.votis.sessions.runner.template.SecretResource;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.iam.AccessRequest;
import finance.votis.sessions.standins.iam.Caller;
import finance.votis.sessions.standins.iam.Identities;
import finance.votis.sessions.standins.iam.ResourcePolicy;
import finance.votis.sessions.standins.iam.Verdict;
import finance.votis.sessions.standins.oidc.OidcIssuer;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Stand-ins, the template's keys, secrets and functions, and its API, all running. What an operator does by hand after a deployment is
 * done: the stamping keys are registered at Turnkey or in their secrets, as the template's parameters say. Thread-safe.
 */
public final class RunningStack implements AutoCloseable {
    /** Long enough for a day at the desk. */
    private static final Duration TOKEN_LIFE = Duration.ofHours(12);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The last one opened is closed first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final TurnkeyStandIn turnkey;
    private final AwsStandIn aws;
    private final Map<String, AwsAccount> accounts = new LinkedHashMap<>();
    private final Identities identities = new Identities();
    private final Rights rights;
    private final Map<String, String> silenced = new ConcurrentHashMap<>();
    private final OidcIssuer issuer;
    private final Surroundings surroundings;
    private final Deployment deployment;
    private final References references;
    private final List<FunctionResource> resources;
    private final Map<String, LambdaFunction> functions = new LinkedHashMap<>();
    private final Map<String, List<LambdaFunction>> furtherOnes = new ConcurrentHashMap<>();
    private final List<String> functionSecretKeys = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> companyScalars = new LinkedHashMap<>();
    private final P256PublicKey delegatePublicKey;
    private final HttpApi api;
    private final Workspace workspace;
    private final RuntimeClient client;
    private final LogSink logs;
    private final InstantSource clock;

    private RunningStack(
            Predicate<FunctionResource> wanted,
            UnaryOperator<ApiResource> edge,
            Template template,
            Optional<CompanyKeys> companyKeys,
            Addresses addresses,
            Workspace workspace,
            InstantSource clock,
            LogSink logs)
            throws TemplateException, IOException {
        this.workspace = workspace;
        this.logs = logs;
        this.clock = clock;
        try {
            issuer = opened(OidcIssuer.start(addresses.issuer(), clock, RANDOM));
            aws = opened(AwsStandIn.start(addresses.aws(), clock, RANDOM, identities));
            turnkey = opened(TurnkeyStandIn.builder()
                    .address(addresses.turnkey())
                    .clock(clock)
                    .random(RANDOM)
                    .start());
            Surroundings services = new Surroundings(
                    turnkey.url(),
                    aws.url(),
                    issuer.url(),
                    aws.region(),
                    aws.accountId(),
                    turnkey.demo().parentId(),
                    companyKeys,
                    Optional.empty(),
                    Map.of(),
                    Map.of());
            Deployment first = services.deployment(template);
            Surroundings made = services.with(Optional.empty(), makeKeys(first), makeSecrets(first));
            surroundings =
                    made.with(Optional.of(delegateKey(first, made).compressedHex()), made.keys(), made.secrets());
            deployment = surroundings.deployment(template);
            references = surroundings.references(deployment);
            resources = deployment.functions(references);
            rights = Rights.of(deployment, references, surroundings, Surroundings.jobs(template));
            rights.grant(identities, aws);
            for (String name : rights.accessKeys().keySet()) {
                accounts.put(
                        name,
                        opened(new AwsAccount(
                                aws.url(), aws.region(), rights.accessKeys().get(name))));
            }
            resources.forEach(resource -> aws.createLogGroup(logGroupOf(resource)));
            client = RuntimeClient.find(workspace.local());
            for (FunctionResource resource : resources) {
                if (!wanted.test(resource)) {
                    continue;
                }
                functions.put(resource.logicalId(), opened(startEnvironment(resource)));
            }
            api = opened(startApi(addresses.api(), clock, edge));
            // While the functions' processes start.
            DemoWorld world = turnkey.demo();
            delegatePublicKey = giveKey(
                    "Delegate",
                    world.delegateKey(),
                    world.customers().stream()
                            .map(DemoWorld.Customer::delegateUserId)
                            .toList());
            if (deployment.hasOutput("MintWatchFunctionName")) {
                giveKey("MintWatch", world.watchKey(), List.of(world.watchUserId()));
            }
            for (FunctionResource resource : resources) {
                if (resource.handlerClass().equals("ServerSessionFunction")) {
                    giveAdmin(resource.logicalId().replace("SessionFunction", ""), world);
                }
            }
        } catch (TemplateException | IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts all and returns when everything listens; functions may still be getting ready.
     *
     * @param companyKeys empty: as the template's defaults say
     * @throws TemplateException if the template cannot be played
     * @throws IOException with a sentence, if something that is needed is not on this machine
     * @throws finance.votis.sessions.standins.http.PortInUseException naming the port
     */
    public static RunningStack start(
            Template template,
            Optional<CompanyKeys> companyKeys,
            Addresses addresses,
            Workspace workspace,
            InstantSource clock,
            LogSink logs)
            throws TemplateException, IOException {
        return new RunningStack(
                any -> true, UnaryOperator.identity(), template, companyKeys, addresses, workspace, clock, logs);
    }

    /** The same, with the company's keys where the template's defaults say. */
    public static RunningStack start(
            Template template, Addresses addresses, Workspace workspace, InstantSource clock, LogSink logs)
            throws TemplateException, IOException {
        return startWith(any -> true, template, addresses, workspace, clock, logs);
    }

    /** The stand-ins, keys and secrets without a function's process: for who starts processes in another way. */
    public static RunningStack withoutFunctions(
            Template template, Optional<CompanyKeys> companyKeys, Workspace workspace, InstantSource clock)
            throws TemplateException, IOException {
        return new RunningStack(
                any -> false,
                UnaryOperator.identity(),
                template,
                companyKeys,
                Addresses.free(),
                workspace,
                clock,
                (function, line) -> {});
    }

    /** The same, but of the functions only those that are wanted; the API has no routes to the others. */
    public static RunningStack startWith(
            Predicate<FunctionResource> wanted,
            Template template,
            Addresses addresses,
            Workspace workspace,
            InstantSource clock,
            LogSink logs)
            throws TemplateException, IOException {
        return startWith(wanted, template, Optional.empty(), addresses, workspace, clock, logs);
    }

    /** Both choices. */
    static RunningStack startWith(
            Predicate<FunctionResource> wanted,
            Template template,
            Optional<CompanyKeys> companyKeys,
            Addresses addresses,
            Workspace workspace,
            InstantSource clock,
            LogSink logs)
            throws TemplateException, IOException {
        return new RunningStack(
                wanted, UnaryOperator.identity(), template, companyKeys, addresses, workspace, clock, logs);
    }

    /**
     * The same, but of the functions only those with a route, and without the template's throttling: for a run that is to drive the functions
     * hard, and not the gateway.
     */
    public static RunningStack startUnthrottled(
            Template template, Addresses addresses, Workspace workspace, InstantSource clock, LogSink logs)
            throws TemplateException, IOException {
        return new RunningStack(
                function -> !function.routes().isEmpty(),
                ApiResource::unthrottled,
                template,
                Optional.empty(),
                addresses,
                workspace,
                clock,
                logs);
    }

    private <T extends AutoCloseable> T opened(T service) {
        open.push(service);
        return service;
    }

    private Map<String, String> makeKeys(Deployment stack) throws TemplateException {
        Map<String, String> arns = new LinkedHashMap<>();
        for (KeyResource key : stack.keys()) {
            String alias = key.aliases().isEmpty()
                    ? "alias/" + key.logicalId()
                    : key.aliases().getFirst();
            arns.put(
                    key.logicalId(),
                    switch (key.kind()) {
                        case WRAPPING -> aws.createKey(alias);
                        case SIGNING -> aws.createSigningKey(alias);
                    });
        }
        return arns;
    }

    private Map<String, String> makeSecrets(Deployment stack) throws TemplateException {
        Map<String, String> arns = new LinkedHashMap<>();
        for (SecretResource secret : stack.secrets()) {
            arns.put(secret.logicalId(), aws.createSecret(secret.logicalId(), secret.firstValue()));
        }
        return arns;
    }

    /** The demo's admin keeps "nightly"; each further session has a user of its own, as it must. */
    private void giveAdmin(String session, DemoWorld world) throws TemplateException {
        if (session.equals("Nightly")) {
            giveKey("NightlyAdmin", world.adminKey(), List.of(world.adminUserId()));
            return;
        }
        String user = turnkey.world().newId();
        KeyPair pair = KeyPair.generate(RANDOM);
        turnkey.world().addUser(world.parentId(), user, session + " admin");
        turnkey.world().addApiKey(user, session + " admin", pair.publicKey());
        giveKey(session + "Admin", pair, List.of(user));
    }

    /**
     * What an operator does after a deployment, as its outputs say: the public half of the key in KMS goes to Turnkey, or a key pair goes
     * into the secret.
     *
     * @param outputs what the names of its outputs begin with
     * @param pair registered at Turnkey for these users; forgotten there if the deployment has no secret for it
     * @return the public half of the key that the functions stamp with
     */
    private P256PublicKey giveKey(String outputs, KeyPair pair, List<String> users) throws TemplateException {
        if (deployment.hasOutput(outputs + "CredentialSecretArn")) {
            account().putSecret(output(outputs + "CredentialSecretArn"), credential(pair));
            companyScalars.put(outputs, HexFormat.of().parseHex(pair.dangerouslyPrivateKeyHex()));
            return pair.publicKey();
        }
        String arn = output(outputs + "SigningKeyArn");
        P256PublicKey inKms = publicKey(arn);
        for (String user : users) {
            ApiKey made = turnkey.world().apiKeys(user).stream()
                    .filter(key -> key.publicKey().equals(pair.publicKey()))
                    .findFirst()
                    .orElseThrow();
            turnkey.world().removeApiKey(made.id());
            turnkey.world().addApiKey(user, "in KMS", inKms);
        }
        companyScalars.put(outputs, aws.dangerouslyPrivateScalar(arn));
        return inKms;
    }

    /** Of the key that will stamp, before anybody has asked for it. */
    private P256PublicKey delegateKey(Deployment stack, Surroundings made) throws TemplateException {
        String inKms = "DelegateSigningKeyArn";
        return stack.hasOutput(inKms)
                ? publicKey(aws.publicKey(stack.output(inKms, made.references(stack))))
                : turnkey.demo().delegateKey().publicKey();
    }

    private P256PublicKey publicKey(String keyArn) {
        return publicKey(account().publicKey(keyArn));
    }

    private static P256PublicKey publicKey(byte[] subjectPublicKeyInfo) {
        try {
            return P256PublicKey.fromSubjectPublicKeyInfo(subjectPublicKeyInfo);
        } catch (CryptoException.MalformedKey e) {
            throw new IllegalStateException("the stand-in gives no public key of P-256", e);
        }
    }

    /**
     * As it starts on this machine. A snapshot is one process's here, so that all rehearsals but the first would only make its start
     * slower.
     */
    static FunctionSettings localSettings(FunctionResource resource, Workspace workspace) throws IOException {
        return settings(resource, workspace).with("SNAPSHOT_REHEARSALS", "1");
    }

    private static FunctionSettings settings(FunctionResource resource, Workspace workspace) throws IOException {
        return new FunctionSettings(
                resource.logicalId(),
                resource.handler(),
                CodeFolder.of(workspace.zip(resource.codeUri()), workspace.local()),
                resource.environment(),
                resource.timeout(),
                resource.memoryMegabytes(),
                resource.logFormat(),
                resource.hasSnapshot() ? Start.SNAPSHOT : Start.ON_DEMAND);
    }

    /** Each function has an access key of its own, so that AWS's stand-in knows its role. */
    static FunctionSettings.Account identity(Surroundings surroundings, String function) {
        byte[] secret = new byte[20];
        RANDOM.nextBytes(secret);
        return new FunctionSettings.Account(
                surroundings.region(),
                surroundings.accountId(),
                Rights.accessKeyOf(function),
                HexFormat.of().formatHex(secret));
    }

    private HttpApi startApi(InetSocketAddress address, InstantSource clock, UnaryOperator<ApiResource> edge)
            throws TemplateException, IOException {
        List<ApiResource> apis = deployment.apis(references);
        if (apis.size() != 1) {
            throw new IOException(
                    "this machine plays one AWS::Serverless::HttpApi, and the template has " + apis.size());
        }
        List<BoundRoute> routes = new ArrayList<>();
        for (FunctionResource resource : resources) {
            for (FunctionResource.Route route : resource.routes()) {
                LambdaFunction function = functions.get(resource.logicalId());
                if (function != null) {
                    routes.add(new BoundRoute(
                            route, event -> leastBusy(resource.logicalId()).invoke(event)));
                }
            }
        }
        return HttpApi.start(
                address,
                aws.accountId(),
                edge.apply(apis.getFirst()),
                routes,
                Optional.of(new ContractPages(workspace.openApi())),
                ServiceLoader.load(ExchangeWitness.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList(),
                clock);
    }

    /**
     * One more execution environment of a function, as Lambda starts when events come faster than they are answered. The caller closes
     * it, before the stack.
     */
    public LambdaFunction startEnvironment(FunctionResource resource) throws IOException {
        return LambdaFunction.start(
                localSettings(resource, workspace), identity(resource), client, logGroup(resource), clock);
    }

    /** What Lambda would be told about a function. */
    public FunctionSettings settings(FunctionResource resource) throws IOException {
        return settings(resource, workspace);
    }

    /** Who a function would be at AWS, with an access key that is made up for this call. */
    public FunctionSettings.Account identity(FunctionResource resource) {
        FunctionSettings.Account identity = identity(surroundings, resource.logicalId());
        functionSecretKeys.add(identity.secretAccessKey());
        return identity;
    }

    /** Lambda writes a function's lines under the function's role, and says nothing where that may not: they are lost. */
    private LogSink logGroup(FunctionResource resource) {
        String function = resource.logicalId();
        Caller caller = identities.caller(Rights.accessKeyOf(function)).orElseThrow();
        String group = logGroupOf(resource);
        String stream = surroundings.logStreamArn(group);
        for (String action : List.of("logs:CreateLogStream", "logs:PutLogEvents")) {
            AccessRequest request = new AccessRequest(caller, action, stream, Map.of());
            if (identities.decide(request, new ResourcePolicy.None()) instanceof Verdict.Denied(String message)) {
                silenced.put(function, message);
                return (name, line) -> {};
            }
        }
        return (name, line) -> {
            aws.putLogLine(group, "local", line);
            logs.line(name, line);
        };
    }

    private static String logGroupOf(FunctionResource resource) {
        return resource.logGroup().orElse("/aws/lambda/" + resource.logicalId());
    }

    /** Functions whose lines go nowhere, since their role may not write them; why, by logical id. */
    public Map<String, String> silenced() {
        return Map.copyOf(silenced);
    }

    /**
     * Gives each function with a route so many execution environments, all ready on return; an event goes to the one with the fewest. To be
     * called once.
     *
     * @throws IOException if one could not be made ready
     */
    public void startEnvironmentsOfRoutes(int number) throws IOException {
        List<LambdaFunction> started = new ArrayList<>();
        for (FunctionResource resource : resources) {
            if (resource.routes().isEmpty() || !functions.containsKey(resource.logicalId())) {
                continue;
            }
            List<LambdaFunction> further = new ArrayList<>();
            for (int i = 1; i < number; i++) {
                further.add(opened(startEnvironment(resource)));
            }
            furtherOnes.put(resource.logicalId(), List.copyOf(further));
            started.addAll(further);
        }
        started.addAll(functions.values());
        for (LambdaFunction environment : started) {
            Optional<Outcome.InitFailed> failure = environment.ready().join();
            if (failure.isPresent()) {
                throw new IOException(
                        environment.name() + " is not ready: " + failure.get().errorType());
            }
        }
    }

    private LambdaFunction leastBusy(String logicalId) {
        return Stream.concat(Stream.of(function(logicalId)), furtherOnes.getOrDefault(logicalId, List.of()).stream())
                .min(Comparator.comparingInt(LambdaFunction::busyWith))
                .orElseThrow();
    }

    private static String credential(KeyPair pair) {
        return "{\"publicKey\":\"" + pair.publicKey().compressedHex() + "\",\"privateKey\":\""
                + pair.dangerouslyPrivateKeyHex() + "\"}";
    }

    /** Completed when every function has had its first init; holds what went wrong, by function. */
    public CompletableFuture<Map<String, Outcome.InitFailed>> ready() {
        Map<String, CompletableFuture<Optional<Outcome.InitFailed>>> all = new LinkedHashMap<>();
        functions.forEach((id, function) -> all.put(id, function.ready()));
        return CompletableFuture.allOf(all.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<String, Outcome.InitFailed> failed = new LinkedHashMap<>();
                    all.forEach((id, init) -> init.join().ifPresent(failure -> failed.put(id, failure)));
                    return failed;
                });
    }

    /** No trailing slash; the others have none either. */
    public URI apiUrl() {
        return api.url();
    }

    public URI turnkeyUrl() {
        return turnkey.url();
    }

    public URI awsUrl() {
        return aws.url();
    }

    public URI issuerUrl() {
        return issuer.url();
    }

    /** What becomes of every answer of the API from now on, on its way to who asked. It is called by many threads at once. */
    public void wayBack(UnaryOperator<Reply> fate) {
        api.wayBack(fate);
    }

    /** One more customer of the company, whose delegate's key is the functions'. */
    public DemoWorld.Customer addCustomer(String name) {
        return turnkey.addCustomer(name, delegatePublicKey);
    }

    public TurnkeyStandIn turnkey() {
        return turnkey;
    }

    /** How often AWS was asked for something, by anybody. */
    public int requestsToAws() {
        return aws.requests().size();
    }

    /** {@link AwsStandIn#resetSecret}. */
    public void resetSecret(String arn, String value) {
        aws.resetSecret(arn, value);
    }

    /** As whoever runs the account. */
    public AwsAccount account() {
        return accountOf(Rights.OPERATOR_NAME);
    }

    /**
     * As somebody else.
     *
     * @param name of a job, {@code NightlyJob}, or of a function, whose role then decides
     */
    public AwsAccount accountOf(String name) {
        AwsAccount account = accounts.get(name);
        if (account == null) {
            throw new IllegalArgumentException("nobody has an access key who is called " + name);
        }
        return account;
    }

    /** Ids of the access keys, by whose they are: {@code operator}, a job or a function. */
    public Map<String, String> accessKeys() {
        return rights.accessKeys();
    }

    Rights rights() {
        return rights;
    }

    /** What AWS's stand-in has decided so far. */
    List<Identities.Decision> decisions() {
        return identities.decisions();
    }

    public List<FunctionResource> functions() {
        return resources;
    }

    /** The running function of this logical id. */
    public LambdaFunction function(String logicalId) {
        LambdaFunction function = functions.get(logicalId);
        if (function == null) {
            throw new IllegalArgumentException("no function runs that is called " + logicalId);
        }
        return function;
    }

    public boolean hasOutput(String name) throws TemplateException {
        return deployment.hasOutput(name);
    }

    /** One of the template's outputs, by which an operator and a job find what a deployment made. */
    public String output(String name) throws TemplateException {
        return deployment.output(name, references);
    }

    /** An access token for a made-up user, with all the scopes that any route asks for. */
    public String token(String subject, String organizationId, String userId) {
        TreeSet<String> scopes = new TreeSet<>();
        for (FunctionResource function : resources) {
            for (FunctionResource.Route route : function.routes()) {
                scopes.addAll(route.scopes());
            }
        }
        return issuer.token(
                subject,
                Surroundings.AUDIENCE,
                Map.of("turnkey_organization_id", organizationId, "turnkey_user_id", userId),
                List.copyOf(scopes),
                TOKEN_LIFE);
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** Of the key that stamps for phones. */
    P256PublicKey delegatePublicKey() {
        return delegatePublicKey;
    }

    /** For a test that looks for leaks: the scalars of the keys that stamp for the company, by what their outputs begin with. */
    public Map<String, byte[]> dangerouslyCompanyKeys() {
        return Map.copyOf(companyScalars);
    }

    /** For a test that looks for leaks: the secret halves of the functions' made-up access keys. */
    public List<String> dangerouslyFunctionSecretKeys() {
        return List.copyOf(functionSecretKeys);
    }

    /** Kills the functions' processes and frees the ports; by then all that functions printed has gone to the sink. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("none of them throws", e);
            }
        }
    }
}
