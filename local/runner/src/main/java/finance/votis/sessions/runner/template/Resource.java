package finance.votis.sessions.runner.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One entry under {@code Resources}, its properties not yet resolved. */
record Resource(
        String logicalId,
        Place place,
        String type,
        Optional<Value> condition,
        List<String> dependsOn,
        Value.Fields properties) {

    static final String FUNCTION = "AWS::Serverless::Function";
    static final String HTTP_API = "AWS::Serverless::HttpApi";
    static final String KEY = "AWS::KMS::Key";
    static final String ALIAS = "AWS::KMS::Alias";
    static final String SECRET = "AWS::SecretsManager::Secret";
    static final String ROLE = "AWS::IAM::Role";
    private static final String ALARM = "AWS::CloudWatch::Alarm";

    private static final Set<String> PLAYED = Set.of(FUNCTION, HTTP_API, KEY, ALIAS, SECRET, ROLE);

    /** Nothing on this machine depends on them. */
    private static final Set<String> PASSED_OVER =
            Set.of("AWS::Logs::LogGroup", ALARM, "AWS::CloudWatch::Dashboard", "AWS::SQS::Queue", "AWS::SNS::Topic");

    /** Nothing here rings, so a misspelt one would be missed on the day that it is needed. */
    private static final Set<String> ALARM_MEMBERS = Set.of(
            "AlarmName",
            "AlarmDescription",
            "Namespace",
            "MetricName",
            "Metrics",
            "Dimensions",
            "Statistic",
            "ExtendedStatistic",
            "Period",
            "EvaluationPeriods",
            "DatapointsToAlarm",
            "ComparisonOperator",
            "Threshold",
            "TreatMissingData",
            "Unit",
            "ActionsEnabled",
            "AlarmActions",
            "OKActions",
            "InsufficientDataActions",
            "Tags");

    private static final Set<String> MEMBERS =
            Set.of("Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "Properties");

    static Resource from(String logicalId, Value value) throws TemplateException {
        Value.Fields fields = value.asFields();
        Members.require(fields, MEMBERS);
        String type = Members.required(fields, "Type").asText();
        if (!PLAYED.contains(type) && !PASSED_OVER.contains(type)) {
            throw new TemplateException(
                    Members.required(fields, "Type").place(), "resources of type " + type + " are not known here");
        }
        Value.Fields properties = Members.fields(fields, "Properties");
        if (type.equals(ALARM)) {
            Members.require(properties, ALARM_MEMBERS);
        }
        List<String> dependsOn = new ArrayList<>();
        Optional<Value> others = fields.field("DependsOn");
        if (others.isPresent()) {
            if (others.get() instanceof Value.Text one) {
                dependsOn.add(one.text());
            } else {
                for (Value other : others.get().asItems()) {
                    dependsOn.add(other.asText());
                }
            }
        }
        return new Resource(
                logicalId, fields.place(), type, fields.field("Condition"), List.copyOf(dependsOn), properties);
    }
}
