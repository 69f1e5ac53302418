package finance.votis.sessions.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The document as a tree, for tests that look at what it says. */
public final class Document {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final JsonNode root;

    private Document(JsonNode root) {
        this.root = root;
    }

    /** That of this checkout. */
    public static Document read() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(1000);
        return new Document(JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(text())));
    }

    /** As it is written. */
    static String text() {
        try (InputStream file = Objects.requireNonNull(Document.class.getResourceAsStream("/openapi.yaml"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By JSON pointer; what a reference refers to. */
    public JsonNode at(String pointer) {
        return resolved(root.at(pointer));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? at(node.get("$ref").textValue().substring(1)) : node;
    }

    /** All of them, in the order of the document. */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        root.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    /** What can be asked of a path. */
    public final class Operation {

        private final String method;
        private final String path;
        private final JsonNode node;

        private Operation(String method, String path, JsonNode node) {
            this.method = method;
            this.path = path;
            this.node = node;
        }

        public String method() {
            return method;
        }

        /** With its variables. */
        public String path() {
            return path;
        }

        /** As the template calls it: {@code POST /v1/things}. */
        public String route() {
            return method + " " + path;
        }

        /** Of the one way in that there is. */
        public List<String> scopes() {
            return node.at("/security/0/accessToken")
                    .valueStream()
                    .map(JsonNode::textValue)
                    .toList();
        }

        /** In the order of the document. */
        public List<Response> responses() {
            List<Response> responses = new ArrayList<>();
            node.get("responses")
                    .properties()
                    .forEach(one -> responses.add(new Response(one.getKey(), resolved(one.getValue()))));
            return responses;
        }

        /** Names of the examples of requests. */
        public Set<String> requestExamples() {
            Set<String> names = new TreeSet<>();
            body().fieldNames().forEachRemaining(names::add);
            parameters()
                    .forEach(
                            parameter -> parameter.path("examples").fieldNames().forEachRemaining(names::add));
            return names;
        }

        /** The body of an example; a missing node if it has none. */
        public JsonNode bodyOf(String example) {
            return body().path(example).path("value");
        }

        /** The parameters of an example that are in the path, in the query, or headers. */
        public Map<String, String> parametersOf(String example, String in) {
            Map<String, String> values = new LinkedHashMap<>();
            parameters().forEach(parameter -> {
                JsonNode value = parameter.path("examples").path(example).path("value");
                if (parameter.path("in").asText().equals(in) && value.isTextual()) {
                    values.put(parameter.get("name").textValue(), value.textValue());
                }
            });
            return values;
        }

        private JsonNode body() {
            return node.at("/requestBody/content/application~1json/examples");
        }

        private JsonNode parameters() {
            return node.path("parameters");
        }

        @Override
        public String toString() {
            return route();
        }
    }

    /** What may come back. */
    public final class Response {

        private final String status;
        private final JsonNode node;

        private Response(String status, JsonNode node) {
            this.status = status;
            this.node = node;
        }

        /** Or {@code default}. */
        public String status() {
            return status;
        }

        /** The problems that it may be, by the names of their schemas. */
        public Set<String> problems() {
            return node.at("/content/application~1problem+json/schema").findValuesAsText("$ref").stream()
                    .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** Of all its content types. */
        public List<AnswerExample> examples() {
            List<AnswerExample> examples = new ArrayList<>();
            for (Map.Entry<String, JsonNode> content : node.path("content").properties()) {
                for (Map.Entry<String, JsonNode> example :
                        content.getValue().path("examples").properties()) {
                    examples.add(new AnswerExample(
                            status,
                            content.getKey(),
                            example.getKey(),
                            resolved(example.getValue()).get("value")));
                }
            }
            return examples;
        }
    }

    /** An example of an answer. */
    public record AnswerExample(String status, String contentType, String name, JsonNode body) {}
}
