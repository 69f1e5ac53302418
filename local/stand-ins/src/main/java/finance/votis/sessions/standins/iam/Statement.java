package finance.votis.sessions.standins.iam;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One statement.
 *
 * @param principals as the policy names them, empty in a policy of an identity
 * @param resources empty in a trust policy, which is on its role alone
 */
record Statement(
        Effect effect,
        Set<String> principals,
        List<String> actions,
        List<String> resources,
        List<Condition> conditions) {
    enum Effect {
        ALLOW,
        DENY
    }

    /** How a statement of a resource's policy speaks of a caller. */
    enum Naming {
        NOT_AT_ALL,
        /** As one of the account: the account's own policies go on from there. */
        BY_ACCOUNT,
        BY_ITSELF
    }

    Statement {
        principals = Set.copyOf(principals);
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        conditions = List.copyOf(conditions);
    }

    /** All but the principal. */
    boolean isAbout(AccessRequest request) {
        String action = request.action().toLowerCase(Locale.ROOT);
        return actions.stream().anyMatch(one -> Wildcards.match(one.toLowerCase(Locale.ROOT), action))
                && (resources.isEmpty()
                        || resources.stream().anyMatch(one -> Wildcards.matchArn(one, request.resource())))
                && conditions.stream().allMatch(one -> one.holds(request.context()));
    }

    Naming names(Caller caller) {
        if (principals.contains("*") || principals.contains(caller.principal()) || principals.contains(caller.arn())) {
            return Naming.BY_ITSELF;
        }
        String account = caller.account();
        boolean byAccount = !account.isEmpty()
                && principals.stream()
                        .anyMatch(one -> one.equals(account) || one.matches("arn:[a-z-]+:iam::" + account + ":root"));
        return byAccount ? Naming.BY_ACCOUNT : Naming.NOT_AT_ALL;
    }
}
