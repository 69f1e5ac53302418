package finance.votis.sessions.runner.template;

import java.util.Optional;

/** What the resources of the template are called on this machine. */
@FunctionalInterface
public interface References {
    /**
     * The value of one resource, by reference or by attribute.
     *
     * @param logicalId a resource that the template has under the parameters at hand
     * @param attribute {@code Ref} for the resource itself, else the name given to {@code !GetAtt}
     * @return empty if this machine has no such value; using it then fails with the place of the line that asks
     */
    Optional<String> value(String logicalId, String attribute);
}
