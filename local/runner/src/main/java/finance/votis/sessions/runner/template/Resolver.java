package finance.votis.sessions.runner.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays the intrinsic functions. {@link #check} looks at every line, also at those whose value nobody on this machine asks for;
 * {@link #resolve} gives the values.
 */
final class Resolver {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]*)}");
    private static final String NO_VALUE = "AWS::NoValue";

    private final Map<String, Value> parameters;
    private final Map<String, String> pseudoParameters;
    private final Map<String, Value> conditions;
    private final Set<String> resources;
    private final References references;

    /** @param parameters their values: a text, or a list for a {@code CommaDelimitedList} */
    Resolver(
            Map<String, Value> parameters,
            Map<String, String> pseudoParameters,
            Map<String, Value> conditions,
            Set<String> resources,
            References references) {
        this.parameters = parameters;
        this.pseudoParameters = pseudoParameters;
        this.conditions = conditions;
        this.resources = resources;
        this.references = references;
    }

    Resolver with(References other) {
        return new Resolver(parameters, pseudoParameters, conditions, resources, other);
    }

    /** Every function well formed, every name known. */
    void check(Value value) throws TemplateException {
        switch (value) {
            case Value.Text text -> {}
            case Value.Nothing nothing -> {}
            case Value.Items items -> {
                for (Value item : items.items()) {
                    check(item);
                }
            }
            case Value.Fields fields -> {
                for (Value field : fields.fields().values()) {
                    check(field);
                }
            }
            case Value.Call call -> checkCall(call);
        }
    }

    private void checkCall(Value.Call call) throws TemplateException {
        switch (call.function()) {
            case "Ref" -> requireName(call.argument().asText(), call.place());
            case "Condition" -> requireCondition(call.argument());
            case "GetAtt" -> {
                List<Value> parts = arguments(call, 2, 2);
                requireResource(parts.get(0).asText(), call.place());
                check(parts.get(1));
            }
            case "If" -> {
                List<Value> parts = arguments(call, 3, 3);
                requireCondition(parts.get(0));
                check(parts.get(1));
                check(parts.get(2));
            }
            case "Sub" -> {
                Substitution sub = substitution(call);
                for (Value own : sub.own().values()) {
                    check(own);
                }
                Matcher placeholder = PLACEHOLDER.matcher(sub.text());
                while (placeholder.find()) {
                    String name = placeholder.group(2);
                    if (placeholder.group(1).isEmpty() && !sub.own().containsKey(name)) {
                        int dot = name.indexOf('.');
                        if (dot < 0) {
                            requireName(name, call.place());
                        } else {
                            requireResource(name.substring(0, dot), call.place());
                        }
                    }
                }
            }
            default -> check(call.argument());
        }
    }

    /** The value without any function in it; empty where it is {@code AWS::NoValue}. */
    Optional<Value> resolve(Value value) throws TemplateException {
        return switch (value) {
            case Value.Text text -> Optional.of(text);
            case Value.Nothing nothing -> Optional.of(nothing);
            case Value.Items items -> {
                List<Value> resolved = new ArrayList<>();
                for (Value item : items.items()) {
                    resolve(item).ifPresent(resolved::add);
                }
                yield Optional.of(new Value.Items(items.place(), List.copyOf(resolved)));
            }
            case Value.Fields fields -> {
                Map<String, Value> resolved = new LinkedHashMap<>();
                for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
                    resolve(field.getValue()).ifPresent(member -> resolved.put(field.getKey(), member));
                }
                yield Optional.of(new Value.Fields(fields.place(), resolved));
            }
            case Value.Call call -> call(call);
        };
    }

    boolean condition(Value name) throws TemplateException {
        return truth(requireCondition(name), 0);
    }

    /** What stands in a rule: a condition without a name. */
    boolean holds(Value condition) throws TemplateException {
        return truth(condition, 0);
    }

    private Optional<Value> call(Value.Call call) throws TemplateException {
        return switch (call.function()) {
            case "Ref" -> ref(call.argument().asText(), call.place());
            case "GetAtt" -> {
                List<Value> parts = arguments(call, 2, 2);
                yield Optional.of(new Value.Text(
                        call.place(), attribute(parts.get(0).asText(), text(parts.get(1)), call.place())));
            }
            case "If" -> {
                List<Value> parts = arguments(call, 3, 3);
                yield resolve(condition(parts.get(0)) ? parts.get(1) : parts.get(2));
            }
            case "Sub" -> Optional.of(new Value.Text(call.place(), substitute(call)));
            case "Join" -> {
                List<Value> parts = arguments(call, 2, 2);
                List<String> joined = new ArrayList<>();
                for (Value item : required(parts.get(1)).asItems()) {
                    joined.add(item.asText());
                }
                yield Optional.of(
                        new Value.Text(call.place(), String.join(parts.get(0).asText(), joined)));
            }
            case "Select" -> {
                List<Value> parts = arguments(call, 2, 2);
                int index = required(parts.get(0)).asWholeNumber();
                List<Value> items = required(parts.get(1)).asItems();
                if (index >= items.size()) {
                    throw new TemplateException(
                            call.place(), "!Select asks for item " + index + " of a list of " + items.size());
                }
                yield Optional.of(items.get(index));
            }
            case "Split" -> {
                List<Value> parts = arguments(call, 2, 2);
                List<Value> items = new ArrayList<>();
                for (String part :
                        text(parts.get(1)).split(Pattern.quote(parts.get(0).asText()), -1)) {
                    items.add(new Value.Text(call.place(), part));
                }
                yield Optional.of(new Value.Items(call.place(), List.copyOf(items)));
            }
            default ->
                throw new TemplateException(
                        call.place(), "!" + call.function() + " has its place under Conditions only");
        };
    }

    private Optional<Value> ref(String name, Place place) throws TemplateException {
        requireName(name, place);
        if (name.equals(NO_VALUE)) {
            return Optional.empty();
        }
        Value parameter = parameters.get(name);
        if (parameter != null) {
            return Optional.of(parameter);
        }
        String pseudo = pseudoParameters.get(name);
        return Optional.of(new Value.Text(place, pseudo != null ? pseudo : attribute(name, "Ref", place)));
    }

    private String attribute(String resource, String attribute, Place place) throws TemplateException {
        requireResource(resource, place);
        Optional<String> value = references.value(resource, attribute);
        if (value.isEmpty()) {
            throw new TemplateException(
                    place,
                    (attribute.equals("Ref") ? "!Ref " + resource : "!GetAtt " + resource + "." + attribute)
                            + " has no value on this machine under these parameters");
        }
        return value.get();
    }

    private String substitute(Value.Call call) throws TemplateException {
        Substitution sub = substitution(call);
        StringBuilder text = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(sub.text());
        int end = 0;
        while (placeholder.find()) {
            text.append(sub.text(), end, placeholder.start());
            end = placeholder.end();
            String name = placeholder.group(2);
            int dot = name.indexOf('.');
            Value own = sub.own().get(name);
            if (!placeholder.group(1).isEmpty()) {
                text.append("${").append(name).append('}');
            } else if (own != null) {
                text.append(text(own));
            } else if (dot > 0) {
                text.append(attribute(name.substring(0, dot), name.substring(dot + 1), call.place()));
            } else {
                text.append(ref(name, call.place())
                        .orElseThrow(() -> new TemplateException(call.place(), "AWS::NoValue is no text"))
                        .asText());
            }
        }
        return text.append(sub.text().substring(end)).toString();
    }

    private record Substitution(String text, Map<String, Value> own) {}

    private static Substitution substitution(Value.Call call) throws TemplateException {
        if (call.argument() instanceof Value.Text text) {
            return new Substitution(text.text(), Map.of());
        }
        List<Value> parts = arguments(call, 2, 2);
        return new Substitution(parts.get(0).asText(), parts.get(1).asFields().fields());
    }

    private boolean truth(Value value, int depth) throws TemplateException {
        if (depth > 20) {
            throw new TemplateException(value.place(), "this condition goes round in a circle");
        }
        if (!(value instanceof Value.Call call)) {
            throw new TemplateException(value.place(), "a condition is one of !Equals, !Not, !And, !Or, !Condition");
        }
        return switch (call.function()) {
            case "Condition" -> truth(requireCondition(call.argument()), depth + 1);
            case "Equals" -> {
                List<Value> sides = arguments(call, 2, 2);
                yield text(sides.get(0)).equals(text(sides.get(1)));
            }
            case "Not" -> !truth(arguments(call, 1, 1).getFirst(), depth + 1);
            case "And" -> {
                boolean all = true;
                for (Value part : arguments(call, 2, 10)) {
                    all &= truth(part, depth + 1);
                }
                yield all;
            }
            case "Or" -> {
                boolean any = false;
                for (Value part : arguments(call, 2, 10)) {
                    any |= truth(part, depth + 1);
                }
                yield any;
            }
            default -> throw new TemplateException(call.place(), "!" + call.function() + " is no condition");
        };
    }

    private Value required(Value value) throws TemplateException {
        return resolve(value).orElseThrow(() -> new TemplateException(value.place(), "AWS::NoValue cannot stand here"));
    }

    private String text(Value value) throws TemplateException {
        return required(value).asText();
    }

    private Value requireCondition(Value name) throws TemplateException {
        Value condition = conditions.get(name.asText());
        if (condition == null) {
            throw new TemplateException(name.place(), "no condition is called " + name.asText());
        }
        return condition;
    }

    private void requireResource(String name, Place place) throws TemplateException {
        if (!resources.contains(name)) {
            throw new TemplateException(place, "no resource is called " + name);
        }
    }

    private void requireName(String name, Place place) throws TemplateException {
        if (!parameters.containsKey(name)
                && !resources.contains(name)
                && !pseudoParameters.containsKey(name)
                && !name.equals(NO_VALUE)) {
            throw new TemplateException(place, "no parameter or resource is called " + name);
        }
    }

    private static List<Value> arguments(Value.Call call, int least, int most) throws TemplateException {
        List<Value> arguments = call.argument().asItems();
        if (arguments.size() < least || arguments.size() > most) {
            throw new TemplateException(
                    call.place(),
                    "!" + call.function() + " takes "
                            + (least == most ? Integer.toString(least) : least + " to " + most)
                            + " items, not " + arguments.size());
        }
        return arguments;
    }
}
