package finance.votis.sessions.runner.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A template as it stands in the file. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html">SAM
 *     specification</a>
 */
public final class Template {
    private static final Set<String> SECTIONS = Set.of(
            "AWSTemplateFormatVersion",
            "Transform",
            "Description",
            "Metadata",
            "Parameters",
            "Rules",
            "Conditions",
            "Globals",
            "Resources",
            "Outputs");
    private static final Set<String> PARAMETER_MEMBERS = Set.of(
            "Type",
            "Default",
            "Description",
            "AllowedValues",
            "AllowedPattern",
            "ConstraintDescription",
            "MinLength",
            "MaxLength",
            "MinValue",
            "MaxValue",
            "NoEcho");

    private final Path folder;
    private final Value.Fields root;

    private Template(Path folder, Value.Fields root) {
        this.folder = folder;
        this.root = root;
    }

    /**
     * Reads a file; relative paths in it are relative to its folder.
     *
     * @throws TemplateException if it cannot be read, is not YAML, or has a section or function that is not known here
     */
    public static Template read(Path file) throws TemplateException {
        String name =
                Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new TemplateException(
                    file + " cannot be read: " + e.getClass().getSimpleName());
        }
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        return parse(name, yaml, folder);
    }

    /**
     * Reads a text.
     *
     * @param name the file's name for messages
     * @param folder what relative paths in the template are relative to
     */
    public static Template parse(String name, String yaml, Path folder) throws TemplateException {
        Value.Fields root = YamlReader.read(name, yaml);
        Members.require(root, SECTIONS);
        return new Template(folder, root);
    }

    /** Names of the parameters, in the order of the file. */
    public List<String> parameterNames() throws TemplateException {
        return List.copyOf(section("Parameters").fields().keySet());
    }

    /** Empty if the parameter has none. */
    public Optional<String> parameterDefault(String name) throws TemplateException {
        Optional<Value> declaration = section("Parameters").field(name);
        Optional<Value> standard =
                declaration.isPresent() ? declaration.get().asFields().field("Default") : Optional.empty();
        return standard.isPresent() ? Optional.of(standard.get().asText()) : Optional.empty();
    }

    /**
     * The template under these parameters; the others take their defaults.
     *
     * @param overrides values by parameter name
     * @param pseudoParameters values of {@code AWS::Region} and its like, by full name
     * @throws TemplateException on an unknown or missing parameter, a value that is not allowed, a rule that is broken, and on any line that names what
     *     does not exist, be its value needed here or not
     */
    public Deployment with(Map<String, String> overrides, Map<String, String> pseudoParameters)
            throws TemplateException {
        Map<String, Value> parameters = parameters(overrides);
        Map<String, Value> conditions = section("Conditions").fields();
        Map<String, Resource> resources = resources();
        Resolver resolver = new Resolver(
                parameters, pseudoParameters, conditions, resources.keySet(), (id, attribute) -> Optional.empty());
        resolver.check(root);
        requireRules(resolver);
        Map<String, Resource> present = new LinkedHashMap<>();
        for (Map.Entry<String, Resource> entry : resources.entrySet()) {
            Optional<Value> condition = entry.getValue().condition();
            if (condition.isEmpty() || resolver.condition(condition.get())) {
                present.put(entry.getKey(), entry.getValue());
            }
        }
        return new Deployment(folder, resolver, section("Globals"), section("Outputs"), present);
    }

    /** What the parameters have to be together. */
    private void requireRules(Resolver resolver) throws TemplateException {
        for (Value entry : section("Rules").fields().values()) {
            Value.Fields rule = entry.asFields();
            Members.require(rule, Set.of("RuleCondition", "Assertions"));
            Optional<Value> condition = rule.field("RuleCondition");
            if (condition.isPresent() && !resolver.holds(condition.get())) {
                continue;
            }
            for (Value one : Members.required(rule, "Assertions").asItems()) {
                Value.Fields assertion = one.asFields();
                Members.require(assertion, Set.of("Assert", "AssertDescription"));
                String sentence =
                        Members.required(assertion, "AssertDescription").asText();
                require(resolver.holds(Members.required(assertion, "Assert")), assertion, sentence);
            }
        }
    }

    private Map<String, Resource> resources() throws TemplateException {
        Map<String, Resource> resources = new LinkedHashMap<>();
        for (Map.Entry<String, Value> entry : section("Resources").fields().entrySet()) {
            resources.put(entry.getKey(), Resource.from(entry.getKey(), entry.getValue()));
        }
        for (Resource resource : resources.values()) {
            for (String other : resource.dependsOn()) {
                if (!resources.containsKey(other)) {
                    throw new TemplateException(
                            resource.place(), "DependsOn names " + other + ", which is no resource");
                }
            }
        }
        return resources;
    }

    private Map<String, Value> parameters(Map<String, String> overrides) throws TemplateException {
        Map<String, Value> declared = section("Parameters").fields();
        Set<String> unknown = new TreeSet<>(overrides.keySet());
        unknown.removeAll(declared.keySet());
        if (!unknown.isEmpty()) {
            throw new TemplateException(root.place().file() + " has no parameter " + String.join(", ", unknown));
        }
        Map<String, Value> values = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Value> entry : declared.entrySet()) {
            Value.Fields declaration = entry.getValue().asFields();
            Members.require(declaration, PARAMETER_MEMBERS);
            Optional<Value> standard = declaration.field("Default");
            String given = overrides.get(entry.getKey());
            if (given == null && standard.isEmpty()) {
                missing.add(entry.getKey());
                continue;
            }
            String value = given != null ? given : standard.orElseThrow().asText();
            values.put(entry.getKey(), parameter(declaration, value));
        }
        if (!missing.isEmpty()) {
            throw new TemplateException(root.place().file() + " needs a value for " + String.join(", ", missing));
        }
        return values;
    }

    private static Value parameter(Value.Fields declaration, String value) throws TemplateException {
        Value type = declaration
                .field("Type")
                .orElseThrow(() -> new TemplateException(declaration.place(), "a parameter needs a Type"));
        Optional<Value> allowed = declaration.field("AllowedValues");
        if (allowed.isPresent()) {
            boolean found = false;
            for (Value one : allowed.get().asItems()) {
                found |= one.asText().equals(value);
            }
            require(found, declaration, "this value is not among AllowedValues");
        }
        Optional<Value> pattern = declaration.field("AllowedPattern");
        if (pattern.isPresent()) {
            // CloudFormation matches each value of a list.
            for (String one :
                    type.asText().equals("CommaDelimitedList") ? value.split(",", -1) : new String[] {value}) {
                require(
                        Pattern.matches(pattern.get().asText(), one.strip()),
                        declaration,
                        "this value is not of AllowedPattern");
            }
        }
        if (declaration.field("MinLength").isPresent()) {
            int least = declaration.field("MinLength").orElseThrow().asWholeNumber();
            require(value.length() >= least, declaration, "this value is shorter than MinLength");
        }
        if (declaration.field("MaxLength").isPresent()) {
            int most = declaration.field("MaxLength").orElseThrow().asWholeNumber();
            require(value.length() <= most, declaration, "this value is longer than MaxLength");
        }
        return switch (type.asText()) {
            case "String" -> new Value.Text(declaration.place(), value);
            case "Number" -> {
                require(value.matches("-?[0-9]{1,18}"), declaration, "this value is no whole number");
                long number = Long.parseLong(value);
                if (declaration.field("MinValue").isPresent()) {
                    int least = declaration.field("MinValue").orElseThrow().asWholeNumber();
                    require(number >= least, declaration, "this value is under MinValue");
                }
                if (declaration.field("MaxValue").isPresent()) {
                    int most = declaration.field("MaxValue").orElseThrow().asWholeNumber();
                    require(number <= most, declaration, "this value is over MaxValue");
                }
                yield new Value.Text(declaration.place(), value);
            }
            case "CommaDelimitedList" -> {
                List<Value> items = new ArrayList<>();
                for (String item : value.split(",", -1)) {
                    items.add(new Value.Text(declaration.place(), item.strip()));
                }
                yield new Value.Items(declaration.place(), List.copyOf(items));
            }
            default ->
                throw new TemplateException(type.place(), "this type of parameter is not played on this machine");
        };
    }

    private static void require(boolean holds, Value.Fields declaration, String sentence) throws TemplateException {
        if (!holds) {
            throw new TemplateException(declaration.place(), sentence);
        }
    }

    private Value.Fields section(String name) throws TemplateException {
        Optional<Value> section = root.field(name);
        return section.isPresent() ? section.get().asFields() : new Value.Fields(root.place(), Map.of());
    }
}
