package finance.votis.sessions.standins.iam;

import finance.votis.sessions.standins.iam.Statement.Naming;
import java.util.List;
import java.util.Optional;

/**
 * AWS's rules within one account: nothing is allowed unless a statement allows it, and a statement that denies it beats all that allow.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">IAM: policy evaluation logic</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html">IAM: access denied messages</a>
 */
public final class Evaluation {
    private Evaluation() {}

    /**
     * Decides.
     *
     * @param own the policies attached to the caller
     */
    public static Verdict of(AccessRequest request, List<Policy> own, ResourcePolicy resource) {
        Optional<Policy> policy = switch (resource) {
            case ResourcePolicy.None() -> Optional.empty();
            case ResourcePolicy.OfKey(Policy ofKey) -> Optional.of(ofKey);
            case ResourcePolicy.Trust(Policy trust) -> Optional.of(trust);
        };
        if (own.stream().anyMatch(one -> one.denies(request))) {
            return denied(request, "with an explicit deny in an identity-based policy");
        }
        if (policy.filter(one -> one.deniesToCaller(request)).isPresent()) {
            return denied(request, "with an explicit deny in a resource-based policy");
        }
        if (policy.filter(one -> one.allows(request, Naming.BY_ITSELF)).isPresent()) {
            return new Verdict.Allowed();
        }
        if (policy.isPresent() && !policy.get().allows(request, Naming.BY_ACCOUNT)) {
            return denied(request, "because no resource-based policy allows the " + request.action() + " action");
        }
        if (own.stream().anyMatch(one -> one.allows(request))) {
            return new Verdict.Allowed();
        }
        return denied(request, "because no identity-based policy allows the " + request.action() + " action");
    }

    private static Verdict denied(AccessRequest request, String why) {
        return new Verdict.Denied("User: " + request.caller().arn() + " is not authorized to perform: "
                + request.action() + " on resource: " + request.resource() + " " + why);
    }
}
