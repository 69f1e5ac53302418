package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.EventFile;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.iam.AccessRequest;
import finance.votis.sessions.standins.iam.Evaluation;
import finance.votis.sessions.standins.iam.Identities;
import finance.votis.sessions.standins.iam.Policy;
import finance.votis.sessions.standins.iam.ResourcePolicy;
import finance.votis.sessions.standins.iam.Verdict;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * No statement of the template's policies is too much: what all functions, a job and an operator asked for in whole runs is decided once
 * more without each statement, and without each action in it, and something that was allowed must then be denied. What is denied, the
 * stand-in refuses: {@code AuthorizationTest} and {@code WrongTemplateIT}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSIONS_STAMPED_BY = "AllowedValues: [delegate, kms, secret]\n    Default: delegate";

    /** What people may do who govern the account; that they may, is shown by one action of each statement. */
    private static final String ACCOUNT = ":root";

    /** What AWS's own services do, none of which is played here: Logs with the key of the logs, Lambda with what a function failed on. */
    private static final Pattern OF_SERVICES =
            Pattern.compile("a key lets .*\"Principal\":\\{\"Service\":\"logs\\.|may .*\"Action\":\"sqs:SendMessage\"");

    /** What a run had of rights, and what was allowed by them. */
    private record Run(Rights rights, List<AccessRequest> allowed) {}

    @TempDir
    private static Path folder;

    private final List<Run> runs = new ArrayList<>();

    @BeforeAll
    void runAll() throws Exception {
        runs.add(run(Checkout.template(), CompanyKeys.KMS, any -> true));
        runs.add(run(Checkout.template(), CompanyKeys.SECRET, any -> true));
        for (CompanyKeys kind : CompanyKeys.values()) {
            String own = Checkout.template(
                    SESSIONS_STAMPED_BY, SESSIONS_STAMPED_BY.replace("Default: delegate", "Default: " + kind.kind()));
            runs.add(run(own, kind, function -> function.handlerClass().equals("SessionsFunction")));
        }
    }

    @Test
    void withoutAnyOneStatementOrActionSomethingIsDenied() {
        assertThat(unneeded(runs)).isEmpty();
    }

    @Test
    void aRightThatNobodyNeedsIsFound() {
        Run first = runs.getFirst();
        Map<String, List<String>> own = new HashMap<>(first.rights().own());
        own.replaceAll((arn, policies) -> arn.endsWith("NightlyCanaryRole")
                ? policies.stream()
                        .map(policy -> policy.replace(
                                "\"secretsmanager:GetSecretValue\"",
                                "[\"secretsmanager:GetSecretValue\",\"secretsmanager:DescribeSecret\"]"))
                        .toList()
                : policies);
        Rights rights = first.rights();
        Run run = new Run(
                new Rights(rights.trusts(), own, rights.keys(), rights.sessions(), rights.operatorArn()),
                first.allowed());
        List<Run> all = new ArrayList<>(runs);
        all.set(0, run);

        assertThat(unneeded(all)).singleElement().asString().contains("NightlyCanaryRole", "DescribeSecret");
    }

    private static Run run(String template, CompanyKeys companyKeys, Predicate<FunctionResource> wanted)
            throws Exception {
        List<String> logs = new ArrayList<>();
        try (RunningStack stack = RunningStack.startWith(
                wanted,
                Template.parse("template.yaml", template, Checkout.root()),
                Optional.of(companyKeys),
                Addresses.free(),
                Checkout.workspace(folder),
                InstantSource.system(),
                (function, line) -> {
                    synchronized (logs) {
                        logs.add(function + ": " + line);
                    }
                })) {
            stack.ready().join();
            // First who keeps a session: others use it.
            for (FunctionResource function : stack.functions()) {
                if (wanted.test(function) && function.handlerClass().equals("ServerSessionFunction")) {
                    keepThroughAKill(stack, function);
                }
            }
            for (FunctionResource function : stack.functions()) {
                if (wanted.test(function)) {
                    Outcome outcome = stack.function(function.logicalId())
                            .invoke(event(stack, function))
                            .join()
                            .outcome();
                    assertThat(outcome).as(logs.toString()).isInstanceOf(Outcome.Answered.class);
                }
            }
            if (wanted.test(sessionKeeper(stack))) {
                useAsAJob(stack);
            }
            for (String key : stack.surroundings().keys().values()) {
                assertThat(stack.account().keyState(key)).isEqualTo("Enabled");
            }
            List<AccessRequest> allowed = stack.decisions().stream()
                    .filter(Identities.Decision::allowed)
                    .map(Identities.Decision::request)
                    .toList();
            return new Run(stack.rights(), allowed);
        }
    }

    private static FunctionResource sessionKeeper(RunningStack stack) {
        return stack.functions().stream()
                .filter(function -> function.handlerClass().equals("ServerSessionFunction"))
                .findFirst()
                .orElseThrow();
    }

    private static void keepThroughAKill(RunningStack stack, FunctionResource keeper) throws Exception {
        LambdaFunction function = stack.function(keeper.logicalId());
        stack.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetAfterEffect(function::kill));
        assertThat(function.invoke(event(stack, keeper)).join().outcome()).isInstanceOf(Outcome.Crashed.class);
        assertThat(function.invoke(event(stack, keeper)).join().outcome().payload())
                .contains("recovered");
        // Somebody puts the version before back, so that the run finds a key of Turnkey's whose version is no longer
        // current.
        stack.account().putBack(stack.output(keeper.logicalId().replace("Function", "SecretArn")));
        assertThat(function.invoke(event(stack, keeper)).join().outcome().payload())
                .contains("created");
    }

    private static void useAsAJob(RunningStack stack) throws Exception {
        AwsAccount job = stack.accountOf("NightlyJob");
        String secret = stack.output("NightlySessionSecretArn");
        String key = stack.output("NightlyWrappingKeyArn");
        JsonNode version = JSON.readTree(job.currentSecret(secret));
        byte[] wrapped = Base64.getDecoder().decode(version.path("wrapped").asText());
        Map<String, String> context = Map.of(
                "app", "votis-sessions",
                "purpose", "credential",
                "organization", stack.turnkey().demo().parentId(),
                "session", "nightly",
                "publicKey", version.path("publicKey").asText());

        assertThat(job.decrypt(key, wrapped, context)).isNotEmpty();
        // Neither may a job read what is being made, nor an operator unwrap anything.
        assertThatThrownBy(() -> job.secretVersion(secret, "0".repeat(32)))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("no identity-based policy allows the secretsmanager:GetSecretValue action");
        assertThatThrownBy(() -> stack.account().decrypt(key, wrapped, context))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("user/operator is not authorized to perform: kms:Decrypt on resource: " + key
                        + " because no resource-based policy allows the kms:Decrypt action");
    }

    /** Of its schedule, or of a route the one that is called after its class. */
    private static String event(RunningStack stack, FunctionResource function) throws IOException {
        if (function.routes().isEmpty()) {
            return function.schedules().getFirst().input();
        }
        return DemoIds.of(stack.turnkey().demo()).in(EventFile.plain(function).text());
    }

    /** Statements and actions without which everything that was asked for in all runs would still be allowed, by what they are part of. */
    private static List<String> unneeded(List<Run> runs) {
        Map<String, Boolean> needed = new TreeMap<>();
        for (Run run : runs) {
            Rights rights = run.rights();
            rights.trusts()
                    .forEach((role, trust) -> without(trust)
                            .forEach((what, less) -> note(
                                    needed,
                                    role + " is assumed by " + what,
                                    run.allowed().stream()
                                            .filter(request ->
                                                    request.resource().equals(role))
                                            .anyMatch(request -> denied(
                                                    request,
                                                    List.of(),
                                                    new ResourcePolicy.Trust(Policy.ofTrust(less)))))));
            rights.own().forEach((principal, policies) -> {
                if (principal.equals(rights.operatorArn())) {
                    return;
                }
                for (int i = 0; i < policies.size(); i++) {
                    int at = i;
                    without(policies.get(at)).forEach((what, less) -> {
                        List<String> left = new ArrayList<>(policies);
                        left.set(at, less);
                        note(
                                needed,
                                principal + " may " + what,
                                run.allowed().stream()
                                        .filter(request ->
                                                request.caller().principal().equals(principal))
                                        .anyMatch(request -> denied(request, own(left), key(rights, request))));
                    });
                }
            });
            rights.keys()
                    .forEach((key, policy) -> without(policy)
                            .forEach((what, less) -> note(
                                    needed,
                                    key.replaceAll("key/.*", "a key") + " lets " + what,
                                    run.allowed().stream()
                                            .filter(request ->
                                                    request.resource().equals(key))
                                            .anyMatch(request -> denied(
                                                    request,
                                                    own(rights.own()
                                                            .getOrDefault(
                                                                    request.caller()
                                                                            .principal(),
                                                                    List.of())),
                                                    new ResourcePolicy.OfKey(Policy.ofKey(less)))))));
        }
        return needed.entrySet().stream()
                .filter(one -> !one.getValue())
                .map(Map.Entry::getKey)
                .filter(what -> !OF_SERVICES.matcher(what).find())
                .toList();
    }

    private static void note(Map<String, Boolean> needed, String what, boolean isNeeded) {
        // What only the run is called that it was in.
        String name = what.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "an id")
                .replaceAll("(secret:\\w+)-\\w{6}", "$1");
        needed.merge(name, isNeeded, Boolean::logicalOr);
    }

    private static boolean denied(AccessRequest request, List<Policy> own, ResourcePolicy resource) {
        return Evaluation.of(request, own, resource) instanceof Verdict.Denied;
    }

    private static List<Policy> own(List<String> policies) {
        return policies.stream().map(Policy::ofIdentity).toList();
    }

    private static ResourcePolicy key(Rights rights, AccessRequest request) {
        String policy = rights.keys().get(request.resource());
        return policy == null ? new ResourcePolicy.None() : new ResourcePolicy.OfKey(Policy.ofKey(policy));
    }

    /** The policy without one statement, or without one of several actions in it, by what was taken out. */
    private static Map<String, String> without(String policy) {
        Map<String, String> all = new LinkedHashMap<>();
        try {
            JsonNode statements = JSON.readTree(policy).path("Statement");
            for (int i = 0; i < statements.size(); i++) {
                String statement = statements.get(i).toString();
                ObjectNode less = (ObjectNode) JSON.readTree(policy);
                // A policy has a statement: one that is about nothing stands for none.
                ((ObjectNode) less.path("Statement").get(i)).put("Action", "nothing:Nothing");
                all.put(statement, less.toString());
                JsonNode actions = statements.get(i).path("Action");
                boolean ofTheAccount =
                        statements.get(i).path("Principal").toString().contains(ACCOUNT);
                for (int a = 0; actions.isArray() && !ofTheAccount && a < actions.size(); a++) {
                    ObjectNode fewer = (ObjectNode) JSON.readTree(policy);
                    ((ArrayNode) fewer.path("Statement").get(i).path("Action")).set(a, "nothing:Nothing");
                    all.put(actions.get(a).asText() + " of " + statement, fewer.toString());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }
}
