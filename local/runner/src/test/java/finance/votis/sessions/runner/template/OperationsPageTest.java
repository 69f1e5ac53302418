package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.OperationsPage;
import finance.votis.sessions.runner.ReplacedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md has an operator type can be typed as it stands. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the page's commands are for a POSIX shell")
class OperationsPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String OUTPUTS = "aws cloudformation describe-stacks";

    private static final Pattern USED = Pattern.compile("\\$\\{?([A-Za-z_]\\w*)");

    private static final Pattern SET = Pattern.compile("(?<![\\w$])([A-Za-z_]\\w*)=|\\bfor (\\w+) in ");

    /** What each shell has. */
    private static final Set<String> GIVEN = Set.of("HOME");

    private static final Pattern KEY_ROW = Pattern.compile("(?m)^\\| `(\\w+SigningKey)` \\|(.+)\\|$");

    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");

    private static final String PUBLIC_KEY = "02" + "ab".repeat(32);

    @TempDir
    private Path folder;

    @Test
    void aVariableIsSetBeforeItIsUsedOrIsAnOutputOfTheStack() throws Exception {
        String page = OperationsPage.text();
        int outputsAt = page.indexOf("eval \"$(" + OUTPUTS);
        assertThat(outputsAt).isPositive();
        // The page itself makes a second one.
        Set<String> outputs = outputs(new ReplacedKey("DelegateSigningKey").beside(Checkout.template()))
                .keySet();
        Map<String, Integer> set = new TreeMap<>();
        SET.matcher(page).results().forEach(one -> set.merge(name(one), one.start(), Math::min));
        outputs.forEach(output -> set.merge(variable(output), outputsAt, Math::min));

        List<MatchResult> used = USED.matcher(page)
                .results()
                .filter(use -> !GIVEN.contains(use.group(1)))
                .toList();
        assertThat(used)
                .hasSizeGreaterThan(30)
                .allSatisfy(use -> assertThat(set)
                        .as("where $%s is set", use.group(1))
                        .hasEntrySatisfying(use.group(1), at -> assertThat(at).isLessThan(use.start())));
    }

    @Test
    void theOutputsOfTheStackBecomeVariables() throws Exception {
        List<String> lines = new ArrayList<>();
        Map<String, String> values = new TreeMap<>();
        for (String output : outputs(Checkout.template()).keySet()) {
            String value = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:" + output + "-AbC123";
            lines.add(output + "\t" + value);
            values.put(variable(output), value);
        }
        String snippet = OperationsPage.shell(OperationsPage.text()).stream()
                .filter(block -> block.startsWith("eval "))
                .findFirst()
                .orElseThrow();

        String environment = sh(
                "aws() { [ \"$*\" = '" + OUTPUTS.substring(4)
                        + " --stack-name s --query Stacks[0].Outputs[].[OutputKey,OutputValue] --output text' ] && "
                        + "printf '%s\\n' '" + String.join("' '", lines) + "'; }\n" + snippet + "env\n",
                Map.of("STACK", "s"));

        assertThat(environment.lines())
                .contains(values.entrySet().stream()
                        .map(value -> value.getKey() + "=" + value.getValue())
                        .toArray(String[]::new));
    }

    @Test
    void eachBlockIsWhatAShellUnderstands() throws Exception {
        String all = String.join("\n", OperationsPage.shell(OperationsPage.text()));

        sh("if false; then\n" + all + "\nfi\n", Map.of());
    }

    /** The commands as they stand, with Turnkey, KMS and the stamp played by what prints. */
    @Test
    void theRequestsOfTheSetUpAreJsonWithEachIdInItsPlace() throws Exception {
        Path dev = Files.writeString(
                folder.resolve("dev"),
                "#!/bin/sh\necho " + PUBLIC_KEY + "\n[ \"$1\" != kms-key ] || echo and what to do with it\n");
        assertThat(dev.toFile().setExecutable(true)).isTrue();
        Path docs = Files.createDirectories(folder.resolve("docs/turnkey"));
        try (Stream<Path> policies = Files.list(Checkout.root().resolve("docs/turnkey"))) {
            for (Path policy : policies.toList()) {
                Files.copy(policy, docs.resolve(String.valueOf(policy.getFileName())));
            }
        }
        Files.writeString(
                folder.resolve("end-user.json"),
                "{\"userName\":\"Ada\",\"apiKeys\":[],\"authenticators\":[],\"oauthProviders\":[]}");
        Map<String, String> environment = new HashMap<>(Map.of("HOME", folder.toString()));
        for (String output : outputs(Checkout.template()).keySet()) {
            environment.put(variable(output), output);
        }
        StringBuilder script = new StringBuilder("set -eu\n")
                .append("shred() { :; }\n")
                .append("curl() { for last; do :; done; printf '%s' \"$2 $last\" | tr '\\n' ' '; }\n");
        String section = OperationsPage.section("## Set up at Turnkey");
        assertThat(section).contains("KEEPER_PUBLIC_KEY=$(", "ADMIN_PUBLIC_KEY=$(");
        script.append("KEEPER_PUBLIC_KEY=")
                .append(PUBLIC_KEY)
                .append("\nADMIN_PUBLIC_KEY=")
                .append(PUBLIC_KEY)
                .append('\n');
        OperationsPage.shell(section.substring(0, section.indexOf("### The first session")))
                .forEach(script::append);

        Map<String, List<JsonNode>> sent = new TreeMap<>();
        for (String line : sh(script.toString(), environment).lines().toList()) {
            String[] request = line.split(" ", 2);
            assertThat(request[0]).startsWith("https://api.turnkey.com/public/v1/");
            sent.computeIfAbsent(request[0].replaceFirst(".*/v1/", ""), path -> new ArrayList<>())
                    .add(JSON.readTree(request[1]));
        }

        assertThat(sent)
                .containsOnlyKeys(
                        "query/whoami",
                        "query/get_api_keys",
                        "submit/create_sub_organization",
                        "submit/create_policy",
                        "submit/create_users",
                        "submit/update_root_quorum",
                        "submit/delete_api_keys");
        sent.forEach((path, bodies) -> assertThat(bodies).as(path).allSatisfy(body -> {
            assertThat(body.path("organizationId").asText()).isEqualTo("…");
            assertThat(body.toString()).doesNotContain("<");
            if (path.startsWith("submit/")) {
                assertThat(body.path("type").asText())
                        .startsWith("ACTIVITY_TYPE_"
                                + path.substring("submit/".length()).toUpperCase(Locale.ROOT));
                assertThat(body.path("timestampMs").asText()).matches("[0-9]{13}");
            }
        }));
        JsonNode made = sent.getOrDefault("submit/create_sub_organization", List.of())
                .getFirst()
                .path("parameters");
        assertThat(made.at("/rootUsers/0/userName").asText()).isEqualTo("Ada");
        assertThat(made.at("/rootUsers/1/apiKeys/0/publicKey").asText()).isEqualTo(PUBLIC_KEY);
        assertThat(made.at("/rootUsers/1/apiKeys/1/expirationSeconds").asText()).isEqualTo("900");
        assertThat(sent.get("submit/create_users"))
                .extracting(body ->
                        body.at("/parameters/users/0/apiKeys/0/publicKey").asText())
                .containsExactly(PUBLIC_KEY, PUBLIC_KEY);
        Set<String> policies = new TreeSet<>();
        sent.getOrDefault("submit/create_policy", List.of())
                .forEach(body -> policies.add(body.at("/parameters/policyName").asText()));
        assertThat(policies)
                .containsExactlyInAnyOrder(
                        "delegate creates read-write sessions",
                        "delegate adds no credentials",
                        "delegate deletes API keys of the end user",
                        "keeper deletes API keys of the end user",
                        "session keys manage no credentials",
                        "session keys make no sessions");
    }

    /** It is the only private half until then. */
    @Test
    void theFileOfAKeyGoesWhereItsSecretWasFilledAndStaysWhereNot() throws Exception {
        String commands = "shred() { echo \"$*\"; }\n"
                + String.join("", OperationsPage.shell(OperationsPage.section("### The first session"))) + ":\n";

        assertThat(sh("aws() { :; }\n" + commands, Map.of("HOME", "/home/me")).lines())
                .containsExactly(
                        "-u /home/me/delegate.json", "-u /home/me/nightly-admin.json", "-u /home/me/keeper.json");
        assertThat(sh("aws() { false; }\n" + commands, Map.of("HOME", "/home/me")))
                .isEmpty();
    }

    @Test
    void whatStaysWhenTheStackIsDeletedIsAnOutputAndIsEndedWhereAllIsRemoved() throws Exception {
        Value.Fields root = YamlReader.read("template.yaml", Checkout.template());
        Map<String, String> outputs = outputs(Checkout.template());
        String removing = OperationsPage.section("## Removing it all");
        List<String> staying = new ArrayList<>();
        for (Map.Entry<String, Value> resource :
                Members.required(root, "Resources").asFields().fields().entrySet()) {
            String policy = Members.text(resource.getValue().asFields(), "DeletionPolicy")
                    .orElse("Delete");
            if (!policy.equals("Delete")) {
                staying.add(resource.getKey());
            }
        }

        assertThat(staying).hasSizeGreaterThan(8).allSatisfy(logicalId -> {
            List<String> of = outputs.entrySet().stream()
                    .filter(output -> output.getValue().equals(logicalId))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(of).as("outputs of " + logicalId).hasSize(1);
            assertThat(removing).contains("\"$" + variable(of.getFirst()) + "\"");
        });
    }

    /** By then the output is of the new key. */
    @Test
    void theKeyThatIsEndedWhenItHasBeenReplacedIsTheOneOfTheOldBlock() throws Exception {
        String commands = String.join("", OperationsPage.shell(OperationsPage.section("## Rotating a stamping key")));

        String ran = sh(
                "sed() { :; }\n"
                        + "aws() { case $* in *' --logical-resource-id DelegateSigningKey '*) echo old ;; *) echo \"$*\" ;; esac; }\n"
                        + commands,
                Map.of("STACK", "s", "DELEGATE_SIGNING_KEY_ARN", "new"));

        assertThat(ran.lines())
                .containsExactly("old", "kms schedule-key-deletion --pending-window-in-days 30 --key-id old");
    }

    /** An older shell may have what is of another stack. */
    @Test
    void whatIsRemovedIsNamedByTheStacksOutputsAndBySteps() throws Exception {
        String removing = OperationsPage.section("## Removing it all");
        Set<String> set = new TreeSet<>(GIVEN);
        outputs(Checkout.template()).keySet().forEach(output -> set.add(variable(output)));
        SET.matcher(removing).results().forEach(one -> set.add(name(one)));

        assertThat(USED.matcher(removing).results().map(use -> use.group(1)))
                .isNotEmpty()
                .isSubsetOf(set);
    }

    @Test
    void thePageNamesEachVariableOfAFunctionThatNamesAStampingKey() throws Exception {
        Value.Fields resources = Members.required(YamlReader.read("template.yaml", Checkout.template()), "Resources")
                .asFields();
        Map<String, Set<String>> naming = new TreeMap<>();
        for (Map.Entry<String, Value> resource : resources.fields().entrySet()) {
            Value.Fields properties = Members.fields(resource.getValue().asFields(), "Properties");
            Value.Fields variables = Members.fields(Members.fields(properties, "Environment"), "Variables");
            for (Map.Entry<String, Value> variable : variables.fields().entrySet()) {
                Pattern.compile("\\$\\{(\\w+SigningKey)\\.Arn}")
                        .matcher(variable.getValue().toString())
                        .results()
                        .forEach(key -> naming.computeIfAbsent(key.group(1), one -> new TreeSet<>())
                                .addAll(List.of(variable.getKey(), resource.getKey())));
            }
        }
        Map<String, Set<String>> told = new TreeMap<>();
        KEY_ROW.matcher(OperationsPage.section("## Rotating a stamping key"))
                .results()
                .forEach(row -> QUOTED.matcher(row.group(2))
                        .results()
                        .forEach(name -> told.computeIfAbsent(row.group(1), one -> new TreeSet<>())
                                .add(name.group(1))));

        assertThat(naming).hasSize(4);
        assertThat(told).isEqualTo(naming);
    }

    private String sh(String script, Map<String, String> environment) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder shell = new ProcessBuilder(
                        "sh",
                        Files.writeString(folder.resolve("script"), script).toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        shell.environment().putAll(environment);
        Process process = shell.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }

    /** By name, each with the resource that it is of. */
    private static Map<String, String> outputs(String template) throws TemplateException {
        Map<String, String> outputs = new TreeMap<>();
        for (Map.Entry<String, Value> output : Members.required(YamlReader.read("template.yaml", template), "Outputs")
                .asFields()
                .fields()
                .entrySet()) {
            outputs.put(output.getKey(), of(Members.required(output.getValue().asFields(), "Value")));
        }
        return outputs;
    }

    private static String of(Value value) throws TemplateException {
        return value instanceof Value.Call call
                ? call.argument() instanceof Value.Items items
                        ? items.items().getFirst().asText()
                        : call.argument().asText()
                : value.asText();
    }

    /** Of what {@link #SET} found. */
    private static String name(MatchResult set) {
        return Optional.ofNullable(set.group(1)).orElseGet(() -> set.group(2));
    }

    private static String variable(String output) {
        return output.replaceAll("(?<!^)([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }
}
