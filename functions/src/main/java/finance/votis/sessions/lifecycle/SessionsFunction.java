package finance.votis.sessions.lifecycle;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.RehearsedAws;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.http.HttpResult;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.ProblemType;
import finance.votis.sessions.http.RefusedAtTheDoor;
import finance.votis.sessions.http.RehearsedCall;
import finance.votis.sessions.http.Route;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.http.UrlParameters;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.ApiEvents;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Metric;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.runtime.Startup;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.RehearsedTurnkey;
import finance.votis.sessions.turnkey.SessionKey;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /v1/sessions}: the caller's live session keys. {@code DELETE /v1/sessions/{apiKeyId}} and {@code DELETE
 * /v1/sessions?keep={apiKeyId}}: ends one of them, or all others.
 */
public final class SessionsFunction implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private static final String API_KEY_ID = "apiKeyId";
    private static final String KEEP = "keep";
    private static final String CURRENT = "current";
    private static final String RULE = "must be the id of a session's API key, a UUID";

    private final Invocations invocations;
    private final SessionsSettings settings;
    private final Sessions sessions;

    public SessionsFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    SessionsFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(SessionsFunction.class, SessionKind.ANY, platform);
        this.settings = SessionsSettings.read(environment);
        TurnkeyClient turnkey = TurnkeyClient.over(settings.turnkey(), platform);
        ApiCredential credential = new ApiCredential(
                new AwsClients(settings.aws(), platform.network()),
                settings.credential(),
                settings.credentialTimeToLive(),
                platform.clock());
        this.sessions = new Sessions(turnkey, credential, platform.clock());
        Startup.begin(
                SessionsFunction.class,
                environment,
                platform,
                List.of(credential::prepare, turnkey::connect),
                () -> rehearsal(platform));
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        ApiCall call = ApiEvents.call(event, context);
        Invocation invocation = invocations.begin(context, call.requestId());
        return ApiEvents.response(Route.serve(call, invocation, accepted -> serve(accepted, invocation)));
    }

    private HttpResult serve(ApiCall call, Invocation invocation) throws RefusedAtTheDoor {
        Caller caller = Caller.from(call, settings.claims(), invocation);
        return switch (call.routeKey()) {
            case "GET /v1/sessions" -> {
                Optional<ApiKeyId> current =
                        UrlParameters.of(call, Set.of(CURRENT)).optional(CURRENT, RULE, ApiKeyId::parse);
                yield result(sessions.list(caller, invocation), current, invocation);
            }
            case "DELETE /v1/sessions" -> {
                ApiKeyId kept = UrlParameters.of(call, Set.of(KEEP)).required(KEEP, RULE, ApiKeyId::parse);
                yield result(sessions.revokeOthers(caller, kept, invocation), Optional.empty(), invocation);
            }
            case "DELETE /v1/sessions/{apiKeyId}" -> {
                ApiKeyId id = UrlParameters.of(call, Set.of()).required(API_KEY_ID, RULE, ApiKeyId::parse);
                yield result(sessions.revoke(caller, id, invocation), Optional.empty(), invocation);
            }
            default -> throw new ExplainedException("the template sends a route here that this function does not have");
        };
    }

    private static HttpResult result(SessionsOutcome outcome, Optional<ApiKeyId> current, Invocation invocation) {
        return switch (outcome) {
            case SessionsOutcome.Listed(List<SessionKey> live, int expired) -> {
                invocation.sessions(live.size());
                invocation.measure(Metric.EXPIRED_UNREVOKED, expired);
                yield new HttpResult.Shown(SessionOutcome.LISTED, list(live, current));
            }
            case SessionsOutcome.Revoked(List<SessionKey> revoked) -> {
                note(revoked, invocation);
                yield new HttpResult.Done(SessionOutcome.REVOKED);
            }
            case SessionsOutcome.NoSuchSession() ->
                new HttpResult.Refused(
                        Problem.of(ProblemType.NO_SUCH_SESSION, "the caller has no live session of this id"));
            case SessionsOutcome.NotDone(var why) -> TurnkeyProblems.refused(why, invocation);
        };
    }

    private static ObjectNode list(List<SessionKey> live, Optional<ApiKeyId> current) {
        ObjectNode body = Json.newObject();
        ArrayNode list = body.putArray("sessions");
        for (SessionKey key : live) {
            ObjectNode session = list.addObject()
                    .put(API_KEY_ID, key.apiKeyId().value())
                    .put("apiKeyName", key.name())
                    .put("kind", key.kind().text())
                    .put("createdAt", key.createdAt().toString())
                    .put("expiresAt", key.expiresAt().toString());
            if (current.equals(Optional.of(key.apiKeyId()))) {
                session.put(CURRENT, true);
            }
        }
        return body;
    }

    private static void note(List<SessionKey> revoked, Invocation invocation) {
        invocation.sessions(revoked.size());
        revoked.forEach(key -> invocation.deletedApiKey(key.apiKeyId().value()));
        List<SessionKind> kinds =
                revoked.stream().map(SessionsFunction::kind).distinct().toList();
        if (kinds.size() == 1) {
            invocation.kind(kinds.getFirst());
        }
    }

    private static SessionKind kind(SessionKey key) {
        return switch (key.kind()) {
            case READ_WRITE -> SessionKind.READ_WRITE;
            case LOGIN, OAUTH, OTP, EMAIL -> SessionKind.LOGIN;
        };
    }

    private Rehearsal<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> rehearsal(Platform platform) {
        return ApiEvents.rehearsal(
                SessionsFunction::new,
                Map.of(),
                List.of(
                        new RehearsedCall("GET /v1/sessions", settings.claims()).event(),
                        new RehearsedCall("DELETE /v1/sessions/{apiKeyId}", settings.claims())
                                .withPathParameter(API_KEY_ID, RehearsedTurnkey.API_KEY)
                                .event()),
                RehearsedTurnkey.ofAnyKey().beside(RehearsedAws.of(platform)));
    }
}
