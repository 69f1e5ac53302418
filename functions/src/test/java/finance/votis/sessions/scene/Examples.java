package finance.votis.sessions.scene;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.contract.Document;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The examples of {@code docs/openapi.yaml} that are requests, sent by the caller of the events. */
public final class Examples {

    public static final Document DOCUMENT = Document.read();

    private static final Map<String, String> CLAIMS =
            Map.of("turnkey_organization_id", Events.ORGANIZATION, "turnkey_user_id", Events.USER);

    private Examples() {}

    /** Sends all of a route, each in a scene of its own; the example of an answer that has its name tells what must come. */
    public static void send(
            String route, Function<Scene, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> function) {
        Document.Operation operation = DOCUMENT.operations().stream()
                .filter(one -> one.route().equals(route))
                .findFirst()
                .orElseThrow();
        assertThat(operation.requestExamples()).isNotEmpty();
        for (String name : operation.requestExamples()) {
            try (Scene scene = new Scene()) {
                scene.addCustomerOfEvents();
                APIGatewayV2HTTPResponse response =
                        Gateway.serve(function.apply(scene), event(operation, name), Scene.context());
                check(operation, name, response);
            }
        }
    }

    private static APIGatewayV2HTTPEvent event(Document.Operation operation, String name) {
        JsonNode body = operation.bodyOf(name);
        APIGatewayV2HTTPEvent event =
                Scene.call(CLAIMS, Optional.of(body.toString()).filter(text -> !text.isEmpty()));
        event.setRouteKey(operation.route());
        event.setPathParameters(operation.parametersOf(name, "path"));
        event.setQueryStringParameters(operation.parametersOf(name, "query"));
        event.getHeaders().putAll(operation.parametersOf(name, "header"));
        return event;
    }

    private static void check(Document.Operation operation, String name, APIGatewayV2HTTPResponse response) {
        List<Document.AnswerExample> promised = operation.responses().stream()
                .flatMap(one -> one.examples().stream())
                .filter(example -> example.name().equals(name))
                .toList();
        if (promised.isEmpty()) {
            assertThat(response.getStatusCode()).as(operation + " " + name).isEqualTo(204);
            return;
        }
        assertThat(promised).as(operation + " " + name).hasSize(1);
        Document.AnswerExample example = promised.getFirst();
        assertThat(response.getStatusCode())
                .as(operation + " " + name + " " + response.getBody())
                .isEqualTo(Integer.parseInt(example.status()));
        assertThat(response.getHeaders()).containsEntry("Content-Type", example.contentType());
        if (example.contentType().equals("application/problem+json")) {
            assertThat(stable(Scene.json(response.getBody()))).isEqualTo(stable(example.body()));
        } else {
            assertHasTheMembersOf(example.body(), Scene.json(response.getBody()), name);
        }
    }

    /** One example stands for the same problem of several routes, which differ in the field and its rule. */
    private static Map<String, JsonNode> stable(JsonNode problem) {
        Map<String, JsonNode> members = new HashMap<>();
        problem.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        members.keySet().removeAll(List.of("detail", "pointer", "parameter", "header"));
        return members;
    }

    private static void assertHasTheMembersOf(JsonNode example, JsonNode answer, String at) {
        assertThat(answer.getNodeType()).as(at).isEqualTo(example.getNodeType());
        example.properties()
                .forEach(member -> assertHasTheMembersOf(
                        member.getValue(), answer.path(member.getKey()), at + "/" + member.getKey()));
    }
}
