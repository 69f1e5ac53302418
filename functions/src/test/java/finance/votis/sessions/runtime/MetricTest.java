package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.http.ProblemType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alarms and the dashboard ask CloudWatch for metrics by name, and hear nothing where nobody sends one of that name. */
class MetricTest {
    private static final Pattern IN_AN_ALARM = Pattern.compile(
            "Namespace: !Sub TurnkeySessions/\\$\\{AWS::StackName}\\s+MetricName: (\\w+)\\s+Dimensions: \\[(.*)]\n");
    private static final Pattern DIMENSION = Pattern.compile("\\{Name: ([\\w-]+), Value: ((?:!GetAtt )?[\\w.-]+)}");
    private static final Pattern IN_THE_DASHBOARD = Pattern.compile(
            "\\{\\\\\"TurnkeySessions/\\$\\{AWS::StackName}\\\\\",([\\w,]+)} MetricName=\\\\\"(\\w+)\\\\\"");

    @Test
    void whatAnAlarmWatchesIsMeasuredUnderTheseDimensions() throws Exception {
        List<MatchResult> watched = matches(IN_AN_ALARM);

        assertThat(watched).hasSizeGreaterThanOrEqualTo(6);
        for (MatchResult one : watched) {
            Map<String, String> dimensions = new LinkedHashMap<>();
            DIMENSION
                    .matcher(one.group(2))
                    .results()
                    .forEach(dimension -> dimensions.put(dimension.group(1), dimension.group(2)));
            assertMeasured(one.group(1), List.copyOf(dimensions.keySet()));
            dimensions.forEach((name, value) -> {
                Stream<String> known = switch (name) {
                    case "kind" -> Arrays.stream(SessionKind.values()).map(SessionKind::text);
                    case "outcome" -> Arrays.stream(SessionOutcome.values()).map(SessionOutcome::text);
                    case "problem" -> Arrays.stream(ProblemType.values()).map(ProblemType::slug);
                    case "event" -> Stream.of("foreign-organisation", "missing-at-turnkey", "quota", "unasked-session");
                    case "function" ->
                        Stream.of(
                                "SessionCanaryFunction",
                                "ClientSessionFunction",
                                "ReadOnlySessionFunction",
                                "SessionsFunction",
                                "RelayFunction");
                    case "session" -> Stream.of("nightly");
                    // What SAM publishes of the same function.
                    case "functionVersion" -> Stream.of("!GetAtt " + dimensions.get("function") + ".Version.Version");
                    default -> Stream.empty();
                };
                assertThat(known).as(name).contains(value);
            });
        }
    }

    @Test
    void whatTheDashboardShowsIsMeasuredUnderTheseDimensions() throws Exception {
        List<MatchResult> shown = matches(IN_THE_DASHBOARD);

        assertThat(shown).hasSizeGreaterThanOrEqualTo(6);
        for (MatchResult one : shown) {
            assertMeasured(one.group(2), List.of(one.group(1).split(",", -1)));
        }
    }

    private static void assertMeasured(String name, List<String> dimensions) {
        assertThat(Arrays.stream(Metric.values())
                        .filter(metric -> metric.metricName().equals(name))
                        .flatMap(metric -> metric == Metric.SESSIONS
                                ? Stream.of(metric.by(), Metric.By.PROBLEM)
                                : Stream.of(metric.by()))
                        .map(Metric.By::members))
                .as(name)
                .contains(dimensions);
    }

    private static List<MatchResult> matches(Pattern pattern) throws Exception {
        String template = Files.readString(Path.of("..", "template.yaml"));
        return pattern.matcher(template).results().toList();
    }
}
