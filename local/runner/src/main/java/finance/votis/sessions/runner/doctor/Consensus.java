package finance.votis.sessions.runner.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether one user alone satisfies the consensus of a policy (Turnkey docs: policies, language). Only so much is read as is needed to rule
 * a user out; of anything else it cannot be told, which counts as a yes where a finding hangs on it:
 *
 * <pre>
 * or    = and { "||" and }
 * and   = term { "&amp;&amp;" term }
 * term  = "(" or ")" | "approvers" ".any" lambda | "approvers" [ ".filter" lambda ] ".count()" compared number | "credentials" "." word lambda
 * lambda = "(" name "," condition ")"          a condition is an or over: name ".id == 'id'", name ".tags.contains('tag')"
 * </pre>
 */
final class Consensus {

    enum Alone {
        YES,
        NO,
        UNKNOWN;

        static Alone of(boolean value) {
            return value ? YES : NO;
        }

        Alone and(Alone other) {
            return this == NO || other == NO ? NO : this == YES && other == YES ? YES : UNKNOWN;
        }

        Alone or(Alone other) {
            return this == YES || other == YES ? YES : this == NO && other == NO ? NO : UNKNOWN;
        }
    }

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(&&|\\|\\||[=!<>]=|[<>().,])|('[^'\\\\]*')|([A-Za-z_]\\w*)|([0-9]{1,9}))");

    private final List<String> tokens;
    private final String userId;
    private final Set<String> tags;
    private int at;

    private Consensus(List<String> tokens, String userId, Set<String> tags) {
        this.tokens = tokens;
        this.userId = userId;
        this.tags = tags;
    }

    /** The text is not of the grammar above. */
    private static final class NotRead extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** @param text empty: no consensus is asked for, so anybody will do */
    static Alone satisfies(String text, String userId, Set<String> tags) {
        if (text.isBlank()) {
            return Alone.YES;
        }
        try {
            Consensus reading = new Consensus(tokens(text), userId, tags);
            Alone whole = reading.or(reading::term);
            reading.end();
            return whole;
        } catch (NotRead e) {
            return Alone.UNKNOWN;
        }
    }

    @FunctionalInterface
    private interface Part {
        Alone read() throws NotRead;
    }

    private Alone or(Part term) throws NotRead {
        Alone left = and(term);
        while (takeIf("||"::equals)) {
            left = left.or(and(term));
        }
        return left;
    }

    private Alone and(Part term) throws NotRead {
        Alone left = grouped(term);
        while (takeIf("&&"::equals)) {
            left = left.and(grouped(term));
        }
        return left;
    }

    private Alone grouped(Part term) throws NotRead {
        if (takeIf("("::equals)) {
            Alone inner = or(term);
            take(")");
            return inner;
        }
        return term.read();
    }

    private Alone term() throws NotRead {
        if (takeIf("credentials"::equals)) {
            take(".");
            next();
            skipParentheses();
            return Alone.UNKNOWN;
        }
        take("approvers");
        take(".");
        String function = next();
        if (function.equals("any")) {
            return lambda();
        }
        Alone counts = Alone.YES;
        if (function.equals("filter")) {
            counts = lambda();
            take(".");
            function = next();
        }
        if (!function.equals("count")) {
            throw new NotRead();
        }
        take("(");
        take(")");
        return compared(counts, next(), next());
    }

    /** One approver, or none where it does not count. */
    private static Alone compared(Alone counts, String operator, String number) throws NotRead {
        if (!number.matches("[0-9]+")) {
            throw new NotRead();
        }
        Alone ifOne = compared(1, operator, Integer.parseInt(number));
        Alone ifNone = compared(0, operator, Integer.parseInt(number));
        return switch (counts) {
            case YES -> ifOne;
            case NO -> ifNone;
            case UNKNOWN -> ifOne == ifNone ? ifOne : Alone.UNKNOWN;
        };
    }

    private static Alone compared(int count, String operator, int number) throws NotRead {
        return switch (operator) {
            case "==" -> Alone.of(count == number);
            case "!=" -> Alone.of(count != number);
            case ">=" -> Alone.of(count >= number);
            case "<=" -> Alone.of(count <= number);
            case ">" -> Alone.of(count > number);
            case "<" -> Alone.of(count < number);
            default -> throw new NotRead();
        };
    }

    /** What it says of this user. */
    private Alone lambda() throws NotRead {
        take("(");
        String name = next();
        take(",");
        Alone condition = or(() -> field(name));
        take(")");
        return condition;
    }

    private Alone field(String name) throws NotRead {
        take(name);
        take(".");
        return switch (next()) {
            case "id" -> {
                take("==");
                yield Alone.of(string().equals(userId));
            }
            case "tags" -> {
                take(".");
                take("contains");
                take("(");
                String tag = string();
                take(")");
                yield Alone.of(tags.contains(tag));
            }
            default -> throw new NotRead();
        };
    }

    private void skipParentheses() throws NotRead {
        take("(");
        for (int open = 1; open > 0; ) {
            String token = next();
            open += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
        }
    }

    private String string() throws NotRead {
        String token = next();
        if (!token.startsWith("'")) {
            throw new NotRead();
        }
        return token.substring(1, token.length() - 1);
    }

    private String next() throws NotRead {
        if (at == tokens.size()) {
            throw new NotRead();
        }
        return tokens.get(at++);
    }

    private boolean takeIf(Predicate<String> wanted) {
        boolean there = at < tokens.size() && wanted.test(tokens.get(at));
        at += there ? 1 : 0;
        return there;
    }

    private void take(String token) throws NotRead {
        if (!takeIf(token::equals)) {
            throw new NotRead();
        }
    }

    private void end() throws NotRead {
        if (at < tokens.size()) {
            throw new NotRead();
        }
    }

    private static List<String> tokens(String text) throws NotRead {
        List<String> tokens = new ArrayList<>();
        String stripped = text.strip();
        Matcher matcher = TOKEN.matcher(stripped);
        int end = 0;
        while (end < stripped.length()) {
            matcher.region(end, stripped.length());
            if (!matcher.lookingAt()) {
                throw new NotRead();
            }
            tokens.add(matcher.group().strip());
            end = matcher.end();
        }
        return List.copyOf(tokens);
    }
}
