package finance.votis.sessions.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.Response;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The document, and what breaks it. Thread-safe. */
public final class Contract {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What a request that breaks the document's rules may be told. What is looked at before a body may be wrong as well. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 413, 415);

    /** What a request that keeps them is never told, but for what no schema can say. */
    private static final Set<String> BROKEN_RULES =
            Set.of("malformed-body", "invalid-field", "unknown-field", "invalid-parameter");

    /** Rules of these fields that no schema can say: to lie on the curve, the clock's, the settings' bounds, to fit the path. */
    private static final Set<String> BEYOND_A_SCHEMA = Set.of(
            "/targetPublicKey",
            "/parameters/targetPublicKey",
            "/requestedAt",
            "/expirationSeconds",
            "/parameters/expirationSeconds",
            "/type");

    /** How the library calls what is wrong. */
    private static final Set<String> NO_ROUTE =
            Set.of("validation.request.path.missing", "validation.request.operation.notAllowed");

    private static final String CONTENT_TYPE = "validation.request.contentType.";
    private static final String PROBLEM = "application/problem+json";

    private final OpenApiInteractionValidator validator;

    private Contract(OpenApiInteractionValidator validator) {
        this.validator = validator;
    }

    /** That of this checkout. */
    public static Contract read() {
        return of(Document.text());
    }

    /**
     * Takes a document.
     *
     * @throws IllegalArgumentException if it is not valid OpenAPI, with all that is wrong
     */
    static Contract of(String openApi) {
        return new Contract(OpenApiInteractionValidator.createForInlineApiSpecification(openApi)
                .withLevelResolver(LevelResolver.create()
                        // Off is what the library adds to schemas by itself: each of ours says what else may be there.
                        .withLevel("validation.schema.additionalProperties", ValidationReport.Level.IGNORE)
                        .withLevel("validation.request.parameter.query.unexpected", ValidationReport.Level.ERROR)
                        .build())
                .build());
    }

    /** What of an exchange the document does not allow, a sentence each; empty if all is well. */
    public List<String> breaches(Exchange exchange) {
        Exchange.Answer answer = exchange.answer();
        if (!hasRoute(exchange.request())) {
            return answer.status() < 400
                    ? List.of("the document has no such route, and there was an answer")
                    : List.of();
        }
        List<String> breaches = new ArrayList<>(answerBreaches(exchange));
        List<String> mistakes = mistakes(exchange.request());
        if (mistakes.isEmpty()) {
            problem(answer)
                    .filter(problem -> isOfBrokenRule(problem) && !isBeyondASchema(problem, exchange.request()))
                    .ifPresent(
                            problem -> breaches.add("the document allows this request, and the answer was " + problem));
        } else if (!isRefusal(answer)) {
            breaches.add("the document does not allow this request, and the answer was " + answer.status() + ": "
                    + mistakes);
        }
        return breaches;
    }

    private boolean hasRoute(Exchange.Request request) {
        return validator.validateRequest(sent(request)).getMessages().stream()
                .map(ValidationReport.Message::getKey)
                .noneMatch(NO_ROUTE::contains);
    }

    private List<String> mistakes(Exchange.Request request) {
        return errors(validator.validateRequest(sent(request)))
                // Where there is no body, its type is no mistake.
                .filter(error -> request.body().isPresent() || !error.getKey().startsWith(CONTENT_TYPE))
                .map(ValidationReport.Message::toString)
                .toList();
    }

    /** What the document does not allow of an answer, whatever was asked. */
    List<String> answerBreaches(Exchange exchange) {
        return errors(validator.validateResponse(
                        exchange.request().path(),
                        Request.Method.valueOf(exchange.request().method()),
                        given(exchange.answer())))
                .map(ValidationReport.Message::toString)
                .toList();
    }

    private static Request sent(Exchange.Request request) {
        var sent = new SimpleRequest.Builder(request.method(), request.path(), true);
        request.query().forEach(sent::withQueryParam);
        request.headers().forEach(sent::withHeader);
        request.body().ifPresent(sent::withBody);
        return sent.build();
    }

    private static Response given(Exchange.Answer answer) {
        var given = new SimpleResponse.Builder(answer.status());
        answer.headers().forEach((name, value) -> given.withHeader(name, value));
        answer.body().ifPresent(given::withBody);
        return given.build();
    }

    private static Stream<ValidationReport.Message> errors(ValidationReport report) {
        return report.getMessages().stream().filter(message -> message.getLevel() == ValidationReport.Level.ERROR);
    }

    /** Ours, or what the gateway says by itself: that has no id of ours. */
    private static boolean isRefusal(Exchange.Answer answer) {
        return problem(answer).isPresent()
                ? REFUSALS.contains(answer.status())
                : answer.status() >= 400 && header(answer, "X-Request-Id").isEmpty();
    }

    private static boolean isOfBrokenRule(JsonNode problem) {
        String type = problem.path("type").asText();
        return BROKEN_RULES.contains(type.substring(type.lastIndexOf(':') + 1));
    }

    private static boolean isBeyondASchema(JsonNode problem, Exchange.Request request) {
        return problem.path("type").asText().endsWith(":malformed-body")
                ? !isOneJsonObject(request)
                : BEYOND_A_SCHEMA.contains(problem.path("pointer").asText());
    }

    /** Also a schema sees a body only once it is read, and of a member that is there twice the last alone. */
    private static boolean isOneJsonObject(Exchange.Request request) {
        try {
            return STRICT.readTree(request.body().orElse(new byte[0])).isObject();
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<JsonNode> problem(Exchange.Answer answer) {
        if (!header(answer, "Content-Type").equals(Optional.of(PROBLEM))) {
            return Optional.empty();
        }
        try {
            return Optional.of(STRICT.readTree(answer.body().orElse(new byte[0])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> header(Exchange.Answer answer, String name) {
        return answer.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
