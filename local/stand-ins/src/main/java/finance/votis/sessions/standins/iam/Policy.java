package finance.votis.sessions.standins.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.standins.iam.Statement.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A policy document. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">IAM: grammar of the JSON policy
 *     language</a>
 */
public final class Policy {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ACTION = Pattern.compile("\\*|[a-z0-9-]+:[A-Za-z0-9*?]+");
    private static final Pattern AWS_PRINCIPAL = Pattern.compile(
            "\\*|[0-9]{12}|arn:[a-z-]+:(iam|sts)::[0-9]{12}:(root|(role|user|assumed-role)/[\\w+=,.@/-]+)");
    private static final Pattern SERVICE_PRINCIPAL = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com");

    /** Where a policy is attached says which members its statements have. */
    private enum Kind {
        IDENTITY,
        KEY,
        TRUST;

        private Set<String> needed() {
            return switch (this) {
                case IDENTITY -> Set.of("Action", "Resource");
                case KEY -> Set.of("Principal", "Action", "Resource");
                case TRUST -> Set.of("Principal", "Action");
            };
        }
    }

    private final List<Statement> statements;

    private Policy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /** Of a role or a user. */
    public static Policy ofIdentity(String json) {
        return read(json, Kind.IDENTITY);
    }

    /** Of a KMS key. */
    public static Policy ofKey(String json) {
        return read(json, Kind.KEY);
    }

    /** Of a role: who may assume it. */
    public static Policy ofTrust(String json) {
        return read(json, Kind.TRUST);
    }

    boolean allows(AccessRequest request) {
        return has(Effect.ALLOW, request);
    }

    boolean denies(AccessRequest request) {
        return has(Effect.DENY, request);
    }

    private boolean has(Effect effect, AccessRequest request) {
        return statements.stream().anyMatch(one -> one.effect() == effect && one.isAbout(request));
    }

    /** Whether a statement of a resource's policy allows this to the caller, named so. */
    boolean allows(AccessRequest request, Statement.Naming naming) {
        return statements.stream()
                .anyMatch(one ->
                        one.effect() == Effect.ALLOW && one.isAbout(request) && one.names(request.caller()) == naming);
    }

    /** Whether one denies it, to the caller or to the whole account. */
    boolean deniesToCaller(AccessRequest request) {
        return statements.stream()
                .anyMatch(one -> one.effect() == Effect.DENY
                        && one.isAbout(request)
                        && one.names(request.caller()) != Statement.Naming.NOT_AT_ALL);
    }

    private static Policy read(String json, Kind kind) {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new MalformedPolicyException("a policy is JSON");
        }
        require(document.isObject(), "a policy is a JSON object");
        members(document, Set.of("Version", "Id", "Statement"));
        require(
                document.path("Version").asText().equals("2012-10-17"),
                "Version is 2012-10-17: the older one reads some values otherwise");
        JsonNode given = document.path("Statement");
        List<Statement> statements = new ArrayList<>();
        for (JsonNode one : given.isArray() ? given : List.of(given)) {
            statements.add(statement(one, kind));
        }
        require(!statements.isEmpty(), "a policy has a Statement");
        return new Policy(statements);
    }

    private static Statement statement(JsonNode given, Kind kind) {
        require(given.isObject(), "a statement is a JSON object");
        Set<String> known = new TreeSet<>(Set.of("Sid", "Effect", "Condition"));
        known.addAll(kind.needed());
        members(given, known);
        for (String needed : kind.needed()) {
            require(given.has(needed), "a statement of this kind of policy needs " + needed);
        }
        List<String> actions = texts(given.path("Action"), "Action");
        for (String action : actions) {
            require(ACTION.matcher(action).matches(), "an Action is service:Name");
        }
        List<String> resources = kind == Kind.TRUST ? List.of() : texts(given.path("Resource"), "Resource");
        for (String resource : resources) {
            require(resource.equals("*") || resource.startsWith("arn:"), "a Resource is an ARN or *");
            require(!resource.contains("${"), "policy variables are not played here");
        }
        return new Statement(
                switch (given.path("Effect").asText()) {
                    case "Allow" -> Effect.ALLOW;
                    case "Deny" -> Effect.DENY;
                    default -> throw new MalformedPolicyException("Effect is Allow or Deny");
                },
                kind == Kind.IDENTITY ? Set.of() : principals(given.path("Principal")),
                actions,
                resources,
                conditions(given.path("Condition")));
    }

    private static Set<String> principals(JsonNode given) {
        if (given.isTextual()) {
            require(given.asText().equals("*"), "a Principal is * or an object");
            return Set.of("*");
        }
        require(given.isObject() && !given.isEmpty(), "a Principal is * or an object");
        members(given, Set.of("AWS", "Service"));
        Set<String> principals = new TreeSet<>();
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            Pattern form = entry.getKey().equals("AWS") ? AWS_PRINCIPAL : SERVICE_PRINCIPAL;
            for (String one : texts(entry.getValue(), entry.getKey())) {
                require(
                        form.matcher(one).matches(),
                        "a Principal is an account, the ARN of a role or user, or a service");
                principals.add(one);
            }
        }
        return principals;
    }

    private static List<Condition> conditions(JsonNode given) {
        List<Condition> conditions = new ArrayList<>();
        require(given.isMissingNode() || given.isObject(), "a Condition is a JSON object");
        for (Map.Entry<String, JsonNode> operator : given.properties()) {
            require(operator.getValue().isObject(), "under an operator stands a JSON object");
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                List<String> values = texts(key.getValue(), key.getKey());
                require(values.stream().noneMatch(one -> one.contains("${")), "policy variables are not played here");
                conditions.add(Condition.of(operator.getKey(), key.getKey(), values));
            }
        }
        return conditions;
    }

    /** One or a list; also {@code true} and numbers, as JSON has them. */
    private static List<String> texts(JsonNode given, String member) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : given.isArray() ? given : List.of(given)) {
            require(one.isValueNode() && !one.isNull(), member + " is a string or a list of strings");
            texts.add(one.asText());
        }
        require(!texts.isEmpty(), member + " is an empty list");
        return texts;
    }

    private static void members(JsonNode object, Set<String> known) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            require(known.contains(member.getKey()), member.getKey() + " is not played here");
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new MalformedPolicyException(rule);
        }
    }
}
