package finance.votis.sessions.runner.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Lambda is told about a function.
 *
 * @param code folder of the exploded zip, the working directory
 * @param environment the template's variables
 * @param logFormat {@code JSON} or {@code Text}
 * @param start how Lambda starts it
 */
public record FunctionSettings(
        String name,
        String handler,
        Path code,
        Map<String, String> environment,
        Duration timeout,
        int memoryMegabytes,
        String logFormat,
        Start start) {

    /**
     * The identity and place of the account that this machine plays.
     *
     * @param accessKeyId of a made-up access key, by which AWS's stand-in knows the function's role
     */
    public record Account(String region, String accountId, String accessKeyId, String secretAccessKey) {
        @Override
        public String toString() {
            return "Account[" + region + ", " + accountId + ", " + accessKeyId + "]";
        }
    }

    public FunctionSettings {
        environment = Map.copyOf(environment);
    }

    /** The same with these variables and no others. */
    public FunctionSettings withEnvironment(Map<String, String> variables) {
        return new FunctionSettings(name, handler, code, variables, timeout, memoryMegabytes, logFormat, start);
    }

    /** The same with one variable more, or another value of it. */
    public FunctionSettings with(String variable, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(variable, value);
        return withEnvironment(all);
    }

    /** The same, started so and with so much memory. */
    public FunctionSettings with(Start otherStart, int megabytes) {
        return new FunctionSettings(name, handler, code, environment, timeout, megabytes, logFormat, otherStart);
    }

    public String arn(Account account) {
        return "arn:aws:lambda:" + account.region() + ":" + account.accountId() + ":function:" + name;
    }

    /**
     * All that a process sees that is started on demand.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">Defined runtime environment
     *     variables</a>
     */
    public Map<String, String> processEnvironment(Account account, String runtimeApi) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put("_HANDLER", handler);
        all.put("AWS_ACCESS_KEY_ID", account.accessKeyId());
        all.put("AWS_DEFAULT_REGION", account.region());
        all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        all.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memoryMegabytes));
        all.put("AWS_LAMBDA_FUNCTION_NAME", name);
        all.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        all.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        all.put("AWS_LAMBDA_LOG_FORMAT", logFormat);
        all.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name);
        all.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        all.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
        all.put("AWS_REGION", account.region());
        // As SAM's CLI does: it alone lets a function talk http to a stand-in.
        all.put("AWS_SAM_LOCAL", "true");
        all.put("AWS_SECRET_ACCESS_KEY", account.secretAccessKey());
        all.put("LAMBDA_TASK_ROOT", code.toString());
        all.put("LANG", "en_US.UTF-8");
        all.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        all.put("TZ", ":UTC");
        return all;
    }

    /** The same for a process that starts from a snapshot: it is of a published version, and asks for its credentials by HTTP. */
    public Map<String, String> snapshotEnvironment(Account account, RuntimeApi api) {
        Map<String, String> all = processEnvironment(account, api.address());
        all.remove("AWS_ACCESS_KEY_ID");
        all.remove("AWS_SECRET_ACCESS_KEY");
        all.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", api.credentialsToken());
        all.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", api.credentialsUrl());
        all.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        all.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        return all;
    }
}
