package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.SettingsException;
import finance.votis.sessions.scene.Events;
import finance.votis.sessions.scene.Examples;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.scene.TestContext;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.UserId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientSessionFunctionTest {

    private static final String RESULT = "/activity/result/createReadWriteSessionResultV2/";

    private final Scene scene = new Scene();
    private final TargetKeyPair phone = TargetKeyPair.generate(new SecureRandom());
    private final DemoWorld.Customer ada = scene.world().first();

    @AfterEach
    void close() {
        scene.close();
        phone.close();
    }

    @Test
    void thePhoneOpensTheBundleAndStampsWithItsKey() throws Exception {
        APIGatewayV2HTTPResponse response = call(function(), body());

        ObjectNode answer = created(response);
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly("organizationId", "userId", "apiKeyId", "credentialBundle", "createdAt", "expiresAt");
        assertThat(answer.get("organizationId").textValue()).isEqualTo(ada.organizationId());
        assertThat(answer.get("userId").textValue()).isEqualTo(ada.userId());
        assertThat(answer.get("createdAt").textValue()).isEqualTo("2026-11-23T21:00:00Z");
        assertThat(answer.get("expiresAt").textValue()).isEqualTo("2026-11-23T21:15:00Z");
        assertThat(whoOpens(answer))
                .isEqualTo(new Answer.Completed<>(
                        new Identity(new OrganizationId(ada.organizationId()), new UserId(ada.userId()))));
    }

    @Test
    void theKeyIsRegisteredAsAskedFor() {
        ObjectNode answer = created(call(
                function(),
                body().put("apiKeyName", "Ada's phone ☎")
                        .put("expirationSeconds", 3600)
                        .put("organizationId", ada.organizationId())
                        .put("userId", ada.userId())));

        var key = scene.turnkey().world().apiKeys(ada.userId()).stream()
                .filter(listed -> listed.id().equals(answer.get("apiKeyId").textValue()))
                .findFirst()
                .orElseThrow();
        assertThat(key.name()).isEqualTo("Client session Ada's phone ☎");
        assertThat(key.lifetime()).contains(Duration.ofHours(1));
        assertThat(answer.get("expiresAt").textValue()).isEqualTo("2026-11-23T22:00:00Z");
    }

    @Test
    void optionsDefaultToTheNameByKindFifteenMinutesAndNothingInvalidated() {
        created(call(function(), body()));

        assertThat(scene.turnkey()
                        .requests(Endpoint.CREATE_READ_WRITE_SESSION)
                        .getLast()
                        .bodyText())
                .contains("\"apiKeyName\":\"Client session\"")
                .contains("\"expirationSeconds\":\"900\"")
                .contains("\"invalidateExisting\":false");
    }

    @Test
    void existingSessionsEndWhenTheCallerAsksForIt() {
        String old = created(call(function(), body())).get("apiKeyId").textValue();

        created(call(function(), body().put("invalidateExisting", true)));

        assertThat(scene.turnkey().world().apiKeys(ada.userId()))
                .noneMatch(key -> key.id().equals(old));
    }

    @Test
    void theDelegateStampsInTheCallersOrganisationAlone() {
        DemoWorld.Customer grace = scene.world().second();

        ObjectNode answer = created(Gateway.serve(function(), scene.call(grace, Json.text(body())), Scene.context()));

        assertThat(answer.get("organizationId").textValue()).isEqualTo(grace.organizationId());
        var request =
                scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION).getLast();
        assertThat(request.stampedBy()).contains(scene.world().delegateKey().publicKey());
        assertThat(request.bodyText()).contains(grace.organizationId()).contains(grace.userId());
    }

    @Test
    void aWarmCallReadsNoSecretAndIsNoColdStart() {
        ClientSessionFunction function = function();
        created(call(function, body()));
        assertThat(scene.lastLine().get("coldStart").booleanValue()).isTrue();

        created(call(function, body()));

        assertThat(secretReads()).isEqualTo(1);
        assertThat(scene.lastLine().get("coldStart").booleanValue()).isFalse();
    }

    @Test
    void theDelegatesKeyIsReadAnewWhenItsTimeIsOver() {
        ClientSessionFunction function = function();
        created(call(function, body()));

        scene.clock().advance(Duration.ofMinutes(5));
        created(call(function, body()));

        assertThat(secretReads()).isEqualTo(2);
    }

    @Test
    void aRotatedKeyIsReadOnceAndTheSameBytesAreStampedAgain() {
        ClientSessionFunction function = function();
        created(call(function, body()));
        KeyPair rotated = KeyPair.generate(new SecureRandom());
        for (DemoWorld.Customer customer : scene.world().customers()) {
            var keys = scene.turnkey().world().apiKeys(customer.delegateUserId());
            scene.turnkey().world().removeApiKey(keys.getFirst().id());
            scene.turnkey().world().addApiKey(customer.delegateUserId(), "rotated", rotated.publicKey());
        }
        scene.putSecret(scene.delegateSecret(), Scene.credential(rotated));

        created(call(function, body()));

        var sent = scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION);
        assertThat(sent).hasSize(3);
        assertThat(sent.get(2).bodyText()).isEqualTo(sent.get(1).bodyText());
        assertThat(sent.get(2).stampedBy()).contains(rotated.publicKey());
        assertThat(secretReads()).isEqualTo(2);
    }

    @Test
    void anExpiredKeyIsReadAnewToo() {
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(401, "API_KEY_EXPIRED", "expired api key"));

        problem(call(function(), body()), 500, "internal-error", "contact-support");

        assertThat(secretReads()).isEqualTo(2);
    }

    @Test
    void aFunctionWithoutItsSettingsDoesNotStart() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(ClientSessionFunction::new)
                .withMessageContaining("DELEGATE_CREDENTIAL is missing");
    }

    @Test
    void aKeyThatTurnkeyDoesNotKnowAndThatWasNotRotatedIsNotTriedTwice() {
        scene.putSecret(scene.delegateSecret(), Scene.credential(KeyPair.generate(new SecureRandom())));

        ObjectNode problem = problem(call(function(), body()), 500, "internal-error", "contact-support");

        assertThat(problem.has("turnkeyCode")).isFalse();
        assertThat(scene.lastLine().get("turnkeyCode").textValue()).isEqualTo("PUBLIC_KEY_NOT_FOUND");
        assertThat(scene.lastLine().get("reason").textValue()).isEqualTo("KEY_UNKNOWN");
        assertThat(scene.lastLine().get("turnkeyStatus").textValue()).isEqualTo("401");
        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION)).hasSize(1);
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
    }

    /** An end user may do this at Turnkey in the own organisation. */
    @Test
    void aCustomerWhoRemovesTheDelegateIsToldByAnAlarmThatStopsNoDeployment() {
        var keys = scene.turnkey().world().apiKeys(ada.delegateUserId());
        keys.forEach(key -> scene.turnkey().world().removeApiKey(key.id()));

        problem(call(function(), body()), 500, "internal-error", "contact-support");

        ObjectNode line = scene.lastLine();
        assertThat(line.get("event").textValue()).isEqualTo("missing-at-turnkey");
        assertThat(line.get("Alarms").longValue()).isEqualTo(1);
        assertThat(line.has("Faults")).isFalse();
        assertThat(line.get("organizationId").textValue()).isEqualTo(ada.organizationId());
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Fault.failed("REQUEST_NOT_AUTHORIZED", "no"), 502, "turnkey-refused", "contact-support"),
                Arguments.of(
                        Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "request not authorized"),
                        502,
                        "turnkey-refused",
                        "contact-support"),
                Arguments.of(Fault.refusal(400, "bad request body"), 500, "internal-error", "contact-support"),
                Arguments.of(
                        Fault.refusal(400, "invalid api key expiration"), 500, "internal-error", "contact-support"),
                Arguments.of(Fault.failed("INTERNAL", "internal server error"), 502, "activity-failed", "new-key"),
                Arguments.of(
                        Fault.failed("PUBLIC_KEY_NOT_FOUND", "could not find public key"),
                        500,
                        "internal-error",
                        "contact-support"),
                Arguments.of(
                        Fault.refusal(403, "API_OPERATIONS_DISABLED", "api operations disabled"),
                        503,
                        "turnkey-unavailable",
                        "wait"),
                Arguments.of(
                        Fault.refusal(429, "user has exceeded maximum short-lived api keys"),
                        409,
                        "too-many-keys",
                        "contact-support"),
                Arguments.of(
                        Fault.refusal(429, "SIGNING_QUOTA_EXCEEDED", "over its allotted quota"),
                        503,
                        "turnkey-quota-exceeded",
                        "contact-support"),
                Arguments.of(
                        Fault.failed("REQUEST_INVALID", "user has exceeded maximum short-lived api keys"),
                        409,
                        "too-many-keys",
                        "contact-support"),
                Arguments.of(
                        Fault.refusal(
                                429,
                                "RATE_LIMIT_EXCEEDED",
                                "this sub-organization cannot execute activities because its parent has been rate limited"),
                        429,
                        "too-many-requests",
                        "wait"),
                Arguments.of(Fault.consensusNeeded(), 409, "needs-approval", "contact-support"),
                Arguments.of(Fault.authenticatorsNeeded(), 409, "authenticators-needed", "contact-support"),
                Arguments.of(Fault.rejected(), 409, "rejected", "contact-support"),
                Arguments.of(
                        Fault.answer(200, "application/json", "{\"activity\":"),
                        502,
                        "turnkey-unreadable",
                        "contact-support"),
                Arguments.of(Fault.answer(200, "text/html", "<html>"), 502, "turnkey-unreadable", "contact-support"),
                Arguments.of(Fault.without(RESULT + "credentialBundle"), 502, "turnkey-unreadable", "contact-support"),
                Arguments.of(
                        Fault.with(RESULT + "credentialBundle", "malformed"),
                        502,
                        "turnkey-unreadable",
                        "contact-support"),
                Arguments.of(
                        Fault.with(RESULT + "organizationId", "00000000-0000-4000-8000-000000000009"),
                        502,
                        "turnkey-unreadable",
                        "contact-support"),
                Arguments.of(
                        Fault.with(RESULT + "userId", "00000000-0000-4000-8000-000000000009"),
                        502,
                        "turnkey-unreadable",
                        "contact-support"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyWayInWhichTurnkeyFailsIsAProblemOfItsOwn(Fault fault, int status, String slug, String action) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);

        problem(call(function(), body()), status, slug, action);

        assertThat(scene.lastLine().get("problem").textValue()).isEqualTo(slug);
        assertThat(scene.lastLine().get("outcome").textValue()).isEqualTo("refused");
    }

    @Test
    void theCodeGoesToTheCallerWhereTurnkeyRefused() {
        scene.turnkey()
                .faults()
                .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no"));

        ObjectNode problem = problem(call(function(), body()), 502, "turnkey-refused", "contact-support");

        assertThat(problem.get("turnkeyCode").textValue()).isEqualTo("REQUEST_NOT_AUTHORIZED");
    }

    @Test
    void aLifetimeThatTurnkeyDoesNotTakeIsTheCallersOnlyIfItWasSent() {
        Fault refusal = Fault.refusal(400, "invalid api key expiration");
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, refusal, refusal);

        ObjectNode sent =
                problem(call(function(), body().put("expirationSeconds", 3600)), 400, "invalid-field", "fix-request");
        assertThat(sent.get("pointer").textValue()).isEqualTo("/expirationSeconds");

        problem(call(function(), body()), 500, "internal-error", "contact-support");
        assertThat(scene.lastLine().get("reason").textValue())
                .isEqualTo("BAD_EXPIRATION of EXPIRATION_SECONDS_DEFAULT");
    }

    static Stream<Arguments> alarms() {
        String other = "00000000-0000-4000-8000-000000000009";
        return Stream.of(
                Arguments.of(Fault.with(RESULT + "organizationId", other), "foreign-organisation"),
                Arguments.of(Fault.with(RESULT + "userId", other), "foreign-organisation"),
                Arguments.of(
                        Fault.refusal(400, "ORGANIZATION_MISMATCH", "organization mismatch"), "foreign-organisation"),
                Arguments.of(Fault.failed("ORGANIZATION_MISMATCH", "organization mismatch"), "foreign-organisation"),
                Arguments.of(Fault.failed("PUBLIC_KEY_NOT_FOUND", "could not find public key"), "missing-at-turnkey"),
                Arguments.of(Fault.refusal(401, "API_KEY_EXPIRED", "expired api key"), "missing-at-turnkey"),
                Arguments.of(
                        Fault.refusal(404, "ORGANIZATION_NOT_FOUND", "no organization found with the given ID"),
                        "missing-at-turnkey"),
                Arguments.of(Fault.refusal(404, "user not found"), "missing-at-turnkey"),
                Arguments.of(Fault.refusal(429, "SIGNING_QUOTA_EXCEEDED", "over its allotted quota"), "quota"),
                Arguments.of(Fault.failed("SIGNING_QUOTA_EXCEEDED", "over its allotted quota"), "quota"),
                Arguments.of(Fault.refusal(403, "REQUEST_NOT_AUTHORIZED", "no"), "invocation"));
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void whatAnOperatorMustSeeAtOnceIsAnEventOfItsOwn(Fault fault, String event) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);

        APIGatewayV2HTTPResponse response = call(function(), body());

        assertThat(response.getHeaders().containsKey("Retry-After")).isEqualTo(response.getStatusCode() == 503);
        assertThat(scene.lastLine().get("event").textValue()).isEqualTo(event);
        assertThat(scene.lastLine().get("level").textValue()).isEqualTo("ERROR");
        // Each of these a customer can bring about, or Turnkey: none may stop a deployment.
        assertThat(scene.lastLine().has("Faults")).isFalse();
    }

    static Stream<Arguments> reasons() {
        return Stream.of(
                Arguments.of(Fault.failed("REQUEST_NOT_AUTHORIZED", "no"), "NOT_AUTHORIZED"),
                Arguments.of(Fault.refusal(400, "bad request body"), "BAD_REQUEST"),
                Arguments.of(Fault.without(RESULT + "credentialBundle"), "BUNDLE_MISSING"),
                Arguments.of(
                        Fault.answer(200, "text/html", "<html>"), "status 200, text/html, body is not one JSON object"),
                Arguments.of(Fault.without("/activity/status"), "status is missing or has another form"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void theLogSaysWhatExactlyWentWrong(Fault fault, String reason) {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, fault);

        call(function(), body());

        assertThat(scene.lastLine().get("reason").textValue()).isEqualTo(reason);
    }

    @Test
    void aBusyBackendAsksTheCallerToWait() {
        scene.aws()
                .faults()
                .always(Operation.GET_SECRET_VALUE, new finance.votis.sessions.standins.aws.Fault.Throttled());

        APIGatewayV2HTTPResponse response = call(function(), body());

        problem(response, 503, "backend-busy", "wait");
        assertThat(response.getHeaders()).containsEntry("Retry-After", "5");
        assertThat(scene.lastLine().get("exception").textValue()).contains("ThrottlingException");
    }

    @Test
    void aRefusalByAwsIsOurs() {
        scene.aws()
                .faults()
                .next(Operation.GET_SECRET_VALUE, new finance.votis.sessions.standins.aws.Fault.AccessDenied());

        problem(call(function(), body()), 500, "internal-error", "contact-support");
    }

    @Test
    void anActivityThatStaysPendingIsNamed() {
        ClientSessionFunction function = function();
        created(call(function, body()));
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.pending(1_000_000));

        APIGatewayV2HTTPResponse response = Gateway.serve(
                function,
                // Other bytes: the same ones would be the same activity.
                scene.call(ada, Json.text(body().put("apiKeyName", "another"))),
                new TestContext(Duration.ofSeconds(1)));

        ObjectNode problem = problem(response, 504, "turnkey-slow", "retry-same");
        assertThat(problem.get("activityId")).isEqualTo(scene.lastLine().get("activityId"));
        assertThat(problem.get("activityId").textValue()).hasSize(36);
    }

    @Test
    void aServerErrorThatStaysIsToldAsUnreachableAfterRepeatsOfTheSameBytes() {
        Fault error = Fault.internalError();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, error, error, error, error);

        problem(call(function(), body()), 502, "turnkey-unreachable", "retry-same");

        assertThat(scene.turnkey().requests(Endpoint.CREATE_READ_WRITE_SESSION).stream()
                        .map(request -> request.bodyText())
                        .distinct())
                .hasSize(1);
        ObjectNode line = scene.lastLine();
        assertThat(line.get("reason").textValue()).isEqualTo("INTERNAL");
        assertThat(line.get("turnkeyStatus").textValue()).isEqualTo("500");
        assertThat(line.get("incident").textValue()).hasSize(36);
    }

    @Test
    void aWrongClockIsOurFaultAndTheLogSaysHowWrong() {
        scene.turnkey().faults().skewClock(Duration.ofMinutes(-6));

        problem(call(function(), body()), 500, "internal-error", "contact-support");

        assertThat(scene.lastLine().get("reason").textValue()).isEqualTo("our clock is 359 s ahead of Turnkey's");
    }

    @Test
    void aLostAnswerMakesNoSecondSession() {
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetAfterEffect());

        created(call(function(), body()));

        assertThat(scene.turnkey()
                        .world()
                        .activities(ada.organizationId(), "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2"))
                .isEqualTo(1);
    }

    @Test
    void tooManyRequestsSayWhenToComeBack() {
        Fault limit = Fault.tooManyRequests();
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, limit, limit, limit, limit);

        APIGatewayV2HTTPResponse response = call(function(), body());

        problem(response, 429, "too-many-requests", "wait");
        assertThat(Integer.parseInt(response.getHeaders().get("Retry-After"))).isBetween(1, 10);
    }

    @Test
    void turnkeyOutOfReachIsTold() {
        scene.turnkey().close();

        problem(call(function(), body()), 502, "turnkey-unreachable", "retry-same");
        assertThat(scene.lastLine().get("reason").textValue()).startsWith("java.net.ConnectException");
    }

    @Test
    void aSlowTurnkeyIsA504BeforeLambdasOwnLimit() {
        // A warm function: else the first secret would take the time.
        ClientSessionFunction function = function();
        created(call(function, body()));
        scene.turnkey().faults().next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.silence());

        APIGatewayV2HTTPResponse response =
                Gateway.serve(function, scene.call(ada, Json.text(body())), new TestContext(Duration.ofSeconds(1)));

        problem(response, 504, "turnkey-slow", "retry-same");
    }

    @Test
    void anUnreadableCredentialIsOursAndTheLogSaysWhichHalfIsWrong() {
        scene.putSecret(
                scene.delegateSecret(),
                Json.text(Scene.json(Scene.credential(scene.world().delegateKey()))
                        .put("publicKey", scene.world().adminKey().publicKey().compressedHex())));

        problem(call(function(), body()), 500, "internal-error", "contact-support");

        assertThat(scene.lastLine().get("exception").textValue())
                .contains("publicKey is well formed, but it is not the public half of privateKey");
        assertThat(scene.turnkey().requests()).isEmpty();
    }

    @Test
    void theExamplesOfTheContractAreAnsweredAsTheySay() {
        Examples.send(
                "POST /v1/sessions/read-write", own -> new ClientSessionFunction(own.environment(), own.platform()));
    }

    @Test
    void everyEventOfTheFolderIsAnsweredAsItsPageSays() {
        scene.addCustomerOfEvents();
        ClientSessionFunction function = function();

        assertThat(Events.answers("client-session"))
                .isNotEmpty()
                .allSatisfy((name, expected) -> assertThat(Scene.summary(Events.callWith(name, function)))
                        .as(name)
                        .isEqualTo(expected));
    }

    @Test
    void theLineTellsWhoWhatAndHowLongAndNothingElse() {
        ObjectNode answer = created(call(function(), body()));

        ObjectNode line = scene.lastLine();
        assertThat(line.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "timestamp",
                        "level",
                        "event",
                        "function",
                        "functionVersion",
                        "requestId",
                        "lambdaRequestId",
                        "coldStart",
                        "kind",
                        "outcome",
                        "status",
                        "activityId",
                        "fingerprint",
                        "organizationId",
                        "userId",
                        "apiKeyId",
                        "expiresAt",
                        "milliseconds",
                        "turnkeyMilliseconds",
                        "Sessions",
                        "ColdStarts",
                        "TurnkeyMilliseconds",
                        "OwnMilliseconds",
                        "_aws");
        assertThat(line.get("_aws").get("CloudWatchMetrics"))
                .isEqualTo(Scene.json("""
                        {"": [{"Namespace": "TurnkeySessions", "Dimensions": [["kind", "outcome"]], "Metrics": [
                          {"Name": "Sessions", "Unit": "Count"}, {"Name": "ColdStarts", "Unit": "Count"},
                          {"Name": "TurnkeyMilliseconds", "Unit": "Milliseconds"}, {"Name": "OwnMilliseconds", "Unit": "Milliseconds"}]}]}
                        """).get(""));
        assertThat(line.get("kind").textValue()).isEqualTo("read-write");
        assertThat(line.get("Sessions").longValue()).isEqualTo(1);
        assertThat(line.get("ColdStarts").longValue()).isEqualTo(1);
        assertThat(line.get("function").textValue()).isEqualTo("ClientSessionFunction");
        assertThat(line.get("outcome").textValue()).isEqualTo("created");
        assertThat(line.get("requestId").textValue()).isEqualTo(Scene.REQUEST_ID);
        assertThat(line.get("apiKeyId")).isEqualTo(answer.get("apiKeyId"));
        assertThat(line.get("turnkeyMilliseconds").longValue())
                .isLessThanOrEqualTo(line.get("milliseconds").longValue());
        assertThat(scene.log()).hasSize(1);
    }

    private ClientSessionFunction function() {
        return new ClientSessionFunction(scene.environment(), scene.platform());
    }

    private ObjectNode body() {
        return Json.newObject().put("targetPublicKey", phone.publicKey().uncompressedHex());
    }

    private APIGatewayV2HTTPResponse call(ClientSessionFunction function, ObjectNode body) {
        return Gateway.serve(function, scene.call(ada, Json.text(body)), Scene.context());
    }

    private Answer<Identity> whoOpens(ObjectNode answer) throws Exception {
        CredentialBundle bundle =
                CredentialBundle.parse(answer.get("credentialBundle").textValue());
        try (LocalStamper stamper = new LocalStamper(phone.open(bundle))) {
            return TurnkeyClient.over(
                            scene.turnkey().url(),
                            scene.clock(),
                            scene.platform().waiting(),
                            scene.platform().random())
                    .whoami(new OrganizationId(ada.organizationId()), stamper, Deadline.after(Scene.AMPLE));
        }
    }

    private long secretReads() {
        return scene.aws().requests().stream()
                .filter(request -> request.operation() == Operation.GET_SECRET_VALUE)
                .count();
    }

    private ObjectNode created(APIGatewayV2HTTPResponse response) {
        assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(201);
        assertThat(response.getHeaders())
                .isEqualTo(Map.of(
                        "Content-Type",
                        "application/json",
                        "Cache-Control",
                        "no-store",
                        "X-Request-Id",
                        Scene.REQUEST_ID));
        return Scene.json(response.getBody());
    }

    private static ObjectNode problem(APIGatewayV2HTTPResponse response, int status, String slug, String action) {
        ObjectNode problem = Scene.json(response.getBody());
        assertThat(problem.get("type").textValue()).isEqualTo("urn:votis:sessions:problem:" + slug);
        assertThat(response.getStatusCode()).isEqualTo(status);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("action").textValue()).isEqualTo(action);
        assertThat(problem.get("instance").textValue()).isEqualTo(Scene.REQUEST_ID);
        assertThat(response.getHeaders())
                .containsEntry("Content-Type", "application/problem+json")
                .containsEntry("Cache-Control", "no-store");
        return problem;
    }
}
