package finance.votis.sessions.runner.stack;

import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.References;
import finance.votis.sessions.runner.template.RoleResource;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.iam.Identities;
import finance.votis.sessions.standins.iam.Policy;
import finance.votis.sessions.standins.iam.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who may do what in the account that this machine plays: all policies as JSON, of the template's roles and keys and of those who come from
 * outside of it.
 *
 * @param trusts who may assume a role, by the role's ARN
 * @param own what somebody may do, a list of policies by ARN of a role or user
 * @param keys by the key's ARN
 * @param sessions who runs under which role: ARN of the role by name of the function or job
 */
record Rights(
        Map<String, String> trusts,
        Map<String, List<String>> own,
        Map<String, String> keys,
        Map<String, String> sessions,
        String operatorArn) {

    static final String OPERATOR = "LOCALOPERATOR0000";
    static final String OPERATOR_NAME = "operator";

    /** AWS's own policy AdministratorAccess. */
    private static final String ADMINISTRATOR = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private static final String JOB_TRUST = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    Rights {
        trusts = Map.copyOf(trusts);
        own = Map.copyOf(own);
        keys = Map.copyOf(keys);
        sessions = Map.copyOf(sessions);
    }

    /** @param jobs names of the jobs of named sessions, {@code NightlyJob} */
    static Rights of(Deployment deployment, References references, Surroundings surroundings, List<String> jobs)
            throws TemplateException {
        Map<String, String> trusts = new LinkedHashMap<>();
        Map<String, List<String>> own = new LinkedHashMap<>();
        Map<String, String> sessions = new LinkedHashMap<>();
        for (RoleResource role : deployment.roles(references)) {
            String arn = surroundings.roleArn(role.logicalId());
            trusts.put(arn, role.trust());
            own.put(arn, role.policies());
        }
        for (FunctionResource function : deployment.functions(references)) {
            String arn = surroundings.roleArn(function.role().orElse(""));
            if (!trusts.containsKey(arn)) {
                throw new TemplateException(function.logicalId() + " needs a Role that is in this template");
            }
            sessions.put(function.logicalId(), arn);
        }
        for (String job : jobs) {
            String arn = surroundings.roleArn(job);
            String secret = deployment.output(job.replaceAll("Job$", "SessionSecretArn"), references);
            trusts.put(arn, JOB_TRUST);
            own.put(arn, List.of(jobPolicy(secret)));
            sessions.put(job, arn);
        }
        String operator = surroundings.userArn(OPERATOR_NAME);
        own.put(operator, List.of(ADMINISTRATOR));
        Map<String, String> keys = new LinkedHashMap<>();
        deployment
                .keyPolicies(references)
                .forEach((key, policy) -> keys.put(references.value(key, "Arn").orElseThrow(), policy));
        return new Rights(trusts, own, keys, sessions, operator);
    }

    /** What {@code docs/operations.md} has a job be granted; to unwrap is granted by the key. */
    private static String jobPolicy(String secretArn) {
        return """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"%s",\
                "Condition":{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}}]}""".formatted(secretArn);
    }

    static String accessKeyOf(String session) {
        return "LOCALSESSION0000" + session.toUpperCase(Locale.ROOT);
    }

    /** Ids by name. */
    Map<String, String> accessKeys() {
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put(OPERATOR_NAME, OPERATOR);
        sessions.keySet().forEach(name -> ids.put(name, accessKeyOf(name)));
        return ids;
    }

    /** Has it hold in AWS's stand-in, where everybody gets an access key. */
    void grant(Identities identities, AwsStandIn aws) throws TemplateException {
        keys.forEach((arn, policy) -> aws.setKeyPolicy(arn, Policy.ofKey(policy)));
        trusts.forEach((arn, trust) -> identities.addRole(arn, Policy.ofTrust(trust), policies(arn)));
        identities.addUser(operatorArn, policies(operatorArn), OPERATOR);
        for (Map.Entry<String, String> session : sessions.entrySet()) {
            String name = session.getKey();
            Verdict verdict =
                    identities.assumeRole("lambda.amazonaws.com", session.getValue(), name, accessKeyOf(name));
            if (verdict instanceof Verdict.Denied(String message)) {
                throw new TemplateException("the role of " + name + " cannot be assumed by Lambda: " + message);
            }
        }
    }

    private List<Policy> policies(String arn) {
        return own.getOrDefault(arn, List.of()).stream().map(Policy::ofIdentity).toList();
    }
}
