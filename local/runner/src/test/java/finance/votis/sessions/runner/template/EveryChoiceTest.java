package finance.votis.sessions.runner.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.OperationsPage;
import finance.votis.sessions.runner.ReplacedKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The template under every choice that its parameters leave: nothing names what is not there. */
class EveryChoiceTest {
    private static final String ALARM = "AWS::CloudWatch::Alarm";

    /** Row of the runbook: the alarm, what it means, where to look first, what to do. */
    private static final Pattern RUNBOOK = Pattern.compile("(?m)^\\| `(\\w+Alarm)` \\|([^|]+)\\|([^|]+)\\|([^|]+)\\|$");

    private static final Pattern VARIABLE = Pattern.compile("\\$[\\w.]+");

    private static final Map<String, String> PSEUDO = Map.of(
            "AWS::Partition", "aws",
            "AWS::Region", "eu-central-1",
            "AWS::AccountId", "111122223333",
            "AWS::StackName", "s",
            "AWS::URLSuffix", "amazonaws.com");

    private Value.Fields root;
    private Map<String, Value> resources;

    @BeforeEach
    void read() throws Exception {
        read(Checkout.template());
    }

    private void read(String template) throws TemplateException {
        root = YamlReader.read("template.yaml", template);
        resources = section("Resources").fields();
    }

    @Test
    void whatAResourceOrOutputNamesIsThere() throws Exception {
        assertThatWhatIsNamedIsThere();
    }

    /** Else a deployment would fail on the way, or a function go on stamping with a key that Turnkey knows no more. */
    @ParameterizedTest
    @ValueSource(
            strings = {"DelegateSigningKey", "SessionsSigningKey", "NightlyAdminSigningKey", "MintWatchSigningKey"})
    void aKeyIsReplacedByStepsEachOfWhichCanBeDeployedAndNothingNamesTheOldOneAfterwards(String key) throws Exception {
        ReplacedKey replaced = new ReplacedKey(key);
        String beside = replaced.beside(Checkout.template());
        String named = replaced.named(beside);
        String alone = replaced.alone(named);

        for (String step : List.of(beside, named, alone)) {
            read(step);
            assertThatWhatIsNamedIsThere();
        }
        assertThat(resources).containsKey(replaced.copy()).doesNotContainKey(key);
        assertThat(alone).doesNotContainPattern("\\b" + key + "\\b");
    }

    private void assertThatWhatIsNamedIsThere() throws Exception {
        for (Resolver choice : choices(Map.of())) {
            Set<String> there = there(choice);
            for (String logicalId : there) {
                choice.resolve(Members.fields(resource(logicalId), "Properties"));
            }
            for (Value output : section("Outputs").fields().values()) {
                if (isThere(output, choice)) {
                    choice.resolve(Members.required(output.asFields(), "Value"));
                }
            }
        }
    }

    @Test
    void anAlarmHasMetricsToGoByAndTellsTheTopicIfThereIsOne() throws Exception {
        for (Resolver choice : choices(Map.of())) {
            for (String logicalId : there(choice)) {
                Value.Fields alarm = resource(logicalId);
                if (!Members.text(alarm, "Type").orElse("").equals(ALARM)) {
                    continue;
                }
                Value.Fields resolved = choice.resolve(section(alarm, "Properties"))
                        .orElseThrow()
                        .asFields();
                assertThat(resolved.fields().containsKey("AlarmActions"))
                        .as(logicalId)
                        .isEqualTo(choice.condition(new Value.Text(alarm.place(), "HasAlarmTopic")));
                Optional<Value> metrics = resolved.field("Metrics");
                if (metrics.isEmpty()) {
                    assertThat(resolved.fields()).containsKeys("Namespace", "MetricName", "Dimensions");
                    continue;
                }
                List<String> ids = new ArrayList<>();
                List<String> expressions = new ArrayList<>();
                for (Value metric : metrics.get().asItems()) {
                    Members.text(metric.asFields(), "Expression")
                            .ifPresentOrElse(expressions::add, () -> ids.add(id(metric)));
                }
                assertThat(ids).as(logicalId).isNotEmpty().doesNotHaveDuplicates();
                assertThat(expressions).as(logicalId).singleElement().satisfies(expression -> {
                    if (!expression.contains("METRICS()")) {
                        assertThat(ids).allMatch(id -> expression.matches(".*\\b" + id + "\\b.*"));
                    }
                });
            }
        }
    }

