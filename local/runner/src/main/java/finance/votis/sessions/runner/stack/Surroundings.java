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
 * @param delegateKey the public half of the key that stamps for phones, compressed and in hex; empty until there is one
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
        Optional<String> delegateKey,
        Map<String, String> keys,
        Map<String, String> secrets) {

    /** What the issuer's tokens are for. */
    static final String AUDIENCE = "votis-sessions";

    private static final String WATCH = "MintWatch";
    /** Of the form that the template asks for, until what it describes is made. */
    private static final String NO_KEY_YET = "02" + "0".repeat(64);

    /** What the parameters that name jobs' roles end with. */
    private static final String JOB_ROLES = "JobRoles";

    /** The name of the role that stands for all jobs of a session: {@code NightlyJob}. */
    private static String jobOf(String parameter) {
        return parameter.substring(0, parameter.length() - "Roles".length());
    }

    /** By the parameters that name their roles. */
    static List<String> jobs(Template template) throws TemplateException {
        return template.parameterNames().stream()
                .filter(name -> name.endsWith(JOB_ROLES))
                .map(Surroundings::jobOf)
                .toList();
    }

    /** @param regionOr the region, or empty for a service that has none in its ARNs */
    private String arn(String service, String regionOr, String resource) {
        return "arn:aws:" + service + ":" + regionOr + ":" + accountId + ":" + resource;
    }

    String roleArn(String name) {
        return arn("iam", "", "role/" + name);
    }

    String userArn(String name) {
        return arn("iam", "", "user/" + name);
    }

    /** @param logGroup its logical id, or the name that Lambda gives it */
    String logStreamArn(String logGroup) {
        return arn("logs", region, "log-group:" + logGroup + ":log-stream:local");
    }

    Surroundings {
        keys = Map.copyOf(keys);
        secrets = Map.copyOf(secrets);
    }

    /**
     * As an operator deploys once more, when there are keys and secrets.
     *
     * @param publicKey of the delegate, which the watch has to know
     */
    Surroundings with(Optional<String> publicKey, Map<String, String> madeKeys, Map<String, String> madeSecrets) {
        return new Surroundings(
                turnkeyUrl,
                awsUrl,
                issuerUrl,
                region,
                accountId,
                organizationId,
                companyKeys,
                publicKey,
                madeKeys,
                madeSecrets);
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
        // The jobs that use each named session: one role.
        names.stream()
                .filter(name -> name.endsWith(JOB_ROLES))
                .forEach(name -> parameters.put(name, roleArn(jobOf(name))));
        if (names.contains(WATCH)) {
            // On, unlike in an account, and at once: here a line is there when its session is.
            parameters.put(WATCH, companyKeys.orElse(CompanyKeys.KMS).kind());
            parameters.put("MintWatchDelayMinutes", "0");
            parameters.put("MintWatchRequestsPerSecond", "50");
            parameters.put("MintWatchDelegateKeys", delegateKey.orElse(NO_KEY_YET));
        }
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
            // The physical name of what is left is its logical id.
            return switch (deployment.typeOf(logicalId) + " " + attribute) {
                case "AWS::Serverless::Function Ref",
                        "AWS::IAM::Role Ref",
                        "AWS::Logs::LogGroup Ref",
                        "AWS::CloudWatch::Alarm Ref",
                        "AWS::SQS::Queue QueueName",
                        "AWS::SNS::Topic TopicName" -> Optional.of(logicalId);
                case "AWS::Serverless::Function Arn" -> Optional.of(arn("lambda", region, "function:" + logicalId));
                case "AWS::IAM::Role Arn" -> Optional.of(roleArn(logicalId));
                case "AWS::Logs::LogGroup Arn" -> Optional.of(arn("logs", region, "log-group:" + logicalId + ":*"));
                case "AWS::CloudWatch::Alarm Arn" -> Optional.of(arn("cloudwatch", region, "alarm:" + logicalId));
                case "AWS::SQS::Queue Arn" -> Optional.of(arn("sqs", region, logicalId));
                case "AWS::SNS::Topic Ref", "AWS::SNS::Topic TopicArn" -> Optional.of(arn("sns", region, logicalId));
                default -> Optional.empty();
            };
        };
    }
}
