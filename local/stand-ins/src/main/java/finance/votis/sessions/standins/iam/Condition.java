package finance.votis.sessions.standins.iam;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One key under one operator.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">IAM: condition
 *     operators</a>
 */
record Condition(Quantifier quantifier, Operator operator, boolean ifExists, String key, List<String> values) {

    /** How a value of the request is compared with one of the policy's. */
    enum Operator {
        STRING_EQUALS("StringEquals", false),
        STRING_NOT_EQUALS("StringNotEquals", true),
        STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false),
        STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true),
        STRING_LIKE("StringLike", false),
        STRING_NOT_LIKE("StringNotLike", true),
        ARN_EQUALS("ArnEquals", false),
        ARN_NOT_EQUALS("ArnNotEquals", true),
        ARN_LIKE("ArnLike", false),
        ARN_NOT_LIKE("ArnNotLike", true),
        BOOL("Bool", false),
        /** Whether the key is absent. */
        NULL("Null", false);

        private final String policyName;
        private final boolean negated;

        Operator(String policyName, boolean negated) {
            this.policyName = policyName;
            this.negated = negated;
        }

        /** Several values of a policy are joined by OR, and by NOR under a negated operator. */
        private boolean holds(String given, List<String> wanted) {
            return negated != wanted.stream().anyMatch(one -> matches(given, one));
        }

        private boolean matches(String given, String wanted) {
            return switch (this) {
                case STRING_EQUALS, STRING_NOT_EQUALS -> given.equals(wanted);
                case STRING_EQUALS_IGNORE_CASE, STRING_NOT_EQUALS_IGNORE_CASE, BOOL, NULL ->
                    given.equalsIgnoreCase(wanted);
                case STRING_LIKE, STRING_NOT_LIKE -> Wildcards.match(wanted, given);
                // AWS documents that the two behave alike.
                case ARN_EQUALS, ARN_NOT_EQUALS, ARN_LIKE, ARN_NOT_LIKE -> Wildcards.matchArn(wanted, given);
            };
        }

        private boolean truthValued() {
            return this == BOOL || this == NULL;
        }
    }

    enum Quantifier {
        ONE(""),
        FOR_ALL_VALUES("ForAllValues:"),
        FOR_ANY_VALUE("ForAnyValue:");

        private final String prefix;

        Quantifier(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final String IF_EXISTS = "IfExists";

    Condition {
        values = List.copyOf(values);
    }

    /** @param operator as policies write it, such as {@code ForAnyValue:StringLikeIfExists} */
    static Condition of(String operator, String key, List<String> values) {
        for (Quantifier quantifier : Quantifier.values()) {
            for (Operator one : Operator.values()) {
                String plain = quantifier.prefix + one.policyName;
                boolean ifExists = operator.equals(plain + IF_EXISTS);
                if (operator.equals(plain) || ifExists) {
                    return new Condition(quantifier, one, ifExists, key, values).checked(operator);
                }
            }
        }
        throw new MalformedPolicyException("the operator " + operator + " is not played here");
    }

    private Condition checked(String written) {
        if (!ConditionKeys.known(key)) {
            throw new MalformedPolicyException("the condition key " + key + " is not played here");
        }
        if (operator == Operator.NULL && (ifExists || quantifier != Quantifier.ONE)) {
            throw new MalformedPolicyException(written + " is no operator: Null stands alone");
        }
        if (operator != Operator.NULL && ConditionKeys.multivalued(key) && quantifier == Quantifier.ONE) {
            throw new MalformedPolicyException(key + " has several values and needs ForAllValues or ForAnyValue");
        }
        for (String value : values) {
            if (operator.truthValued() && !List.of("true", "false").contains(value.toLowerCase(Locale.ROOT))) {
                throw new MalformedPolicyException(written + " takes true or false");
            }
        }
        return this;
    }

    boolean holds(Map<String, List<String>> context) {
        List<String> given = context.get(key);
        if (operator == Operator.NULL) {
            return operator.holds(Boolean.toString(given == null), values);
        }
        return given == null ? holdsWithout() : holdsWith(given);
    }

    private boolean holdsWithout() {
        return switch (quantifier) {
            case ONE -> ifExists || operator.negated;
            case FOR_ALL_VALUES -> true;
            case FOR_ANY_VALUE -> ifExists;
        };
    }

    private boolean holdsWith(List<String> given) {
        return switch (quantifier) {
            case ONE, FOR_ALL_VALUES -> given.stream().allMatch(one -> operator.holds(one, values));
            case FOR_ANY_VALUE -> given.stream().anyMatch(one -> operator.holds(one, values));
        };
    }
}
