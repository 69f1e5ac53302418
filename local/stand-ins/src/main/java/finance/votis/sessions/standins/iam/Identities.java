package finance.votis.sessions.standins.iam;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The roles and users of an account, their access keys, and what was decided for them. Thread-safe. */
public final class Identities {
    /** A stack may be up for days. */
    private static final int MAX_DECISIONS = 10_000;

    /** What somebody asked for, and whether it was allowed. */
    public record Decision(AccessRequest request, boolean allowed) {}

    private record Role(Policy trust, List<Policy> policies) {}

    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, List<Policy>> users = new HashMap<>();
    private final Map<String, Caller> accessKeys = new HashMap<>();
    private final Deque<Decision> decisions = new ArrayDeque<>();

    public synchronized void addRole(String arn, Policy trust, List<Policy> policies) {
        roles.put(arn, new Role(trust, List.copyOf(policies)));
    }

    /** A user with these policies, and an access key of this id. */
    public synchronized void addUser(String arn, List<Policy> policies, String accessKeyId) {
        users.put(arn, List.copyOf(policies));
        accessKeys.put(accessKeyId, Caller.user(arn));
    }

    /**
     * A service takes a role, as Lambda does for a function.
     *
     * @param service such as {@code lambda.amazonaws.com}
     * @param accessKeyId of the session's access key, which counts from now on if the role's trust policy lets the service in
     */
    public synchronized Verdict assumeRole(String service, String roleArn, String session, String accessKeyId) {
        Role role = role(roleArn);
        Verdict verdict = decide(
                new AccessRequest(Caller.service(service), "sts:AssumeRole", roleArn, Map.of()),
                new ResourcePolicy.Trust(role.trust()));
        if (verdict instanceof Verdict.Allowed) {
            accessKeys.put(accessKeyId, Caller.session(roleArn, session));
        }
        return verdict;
    }

    /** Whose access key this is. */
    public synchronized Optional<Caller> caller(String accessKeyId) {
        return Optional.ofNullable(accessKeys.get(accessKeyId));
    }

    public synchronized Verdict decide(AccessRequest request, ResourcePolicy resource) {
        Verdict verdict = Evaluation.of(request, policiesOf(request.caller()), resource);
        if (decisions.size() == MAX_DECISIONS) {
            decisions.removeFirst();
        }
        decisions.addLast(new Decision(request, verdict instanceof Verdict.Allowed));
        return verdict;
    }

    /** Oldest first; the last ten thousand. */
    public synchronized List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    private List<Policy> policiesOf(Caller caller) {
        Role role = roles.get(caller.principal());
        return role != null ? role.policies() : users.getOrDefault(caller.principal(), List.of());
    }

    private Role role(String arn) {
        Role role = roles.get(arn);
        if (role == null) {
            throw new IllegalArgumentException("there is no role " + arn);
        }
        return role;
    }
}