    /** Else calls would move to a new version by another way than the parameter says, or whatever that version answers. */
    @ParameterizedTest
    @CsvSource({"AllAtOnce, false", "Canary10Percent10Minutes, true", "Linear10PercentEvery1Minute, true"})
    void aRoutesFunctionIsDeployedAsTheParameterSaysAndGoesBackOnAlarmsThatAreThere(String type, boolean goesBack)
            throws Exception {
        Value allowed = Members.required(section(section("Parameters"), "DeploymentType"), "AllowedValues");
        assertThat(allowed.asItems()).extracting(Value::asText).contains(type);
        Set<String> seen = new TreeSet<>();
        for (Resolver choice : choices(Map.of("DeploymentType", type))) {
            Set<String> there = there(choice);
            for (String logicalId : there) {
                if (!isOfARoute(resource(logicalId))) {
                    continue;
                }
                seen.add(logicalId);
                Value.Fields preference = choice.resolve(
                                section(section(resource(logicalId), "Properties"), "DeploymentPreference"))
                        .orElseThrow()
                        .asFields();
                assertThat(Members.text(preference, "Type")).as(logicalId).hasValue(type);
                assertThat(Members.text(preference, "PassthroughCondition"))
                        .as(logicalId)
                        .hasValue("true");
                List<Value> alarms = Members.required(preference, "Alarms").asItems();
                assertThat(alarms.isEmpty()).as(logicalId).isNotEqualTo(goesBack);
                for (Value alarm : alarms) {
                    String named = alarm.asText().replace(".Ref", "");
                    // No other: what they count, a customer can bring about.
                    assertThat(named).isEqualTo("FaultsAlarm");
                    assertThat(there).contains(named);
                    assertThat(Members.text(resource(named), "Type")).hasValue(ALARM);
                }
            }
        }
        assertThat(seen).isNotEmpty();
    }

    @Test
    void theAlarmThatStopsADeploymentWatchesTheNewVersionOfEachRoutesFunction() throws Exception {
        for (Resolver choice : choices(Map.of())) {
            String alarm = choice.resolve(section(resource("FaultsAlarm"), "Properties"))
                    .orElseThrow()
                    .toString();
            for (String logicalId : there(choice)) {
                assertThat(alarm.contains(logicalId + ".Version.Version"))
                        .as(logicalId)
                        .isEqualTo(isOfARoute(resource(logicalId)));
                assertThat(alarm.contains(logicalId + ".Ref")).as(logicalId).isEqualTo(isOfARoute(resource(logicalId)));
            }
        }
    }

    @Test
    void theDashboardIsJson() throws Exception {
        Resolver choice = choices(Map.of()).getFirst();
        Value.Fields dashboard = section(resource("Dashboard"), "Properties");
        String body = choice.resolve(Members.required(dashboard, "DashboardBody"))
                .orElseThrow()
                .asText();

        assertThat(new ObjectMapper().readTree(body).get("widgets")).hasSizeGreaterThan(4);
    }

    /** API Gateway is not documented to escape what it puts into a line. So only what has a form that needs no escape is in it. */
    @Test
    void aLineOfTheAccessLogIsJsonWhateverACallerSends() throws Exception {
        String format = Members.required(section(section(resource("Api"), "Properties"), "AccessLogSettings"), "Format")
                .asText();

        assertThat(VARIABLE.matcher(format).results().map(MatchResult::group))
                .isNotEmpty()
                .isSubsetOf(
                        "$context.requestId",
                        "$context.requestTime",
                        "$context.identity.sourceIp",
                        "$context.routeKey",
                        "$context.status",
                        "$context.responseLatency",
                        "$context.integrationStatus",
                        "$context.integrationLatency",
                        "$context.integration.status",
                        "$context.error.responseType");
        assertThat(new ObjectMapper().readTree(VARIABLE.matcher(format).replaceAll("-")))
                .allSatisfy(member -> assertThat(member.textValue()).isEqualTo("-"));
    }

