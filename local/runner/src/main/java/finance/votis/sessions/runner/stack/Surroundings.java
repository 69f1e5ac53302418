package finance.votis.sessions.runner.stack;

import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.References;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the template is given on this machine: the services behind its functions, and what its keys and secrets became there.
 *
 * @param organizationId the parent organisation at Turnkey
 * @param companyKeys empty: as the template's defaults say
 * @param keys ARN by logical id
 * @param secrets ARN by logical id
 */
record Surroundings(
        URI turnkeyUrl,
        URI awsUrl,
        URI issuerUrl,
        String region,
        String accountId,
        String organizationId,
        Optional<CompanyKeys> companyKeys,
        Map<String, String> keys,
        Map<String, String> secrets) {

    /** What the issuer's tokens are for. */
    static final String AUDIENCE = "votis-sessions";

    Surroundings {
        keys = Map.copyOf(keys);
        secrets = Map.copyOf(secrets);
    }

    Surroundings with(Map<String, String> madeKeys, Map<String, String> madeSecrets) {
        return new Surroundings(
                turnkeyUrl, awsUrl, issuerUrl, region, accountId, organizationId, companyKeys, madeKeys, madeSecrets);
    }

    /** The template as an operator would deploy it here. */
    Deployment deployment(Template template) throws TemplateException {
        Map<String, String> parameters = new HashMap<>(Map.of(
                "DeployBackendStampedRoutes",
                "true",
                "JwtIssuer",
                issuerUrl.toString(),
                "JwtAudience",
                AUDIENCE,
                "TurnkeyBaseUrl",
                turnkeyUrl.toString(),
                "LocalAwsEndpoint",
                awsUrl.toString()));
        List<String> names = template.parameterNames();
        // Of each named session.
        names.stream()
                .filter(name -> name.endsWith("OrganizationId"))
                .forEach(name -> parameters.put(name, organizationId));
        companyKeys.ifPresent(keysThere -> parameters.putAll(keysThere.parameters(names)));
        return template.with(
                parameters,
                Map.of(
                        "AWS::AccountId", accountId,
                        "AWS::Partition", "aws",
                        "AWS::Region", region,
                        "AWS::StackName", "local",
                        "AWS::URLSuffix", "amazonaws.com"));
    }

    References references(Deployment deployment) {
        return (logicalId, attribute) -> {
            String key = keys.get(logicalId);
            String secret = secrets.get(logicalId);
            if (key != null) {
                return switch (attribute) {
                    case "Ref", "KeyId" -> Optional.of(key.substring(key.lastIndexOf('/') + 1));
                    case "Arn" -> Optional.of(key);
                    default -> Optional.empty();
                };
            }
            if (secret != null) {
                return attribute.equals("Ref") || attribute.equals("Id") ? Optional.of(secret) : Optional.empty();
            }
            if (deployment.functionIds().contains(logicalId)) {
                return switch (attribute) {
                    case "Ref" -> Optional.of(logicalId);
                    case "Arn" -> Optional.of("arn:aws:lambda:" + region + ":" + accountId + ":function:" + logicalId);
                    default -> Optional.empty();
                };
            }
            return Optional.empty();
        };
    }
}
