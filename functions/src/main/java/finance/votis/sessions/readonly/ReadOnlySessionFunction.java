package finance.votis.sessions.readonly;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.RehearsedAws;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.http.HttpResult;
import finance.votis.sessions.http.JsonBody;
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
import finance.votis.sessions.turnkey.ReadOnlySession;
import finance.votis.sessions.turnkey.RehearsedTurnkey;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code POST /v1/sessions/read-only}: a token for queries in the caller's own sub-organisation. Its user is the delegate. */
public final class ReadOnlySessionFunction implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private static final Set<String> FIELDS = Set.of("organizationId", "userId");

    private final Invocations invocations;
    private final ReadOnlySettings settings;
    private final ReadOnlySessions sessions;

    public ReadOnlySessionFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    ReadOnlySessionFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(ReadOnlySessionFunction.class, SessionKind.READ_ONLY, platform);
        this.settings = ReadOnlySettings.read(environment);
        TurnkeyClient turnkey = TurnkeyClient.over(settings.turnkey(), platform);
        ApiCredential delegate = new ApiCredential(
                new AwsClients(settings.aws(), platform.network()),
                settings.delegate(),
                settings.credentialTimeToLive(),
                platform.clock());
        this.sessions = new ReadOnlySessions(turnkey, delegate);
        Startup.begin(
                ReadOnlySessionFunction.class,
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
        caller.checkIdsIn(JsonBody.optional(call, FIELDS));
        return switch (sessions.create(caller, invocation)) {
            case ReadOnlyOutcome.Created(ReadOnlySession session) -> created(session, invocation);
            case ReadOnlyOutcome.NotCreated(var why) -> TurnkeyProblems.refused(why, invocation);
        };
    }

    private static HttpResult created(ReadOnlySession session, Invocation invocation) {
        invocation.note(LogField.ACTIVITY_ID, session.activityId());
        invocation.note(LogField.EXPIRES_AT, session.expiresAt().toString());
        return new HttpResult.Created(
                SessionOutcome.CREATED,
                Json.newObject()
                        .put("organizationId", session.organizationId().value())
                        .put("userId", session.userId().value())
                        .put("session", session.session().text())
                        .put("expiresAt", session.expiresAt().toString()));
    }

    private Rehearsal<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> rehearsal(Platform platform) {
        return ApiEvents.rehearsal(
                ReadOnlySessionFunction::new,
                Map.of(),
                List.of(new RehearsedCall("POST /v1/sessions/read-only", settings.claims()).event()),
                RehearsedTurnkey.ofAnyKey().beside(RehearsedAws.of(platform)));
    }
}
