package finance.votis.sessions.runner.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A YAML node with its place; {@link Call} is an intrinsic function, in its short or its long form. */
sealed interface Value {
    Place place();

    /** Any scalar by its text: CloudFormation itself takes {@code 10} and {@code "10"} alike. */
    record Text(Place place, String text) implements Value {}

    record Nothing(Place place) implements Value {}

    record Items(Place place, List<Value> items) implements Value {}

    record Fields(Place place, Map<String, Value> fields) implements Value {
        Optional<Value> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    /** Function by its long name without {@code Fn::}: {@code Ref}, {@code Sub}, {@code GetAtt}, {@code Condition}. */
    record Call(Place place, String function, Value argument) implements Value {}

    default Fields asFields() throws TemplateException {
        return switch (this) {
            case Fields fields -> fields;
            case Nothing nothing -> new Fields(nothing.place(), Map.of());
            case Text text -> throw new TemplateException(text.place(), "a mapping is wanted here");
            case Items items -> throw new TemplateException(items.place(), "a mapping is wanted here, not a list");
            case Call call ->
                throw new TemplateException(call.place(), "a mapping is wanted here, not !" + call.function());
        };
    }

    default List<Value> asItems() throws TemplateException {
        return switch (this) {
            case Items items -> items.items();
            case Text text -> throw new TemplateException(text.place(), "a list is wanted here");
            case Fields fields -> throw new TemplateException(fields.place(), "a list is wanted here, not a mapping");
            case Nothing nothing -> throw new TemplateException(nothing.place(), "a list is wanted here");
            case Call call ->
                throw new TemplateException(call.place(), "a list is wanted here, not !" + call.function());
        };
    }

    default String asText() throws TemplateException {
        return switch (this) {
            case Text text -> text.text();
            case Items items -> throw new TemplateException(items.place(), "a text is wanted here, not a list");
            case Fields fields -> throw new TemplateException(fields.place(), "a text is wanted here, not a mapping");
            case Nothing nothing -> throw new TemplateException(nothing.place(), "a text is wanted here, not nothing");
            case Call call ->
                throw new TemplateException(call.place(), "a text is wanted here, not !" + call.function());
        };
    }

    default int asWholeNumber() throws TemplateException {
        String text = asText();
        if (!text.matches("[0-9]{1,9}")) {
            throw new TemplateException(place(), "a whole number is wanted here");
        }
        return Integer.parseInt(text);
    }
}
