package finance.votis.sessions.client;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.RehearsedAws;
import finance.votis.sessions.client.ClientOutcome.Replaced;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.http.HttpResult;
import finance.votis.sessions.http.JsonBody;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.ProblemType;
import finance.votis.sessions.http.RefusedAtTheDoor;
import finance.votis.sessions.http.RehearsedCall;
import finance.votis.sessions.http.Route;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.http.UrlParameters;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.ApiEvents;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.runtime.Startup;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.ReadWriteSession;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.RehearsedTurnkey;
import finance.votis.sessions.turnkey.SessionKey;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /v1/sessions/read-write}: a read-write session of the caller, sealed to the key that the caller sends. */
public final class ClientSessionFunction implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private final Invocations invocations;
    private final ClientSettings settings;
    private final ClientSessions sessions;
    private final InstantSource clock;

    public ClientSessionFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    ClientSessionFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(ClientSessionFunction.class, SessionKind.READ_WRITE, platform);
        this.settings = ClientSettings.read(environment);
        this.clock = platform.clock();
        TurnkeyClient turnkey = TurnkeyClient.over(settings.turnkey(), platform);
        ApiCredential delegate = new ApiCredential(
                new AwsClients(settings.aws(), platform.network()),
                settings.delegate(),
                settings.credentialTimeToLive(),
                platform.clock());
        this.sessions = new ClientSessions(turnkey, delegate, platform);
        Startup.begin(
                ClientSessionFunction.class,
                environment,
                platform,
                List.of(delegate::prepare, turnkey::connect),
                () -> rehearsal(platform));
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        ApiCall call = ApiEvents.call(event, context);
        Invocation invocation = invocations.begin(context, call.requestId());
        return ApiEvents.response(Route.serve(call, invocation, accepted -> create(accepted, invocation)));
    }

    private HttpResult create(ApiCall call, Invocation invocation) throws RefusedAtTheDoor {
        Caller caller = Caller.from(call, settings.claims(), invocation);
        UrlParameters.none(call);
        JsonBody body = JsonBody.required(call, ClientSessionRequest.FIELDS);
        caller.checkIdsIn(body);
        ClientSessionRequest request = ClientSessionRequest.read(body, settings.lifetimes(), clock.instant());
        return switch (sessions.create(caller, request, invocation)) {
            case ClientOutcome.Created created -> created(created, invocation);
            case ClientOutcome.Ended() -> ended();
            case ClientOutcome.NotCreated(var why) -> notCreated(why, request, invocation);
        };
    }

    private static HttpResult notCreated(
            Answer.Incomplete<?> why, ClientSessionRequest request, Invocation invocation) {
        HttpResult refused = TurnkeyProblems.refusedForTheseBytes(why, invocation);
        if (!TurnkeyProblems.is(why, Refusal.BAD_EXPIRATION)) {
            return refused;
        }
        if (request.namesItsLifetime()) {
            return new HttpResult.Refused(Problem.ofField(
                    ProblemType.INVALID_FIELD, ClientSessionRequest.LIFETIME, "must be a lifetime that Turnkey takes"));
        }
        invocation.note(LogField.REASON, Refusal.BAD_EXPIRATION + " of " + ClientSettings.STANDARD_LIFETIME);
        return refused;
    }

    private static HttpResult ended() {
        return new HttpResult.Refused(
                Problem.of(ProblemType.SESSION_ENDED, "this request made a session before, which is over or revoked"));
    }

    private static HttpResult created(ClientOutcome.Created created, Invocation invocation) {
        ReadWriteSession session = created.session();
        SessionKey key = created.key();
        // Once more: an old session that could not be ended names the activity of that.
        ClientSessions.note(session, invocation);
        invocation.note(LogField.EXPIRES_AT, key.expiresAt().toString());
        ObjectNode body = Json.newObject()
                .put("organizationId", session.organizationId().value())
                .put("userId", session.userId().value())
                .put("apiKeyId", session.apiKeyId().value())
                .put("credentialBundle", session.credentialBundle().text())
                .put("createdAt", key.createdAt().toString())
                .put("expiresAt", key.expiresAt().toString());
        created.replaced().ifPresent(replaced -> body.put("replaced", replaced.text()));
        return new HttpResult.Created(outcome(created), body);
    }

    private static SessionOutcome outcome(ClientOutcome.Created created) {
        if (created.replaced().equals(Optional.of(Replaced.REVOKED))) {
            return SessionOutcome.REFRESHED;
        }
        return created.isRepeat() ? SessionOutcome.REUSED : SessionOutcome.CREATED;
    }

    private Rehearsal<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> rehearsal(Platform platform) {
        return ApiEvents.rehearsal(
                ClientSessionFunction::new,
                Map.of(),
                List.of(new RehearsedCall("POST /v1/sessions/read-write", settings.claims())
                        .withBody("{\"targetPublicKey\":\"" + RehearsedCall.TARGET_PUBLIC_KEY + "\"}")
                        .event()),
                RehearsedTurnkey.ofAnyKey().beside(RehearsedAws.of(platform)));
    }
}
