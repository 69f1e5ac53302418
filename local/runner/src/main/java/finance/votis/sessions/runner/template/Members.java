package finance.votis.sessions.runner.template;

import java.util.Optional;
import java.util.Set;

/** Misspelt members are told, not passed over: SAM does the same. */
final class Members {
    private Members() {}

    static void require(Value.Fields fields, Set<String> known) throws TemplateException {
        for (String member : fields.fields().keySet()) {
            if (!known.contains(member)) {
                Value value = fields.fields().get(member);
                Place place = value == null ? fields.place() : value.place();
                throw new TemplateException(place, member + " is not known here");
            }
        }
    }

    static Value required(Value.Fields fields, String member) throws TemplateException {
        Optional<Value> value = fields.field(member);
        return value.orElseThrow(() -> new TemplateException(fields.place(), member + " is missing"));
    }

    static Value.Fields fields(Value.Fields fields, String member) throws TemplateException {
        Optional<Value> value = fields.field(member);
        return value.isPresent() ? value.get().asFields() : new Value.Fields(fields.place(), java.util.Map.of());
    }

    static Optional<String> text(Value.Fields fields, String member) throws TemplateException {
        Optional<Value> value = fields.field(member);
        return value.isPresent() ? Optional.of(value.get().asText()) : Optional.empty();
    }

    static int number(Value.Fields fields, String member, int otherwise) throws TemplateException {
        Optional<Value> value = fields.field(member);
        return value.isPresent() ? value.get().asWholeNumber() : otherwise;
    }
}
