package finance.votis.sessions.standins.turnkey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Turnkey's policy language that our policies use, parsed whole before anything is asked of it:
 *
 * <pre>
 * or     = and { "||" and }
 * and    = term { "&amp;&amp;" term }
 * term   = "(" or ")" | any | field "==" string
 * any    = ("approvers" | "credentials") ".any(" name "," or ")"        in a consensus
 * field  = name ".id" | name ".type"                                    inside any: of users, of credentials
 *        | "activity." ("type" | "kind" | "resource" | "action" | "params.user_id")     in a condition
 * string = "'" … "'"
 * </pre>
 */
sealed interface Expression {
    /** Nothing is cut short: an error on one side is an error of the whole, whatever the other side says. */
    enum Outcome {
        TRUE,
        FALSE,
        ERROR;

        static Outcome of(boolean value) {
            return value ? TRUE : FALSE;
        }

        Outcome and(Outcome other) {
            return this == ERROR || other == ERROR ? ERROR : of(this == TRUE && other == TRUE);
        }

        Outcome or(Outcome other) {
            return this == ERROR || other == ERROR ? ERROR : of(this == TRUE || other == TRUE);
        }
    }

    /**
     * What there is to ask. A field that the activity does not show is absent: Turnkey's {@code MissingField}.
     *
     * @param lists {@code approvers} and {@code credentials}: for each element its fields
     */
    record Facts(Map<String, List<Map<String, String>>> lists, Map<String, String> fields) {}

    Outcome evaluate(Facts facts);

    record Both(Expression left, Expression right) implements Expression {
        @Override
        public Outcome evaluate(Facts facts) {
            return left.evaluate(facts).and(right.evaluate(facts));
        }
    }

    record Either(Expression left, Expression right) implements Expression {
        @Override
        public Outcome evaluate(Facts facts) {
            return left.evaluate(facts).or(right.evaluate(facts));
        }
    }

    record AnyOf(String list, Expression predicate) implements Expression {
        @Override
        public Outcome evaluate(Facts facts) {
            Outcome outcome = Outcome.FALSE;
            for (Map<String, String> element : facts.lists().getOrDefault(list, List.of())) {
                outcome = outcome.or(predicate.evaluate(new Facts(Map.of(), element)));
            }
            return outcome;
        }
    }

    record Equal(String field, String value) implements Expression {
        @Override
        public Outcome evaluate(Facts facts) {
            return Optional.ofNullable(facts.fields().get(field))
                    .map(actual -> Outcome.of(actual.equals(value)))
                    .orElse(Outcome.ERROR);
        }
    }

    /** A consensus. @throws IllegalArgumentException unless it is one of the grammar above */
    static Expression consensus(String text) {
        return new Parser(text, Parser.Place.CONSENSUS).whole();
    }

    /** A condition. @throws IllegalArgumentException unless it is one of the grammar above */
    static Expression condition(String text) {
        return new Parser(text, Parser.Place.CONDITION).whole();
    }

    /** Recursive descent over tokens. */
    final class Parser {
        enum Place {
            CONSENSUS,
            CONDITION,
            INSIDE_ANY
        }

        private static final Pattern TOKEN = Pattern.compile("\\s*(?:(&&|\\|\\||==|[().,])|'([^'\\\\]*)'|([a-z_]+))");
        private static final Map<String, String> ELEMENT_FIELD = Map.of("approvers", "id", "credentials", "type");
        private static final List<String> ACTIVITY_FIELDS =
                List.of("type", "kind", "resource", "action", "params.user_id");
        private static final String END = "";

        /** Strings keep a quote in front, so that they are never taken for a word. */
        private final List<String> tokens;

        private int at;
        private Place place;
        private String item = "";
        private String list = "";

        Parser(String text, Place place) {
            this.tokens = tokens(text);
            this.place = place;
        }

        Expression whole() {
            Expression whole = or();
            if (!peek().equals(END)) {
                throw refused("something follows the expression");
            }
            return whole;
        }

        private Expression or() {
            Expression left = and();
            while (takeIf("||")) {
                left = new Either(left, and());
            }
            return left;
        }

        private Expression and() {
            Expression left = term();
            while (takeIf("&&")) {
                left = new Both(left, term());
            }
            return left;
        }

        private Expression term() {
            if (takeIf("(")) {
                Expression inner = or();
                take(")");
                return inner;
            }
            return place == Place.CONSENSUS ? any() : equal();
        }

        private Expression any() {
            list = next();
            if (!ELEMENT_FIELD.containsKey(list)) {
                throw refused("a consensus asks approvers or credentials");
            }
            take(".");
            take("any");
            take("(");
            item = word();
            take(",");
            place = Place.INSIDE_ANY;
            Expression predicate = or();
            place = Place.CONSENSUS;
            take(")");
            return new AnyOf(list, predicate);
        }

        private Expression equal() {
            String root = word();
            StringBuilder path = new StringBuilder();
            while (takeIf(".")) {
                path.append(path.isEmpty() ? "" : ".").append(word());
            }
            String field = path.toString();
            boolean known = place == Place.CONDITION
                    ? root.equals("activity") && ACTIVITY_FIELDS.contains(field)
                    : root.equals(item) && field.equals(ELEMENT_FIELD.get(list));
            if (!known) {
                throw refused("the field is not understood here");
            }
            take("==");
            String value = next();
            if (!value.startsWith("'")) {
                throw refused("a string in single quotes follows ==");
            }
            return new Equal(field, value.substring(1));
        }

        private String word() {
            String word = next();
            if (word.isEmpty() || !Character.isLetter(word.charAt(0))) {
                throw refused("a name is missing");
            }
            return word;
        }

        private String peek() {
            return at < tokens.size() ? tokens.get(at) : END;
        }

        private String next() {
            String token = peek();
            at++;
            return token;
        }

        private boolean takeIf(String token) {
            boolean there = peek().equals(token);
            if (there) {
                at++;
            }
            return there;
        }

        private void take(String token) {
            if (!takeIf(token)) {
                throw refused(token + " is missing");
            }
        }

        private IllegalArgumentException refused(String rule) {
            return new IllegalArgumentException("policy, at token " + at + ": " + rule);
        }

        private static List<String> tokens(String text) {
            List<String> tokens = new ArrayList<>();
            Matcher matcher = TOKEN.matcher(text.strip());
            int end = 0;
            while (matcher.regionStart() < matcher.regionEnd() && matcher.lookingAt()) {
                String string = matcher.group(2);
                tokens.add(string == null ? matcher.group().strip() : "'" + string);
                end = matcher.end();
                matcher.region(end, text.strip().length());
            }
            if (end != text.strip().length() || tokens.isEmpty()) {
                throw new IllegalArgumentException("policy: not understood at character " + end);
            }
            return List.copyOf(tokens);
        }
    }
}
