package finance.votis.sessions.runner.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML with CloudFormation's tags as {@link Value}s. */
final class YamlReader {
    /** The intrinsic functions that the {@link Resolver} plays; any other is refused here, by its name and line. */
    private static final List<String> FUNCTIONS =
            List.of("Ref", "Condition", "Sub", "GetAtt", "If", "Equals", "Not", "And", "Or", "Join", "Select", "Split");

    private YamlReader() {}

    static Value.Fields read(String file, String yaml) throws TemplateException {
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(file).build()).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw new TemplateException(new Place(file, line, ""), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new TemplateException(new Place(file, 0, ""), "not YAML: " + e.getMessage());
        }
        Place top = new Place(file, 1, "");
        return root.isEmpty()
                ? new Value.Fields(top, Map.of())
                : value(root.get(), top).asFields();
    }

    private static Value value(Node node, Place place) throws TemplateException {
        Optional<String> function = shortForm(node, place);
        if (function.isPresent()) {
            Value argument = untagged(node, place);
            // !GetAtt Key.Arn is written as one text in the short form, as a list in the long one.
            if (function.get().equals("GetAtt") && argument instanceof Value.Text text) {
                argument = dotted(text);
            }
            return new Value.Call(place, function.get(), argument);
        }
        return untagged(node, place);
    }

    private static Value untagged(Node node, Place place) throws TemplateException {
        return switch (node) {
            case ScalarNode scalar ->
                scalar.getTag().equals(Tag.NULL) ? new Value.Nothing(place) : new Value.Text(place, scalar.getValue());
            case SequenceNode sequence -> items(sequence, place);
            case MappingNode mapping -> fieldsOrCall(mapping, place);
            default -> throw new TemplateException(place, "this kind of YAML node is not known here");
        };
    }

    private static Value items(SequenceNode sequence, Place place) throws TemplateException {
        List<Value> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(value(item, place.in("[" + items.size() + "]", line(item, place))));
        }
        return new Value.Items(place, List.copyOf(items));
    }

    private static Value fieldsOrCall(MappingNode mapping, Place place) throws TemplateException {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new TemplateException(place, "a key must be a text");
            }
            Place member = place.in(key.getValue(), line(key, place));
            if (fields.put(key.getValue(), value(tuple.getValueNode(), member)) != null) {
                throw new TemplateException(member, "this key stands here twice");
            }
        }
        if (fields.size() == 1) {
            Map.Entry<String, Value> only = fields.entrySet().iterator().next();
            String key = only.getKey();
            if (key.startsWith("Fn::")) {
                String function = key.substring("Fn::".length());
                requireKnown(function, key, only.getValue().place());
                Value argument = only.getValue();
                return new Value.Call(place, function, argument);
            }
            if (key.equals("Ref") || (key.equals("Condition") && only.getValue() instanceof Value.Text)) {
                return new Value.Call(place, key, only.getValue());
            }
        }
        return new Value.Fields(place, fields);
    }

    private static Optional<String> shortForm(Node node, Place place) throws TemplateException {
        String tag = node.getTag().getValue();
        if (!tag.startsWith("!")) {
            return Optional.empty();
        }
        String function = tag.substring(1);
        requireKnown(function, tag, place);
        return Optional.of(function);
    }

    private static void requireKnown(String function, String asWritten, Place place) throws TemplateException {
        if (!FUNCTIONS.contains(function)) {
            throw new TemplateException(place, "the function " + asWritten + " is not played on this machine");
        }
    }

    private static Value dotted(Value.Text text) throws TemplateException {
        int dot = text.text().indexOf('.');
        if (dot < 1 || dot == text.text().length() - 1) {
            throw new TemplateException(text.place(), "!GetAtt wants Resource.Attribute");
        }
        return new Value.Items(
                text.place(),
                List.of(
                        new Value.Text(text.place(), text.text().substring(0, dot)),
                        new Value.Text(text.place(), text.text().substring(dot + 1))));
    }

    private static int line(Node node, Place otherwise) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(otherwise.line());
    }
}
