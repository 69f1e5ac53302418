package finance.votis.sessions.standins.iam;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What somebody wants to do.
 *
 * @param action such as {@code kms:Decrypt}
 * @param resource its ARN, or {@code *} for an action that is on no resource
 * @param context values by condition key; a key that a request does not have is absent
 */
public record AccessRequest(Caller caller, String action, String resource, Map<String, List<String>> context) {

    public AccessRequest {
        // Names of condition keys are not case-sensitive, also where they end in the name of an encryption context's
        // pair.
        TreeMap<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        context.forEach((key, values) -> {
            List<String> merged = new ArrayList<>(all.getOrDefault(key, List.of()));
            merged.addAll(values);
            all.put(key, List.copyOf(merged));
        });
        boolean service = caller.account().isEmpty();
        all.put("aws:PrincipalIsAWSService", List.of(Boolean.toString(service)));
        if (!service) {
            all.put("aws:PrincipalArn", List.of(caller.principal()));
            all.put("aws:PrincipalAccount", List.of(caller.account()));
        }
        // AWS's own addresses answer by TLS alone, and loopback stands for them.
        all.put("aws:SecureTransport", List.of("true"));
        context = Collections.unmodifiableMap(all);
    }
}
