package finance.votis.sessions.runner.template;

import java.util.List;

/**
 * An {@code AWS::IAM::Role}, its policies as JSON with all values in them.
 *
 * @param trust who may assume it
 * @param policies what it may do
 */
public record RoleResource(String logicalId, String trust, List<String> policies) {
    public RoleResource {
        policies = List.copyOf(policies);
    }
}
