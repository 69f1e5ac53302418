package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.contract.Document;
import finance.votis.sessions.contract.EventAnswers;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.EventFile;
import finance.votis.sessions.runner.template.Deployment;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.References;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Template, events and code name the same things. */
class TemplateAndCodeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<FunctionResource> functions() throws TemplateException {
        URI nowhere = URI.create("http://127.0.0.1:1");
        Surroundings surroundings = new Surroundings(
                nowhere,
                nowhere,
                nowhere,
                "eu-central-1",
                "123456789012",
                "00000000-0000-4000-8000-000000000001",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of());
        return surroundings
                .deployment(Template.read(Checkout.root().resolve("template.yaml")))
                .functions((logicalId, attribute) -> Optional.of(logicalId + "." + attribute));
    }

    static List<EventFile> events() throws IOException {
        return EventFile.all();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aHandlerIsAPublicClassThatLambdaCanMake(FunctionResource function) throws Exception {
        String[] handler = function.handler().split("::", -1);
        Class<?> type = Class.forName(handler[0]);

        assertThat(RequestHandler.class).isAssignableFrom(type);
        assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
        assertThat(Modifier.isPublic(type.getConstructor().getModifiers())).isTrue();
        assertThat(Arrays.stream(type.getMethods()).map(java.lang.reflect.Method::getName))
                .contains(handler[1]);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aFunctionHasAnEventThatIsNamedLikeIt(FunctionResource function) throws Exception {
        assertThat(events()).contains(EventFile.plain(function));
    }

    @Test
    void thePageOfTheEventsHasEachFileAndNoOther() throws Exception {
        assertThat(events())
                .extracting(EventFile::name)
                .containsExactlyInAnyOrderElementsOf(EventAnswers.read().keySet());
    }

    @Test
    void theRoutesAreThoseOfTheContract() throws Exception {
        List<String> routes = functions().stream()
                .flatMap(function -> function.routes().stream()
                        .map(route -> String.join(
                                " ",
                                route.key(),
                                EventFile.plain(function).name(),
                                route.authorizer(),
                                String.join(",", route.scopes()))))
                .toList();

        assertThat(routes)
                .containsExactlyInAnyOrder(
                        "POST /v1/sessions/read-write client-session Jwt sessions/read-write",
                        "POST /v1/sessions/read-only read-only-session Jwt sessions/read-only",
                        "POST /v1/relay/submit/{activity} relay Jwt sessions/relay",
                        "GET /v1/sessions sessions Jwt sessions/list",
                        "DELETE /v1/sessions sessions Jwt sessions/revoke",
                        "DELETE /v1/sessions/{apiKeyId} sessions Jwt sessions/revoke");
    }

    @Test
    void theContractHasTheRoutesOfTheTemplateWithTheirScopesAndNoOther() throws Exception {
        assertThat(Document.read().operations().stream().map(operation -> operation.route() + " " + operation.scopes()))
                .containsExactlyInAnyOrderElementsOf(functions().stream()
                        .flatMap(function -> function.routes().stream())
                        .map(route -> route.key() + " " + route.scopes())
                        .toList());
    }

    /** The JDK passes over a name that it does not know. */
    @Test
    void theTemplateAsksForCipherSuitesThatTheJdkKnowsAndNoneWithoutForwardSecrecy() throws Exception {
        Matcher option =
                Pattern.compile("-Djdk\\.tls\\.client\\.cipherSuites=(\\S+)").matcher(Checkout.template());
        assertThat(option.find()).isTrue();
        List<String> asked = List.of(option.group(1).split(","));

        assertThat(asked)
                .startsWith("TLS_CHACHA20_POLY1305_SHA256")
                .isSubsetOf(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
                .allMatch(
                        suite -> suite.matches("TLS_(ECDHE_(ECDSA|RSA)_WITH_)?(CHACHA20_POLY1305|AES_128_GCM)_SHA256"));
    }

    /** Whoever takes the relay over has nothing to ask AWS for: it has no right but to its log, no place of a key, and no SDK. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void theRelayIsAlwaysThereAndHasNoRightAndNoPlaceOfAKey(String deployBackendStampedRoutes) throws Exception {
        Deployment deployment = Template.read(Checkout.root().resolve("template.yaml"))
                .with(
                        Map.of(
                                "DeployBackendStampedRoutes",
                                deployBackendStampedRoutes,
                                "JwtIssuer",
                                "https://issuer.example.com",
                                "JwtAudience",
                                "a",
                                "NightlyOrganizationId",
                                "00000000-0000-4000-8000-000000000001"),
                        Map.of(
                                "AWS::AccountId", "123456789012",
                                "AWS::Partition", "aws",
                                "AWS::Region", "eu-central-1",
                                "AWS::StackName", "s",
                                "AWS::URLSuffix", "amazonaws.com"));
        References references = (logicalId, attribute) -> Optional.of(logicalId + "." + attribute);

        assertThat(deployment.policies(references))
                .containsEntry(
                        "RelayRole",
                        "{Version=2012-10-17, Statement=[{Effect=Allow, Principal={Service=lambda.amazonaws.com}, Action=sts:AssumeRole}]}"
                                + "[{PolicyName=relay, PolicyDocument={Version=2012-10-17, Statement=[{Effect=Allow, Action=[logs:CreateLogStream, logs:PutLogEvents], Resource=RelayLogs.Arn}]}}]");
        FunctionResource relay = deployment.functions(references).stream()
                .filter(function -> function.logicalId().equals("RelayFunction"))
                .findFirst()
                .orElseThrow();
        assertThat(relay.codeUri()).isEqualTo(Checkout.root().resolve("functions/target/relay.zip"));
        assertThat(relay.environment())
                .containsOnlyKeys(
                        "TURNKEY_BASE_URL",
                        "CREDENTIAL_TTL_SECONDS",
                        "JAVA_TOOL_OPTIONS",
                        "METRICS_NAMESPACE",
                        "SNAPSHOT_REHEARSALS",
                        "RELAY_ACTIVITIES",
                        "ORGANIZATION_CLAIM",
                        "USER_CLAIM",
                        "EXPIRATION_SECONDS_MIN",
                        "EXPIRATION_SECONDS_MAX");
        assertThat(relay.environment().values()).noneMatch(value -> value.matches("(?s).*(kms|secret):.*"));
    }

    /** The local variable that opens the door to http is for SAM's CLI and this runner to set. */
    @Test
    void noFunctionIsToldThatItRunsLocally() throws Exception {
        assertThat(Checkout.template()).doesNotContain("AWS_SAM_LOCAL");
    }

    @Test
    void aScheduleSendsAnEventThatIsInTheFolder() throws Exception {
        List<FunctionResource> scheduled =
                functions().stream().filter(one -> one.routes().isEmpty()).toList();
        assertThat(scheduled).isNotEmpty();
        for (FunctionResource function : scheduled) {
            String good = EventFile.plain(function).text();
            for (FunctionResource.Schedule schedule : function.schedules()) {
                assertThat(JSON.readTree(schedule.input())).isEqualTo(JSON.readTree(good));
            }
        }
    }

    /** It looks back over four periods, and two runs at once would ask Turnkey twice as fast as the setting says. */
    @Test
    void theWatchKnowsHowOftenItRunsAndEachRunIsOverBeforeTheNext() throws Exception {
        assertThat(functions())
                .filteredOn(function -> function.handlerClass().equals("MintWatchFunction"))
                .singleElement()
                .satisfies(watch -> {
                    Duration period = Duration.ofMinutes(
                            Long.parseLong(watch.environment().get("MINT_WATCH_PERIOD_MINUTES")));
                    assertThat(watch.schedules())
                            .extracting(FunctionResource.Schedule::expression)
                            .containsExactly("rate(" + period.toMinutes() + " minutes)");
                    assertThat(watch.timeout()).isLessThan(period);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "MintWatchOrganizationId, 00000000-0000-4000-8000-000000000001, MintWatch needs MintWatchDelegateKeys",
        "MintWatchDelegateKeys, 020000000000000000000000000000000000000000000000000000000000000000, MintWatch needs MintWatchOrganizationId"
    })
    void aWatchThatIsToldHalfOfWhatItNeedsIsNotDeployed(String given, String value, String sentence) throws Exception {
        assertThatThrownBy(() -> deployed(Map.of("MintWatch", "kms", given, value)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(sentence);
        // Without the routes that the delegate stamps there is no watch, whatever is set.
        assertThat(deployed(Map.of("MintWatch", "kms", given, value, "DeployBackendStampedRoutes", "false")))
                .extracting(FunctionResource::handlerClass)
                .doesNotContain("MintWatchFunction");
    }

    @Test
    void routesStartFromSnapshotsUnlessAnOperatorSaysOtherwise() throws Exception {
        assertThat(deployed(Map.of()))
                .isNotEmpty()
                .allSatisfy(function -> assertThat(function.hasSnapshot())
                        .isNotEqualTo(function.routes().isEmpty()));
        assertThat(deployed(Map.of("StartFromSnapshots", "false")))
                .isNotEmpty()
                .noneMatch(FunctionResource::hasSnapshot);
    }

    /** Lambda lets a snapshot go that nobody calls. What the event is answered is held in the functions' own tests. */
    @Test
    void eachRoutesFunctionIsCalledOnceADay() throws Exception {
        assertThat(functions())
                .filteredOn(function -> !function.routes().isEmpty())
                .isNotEmpty()
                .allSatisfy(function -> assertThat(function.schedules())
                        .containsExactly(new FunctionResource.Schedule(
                                "StayAlive", "rate(1 day)", "{\"routeKey\":\"stay alive\"}")));
    }

    /** Else a deploy that changes only a parameter would leave the alias at a version with the old variables. */
    @ParameterizedTest
    @CsvSource({
        "TurnkeyBaseUrl, https://other.example.com",
        "CredentialTtlSeconds, 301",
        "OrganizationClaim, other_organization",
        "UserClaim, other_user",
        "DelegateCredentialKind, secret",
        "SessionsStampedBy, kms",
        "SessionsStampedBy, secret",
        "ExpirationSecondsDefault, 901",
        "ExpirationSecondsMin, 61",
        "ExpirationSecondsMax, 86401",
        "RelayActivities, delete_api_keys",
        "StartFromSnapshots, false"
    })
    void aVersionIsPublishedWhereAParameterChangesWhatTheFunctionSees(String parameter, String other) throws Exception {
        Map<String, FunctionResource> changed = deployed(Map.of(parameter, other)).stream()
                .collect(Collectors.toMap(FunctionResource::logicalId, function -> function));
        List<String> affected = deployed(Map.of()).stream()
                .filter(function -> !function.routes().isEmpty())
                .filter(function -> !function.equals(changed.get(function.logicalId())))
                .map(FunctionResource::logicalId)
                .toList();

        assertThat(affected)
                .isNotEmpty()
                .allSatisfy(
                        logicalId -> assertThat(versionDescription(logicalId)).contains("${" + parameter + "}"));
    }

    private static String versionDescription(String logicalId) throws IOException {
        String template = Checkout.template();
        String block = template.substring(template.indexOf("\n  " + logicalId + ":\n"));
        String text = block.substring(block.indexOf("VersionDescription: !Sub "));
        return text.substring(0, text.indexOf('\n'));
    }

    private static List<FunctionResource> deployed(Map<String, String> others) throws TemplateException {
        Map<String, String> parameters = new HashMap<>(Map.of(
                "DeployBackendStampedRoutes",
                "true",
                "JwtIssuer",
                "https://issuer.example.com",
                "JwtAudience",
                "a",
                "NightlyOrganizationId",
                "00000000-0000-4000-8000-000000000001"));
        parameters.putAll(others);
        return Template.read(Checkout.root().resolve("template.yaml"))
                .with(
                        parameters,
                        Map.of(
                                "AWS::AccountId", "123456789012",
                                "AWS::Partition", "aws",
                                "AWS::Region", "eu-central-1",
                                "AWS::StackName", "s",
                                "AWS::URLSuffix", "amazonaws.com"))
                .functions((logicalId, attribute) -> Optional.of(logicalId + "." + attribute));
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventIsWhatItsFunctionGets(EventFile file) throws Exception {
        List<FunctionResource> named = functions().stream().filter(file::isFor).toList();
        assertThat(named).as("functions that " + file + " is for").hasSize(1);
        JsonNode event = JSON.readTree(file.text());
        if (named.getFirst().routes().isEmpty()) {
            return;
        }
        String key = event.at("/routeKey").asText();
        FunctionResource.Route route = named.getFirst().routes().stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " is for no route of its function"));
        assertThat(event.at("/requestContext/routeKey").asText()).isEqualTo(key);
        assertThat(event.at("/rawPath").asText()).isEqualTo(path(route, event.path("pathParameters")));
        assertThat(event.at("/requestContext/http/path").asText())
                .isEqualTo(event.at("/rawPath").asText());
        assertThat(event.at("/requestContext/http/method").asText()).isEqualTo(route.method());
        JsonNode scopes = JSON.valueToTree(route.scopes());
        assertThat(event.at("/requestContext/authorizer/jwt/scopes")).isEqualTo(scopes);
        assertThat(event.at("/rawQueryString").asText()).isEqualTo(query(event.path("queryStringParameters")));
        // As Lambda itself reads it.
        APIGatewayV2HTTPEvent read = LambdaEventSerializers.serializerFor(
                        APIGatewayV2HTTPEvent.class, getClass().getClassLoader())
                .fromJson(new ByteArrayInputStream(Files.readAllBytes(file.path())));
        assertThat(read.getBody())
                .isEqualTo(
                        event.path("body").isMissingNode()
                                ? null
                                : event.get("body").asText());
        assertThat(read.getIsBase64Encoded())
                .isEqualTo(event.get("isBase64Encoded").asBoolean());
        assertThat(read.getRequestContext().getAuthorizer().getJwt().getClaims())
                .containsKey("sub");
        if (read.getBody() != null) {
            byte[] body = read.getIsBase64Encoded()
                    ? Base64.getDecoder().decode(read.getBody())
                    : read.getBody().getBytes(StandardCharsets.UTF_8);
            assertThat(read.getHeaders()).containsEntry("content-length", Integer.toString(body.length));
        }
    }

    private static String path(FunctionResource.Route route, JsonNode parameters) {
        String path = route.path();
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            path = path.replace(
                    "{" + parameter.getKey() + "}", parameter.getValue().asText());
        }
        return path;
    }

    private static String query(JsonNode parameters) {
        return parameters.properties().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + parameter.getValue().asText())
                .collect(Collectors.joining("&"));
    }
}