    @Test
    void theRunbookHasEveryAlarmAndNoOther() throws Exception {
        Set<String> alarms = new TreeSet<>();
        for (Map.Entry<String, Value> resource : resources.entrySet()) {
            if (Members.text(resource.getValue().asFields(), "Type").orElse("").equals(ALARM)) {
                alarms.add(resource.getKey());
            }
        }
        List<MatchResult> rows =
                RUNBOOK.matcher(OperationsPage.text()).results().toList();

        assertThat(rows.stream().map(row -> row.group(1))).containsExactlyInAnyOrderElementsOf(alarms);
        assertThat(rows)
                .allSatisfy(row -> assertThat(List.of(row.group(2), row.group(3), row.group(4)))
                        .noneMatch(String::isBlank));
    }

    /** Each combination of the parameters with a few allowed values, once with all that may be left out and once without it. */
    private List<Resolver> choices(Map<String, String> always) throws TemplateException {
        List<Map<String, String>> choices = new ArrayList<>(List.of(always));
        for (Map.Entry<String, Value> parameter : section("Parameters").fields().entrySet()) {
            Optional<Value> allowed = parameter.getValue().asFields().field("AllowedValues");
            if (allowed.isPresent() && allowed.get().asItems().size() <= 3) {
                List<Map<String, String>> more = new ArrayList<>();
                for (Value value : allowed.get().asItems()) {
                    for (Map<String, String> choice : choices) {
                        Map<String, String> one = new HashMap<>(choice);
                        one.put(parameter.getKey(), value.asText());
                        more.add(one);
                    }
                }
                choices = more;
            }
        }
        assertThat(choices).hasSizeGreaterThanOrEqualTo(96);
        List<Resolver> resolvers = new ArrayList<>();
        for (Map<String, String> choice : choices) {
            for (boolean isAllGiven : new boolean[] {true, false}) {
                resolvers.add(resolver(choice, isAllGiven));
            }
        }
        return resolvers;
    }

    private Resolver resolver(Map<String, String> choice, boolean isAllGiven) throws TemplateException {
        Map<String, Value> parameters = new HashMap<>();
        for (Map.Entry<String, Value> parameter : section("Parameters").fields().entrySet()) {
            Value.Fields declaration = parameter.getValue().asFields();
            String standard = Members.text(declaration, "Default").orElse("given");
            String other = isAllGiven && (standard.isEmpty() || standard.equals("0")) ? "7" : standard;
            Value value = new Value.Text(declaration.place(), choice.getOrDefault(parameter.getKey(), other));
            parameters.put(
                    parameter.getKey(),
                    Members.text(declaration, "Type").orElse("").equals("CommaDelimitedList")
                            ? new Value.Items(declaration.place(), List.of(value))
                            : value);
        }
        Resolver unaware = new Resolver(
                parameters,
                PSEUDO,
                section("Conditions").fields(),
                resources.keySet(),
                (id, attribute) -> Optional.empty());
        Set<String> there = there(unaware);
        return unaware.with(
                (id, attribute) -> there.contains(id) ? Optional.of(id + "." + attribute) : Optional.empty());
    }

    private Set<String> there(Resolver choice) throws TemplateException {
        Set<String> there = new TreeSet<>();
        for (Map.Entry<String, Value> resource : resources.entrySet()) {
            if (isThere(resource.getValue(), choice)) {
                there.add(resource.getKey());
            }
        }
        return there;
    }

    private static boolean isOfARoute(Value.Fields resource) throws TemplateException {
        for (Value event : Members.fields(Members.fields(resource, "Properties"), "Events")
                .fields()
                .values()) {
            if (Members.text(event.asFields(), "Type").orElse("").equals("HttpApi")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isThere(Value entry, Resolver choice) throws TemplateException {
        Optional<Value> condition = entry.asFields().field("Condition");
        return condition.isEmpty() || choice.condition(condition.get());
    }

    private static String id(Value metric) {
        try {
            return Members.text(metric.asFields(), "Id").orElseThrow();
        } catch (TemplateException e) {
            throw new AssertionError(e);
        }
    }

    private Value.Fields resource(String logicalId) throws TemplateException {
        return section(section("Resources"), logicalId);
    }

    private Value.Fields section(String name) throws TemplateException {
        return section(root, name);
    }

    private static Value.Fields section(Value.Fields fields, String name) throws TemplateException {
        return Members.required(fields, name).asFields();
    }
}
