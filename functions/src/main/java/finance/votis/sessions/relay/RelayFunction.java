package finance.votis.sessions.relay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import finance.votis.sessions.http.Caller;
import finance.votis.sessions.http.HttpResult;
import finance.votis.sessions.http.RefusedAtTheDoor;
import finance.votis.sessions.http.Route;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.ApiEvents;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.runtime.Startup;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.RehearsedTurnkey;
import finance.votis.sessions.turnkey.RelayedAnswer;
import finance.votis.sessions.turnkey.TurnkeyError;
import finance.votis.sessions.turnkey.TurnkeyRelay;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /v1/relay/submit/{activity}}: Turnkey's own request, stamped by the caller's device, goes on as it is, and Turnkey's answer
 * goes back as it is.
 */
public final class RelayFunction implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private final Invocations invocations;
    private final RelaySettings settings;
    private final TurnkeyRelay turnkey;
    private final InstantSource clock;

    public RelayFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    RelayFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(RelayFunction.class, SessionKind.ANY, platform);
        this.settings = RelaySettings.read(environment);
        this.turnkey = TurnkeyRelay.over(settings.turnkey(), platform);
        this.clock = platform.clock();
        Startup.begin(RelayFunction.class, environment, platform, List.of(turnkey::connect), this::rehearsal);
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        ApiCall call = ApiEvents.call(event, context);
        Invocation invocation = invocations.begin(context, call.requestId());
        return ApiEvents.response(Route.serve(call, invocation, accepted -> relay(accepted, invocation)));
    }

    private HttpResult relay(ApiCall call, Invocation invocation) throws RefusedAtTheDoor {
        Caller caller = Caller.from(call, settings.claims(), invocation);
        RelayRequest request = RelayRequest.read(call, caller, settings, clock.instant());
        invocation.kind(request.activity().kind());
        return switch (submit(request, caller, invocation)) {
            case Answer.Completed<RelayedAnswer>(RelayedAnswer answer) -> passed(answer, invocation);
            case Answer.Incomplete<RelayedAnswer> why -> TurnkeyProblems.refused(why, invocation);
        };
    }

    private Answer<RelayedAnswer> submit(RelayRequest request, Caller caller, Invocation invocation) {
        return invocation.turnkey(() -> turnkey.submit(
                request.activity().path(),
                request.body(),
                request.stamp(),
                new Identity(caller.organizationId(), caller.userId()),
                request.activity().makesSession(),
                invocation.deadline()));
    }

    private static HttpResult passed(RelayedAnswer answer, Invocation invocation) {
        invocation.note(LogField.TURNKEY_STATUS, Integer.toString(answer.status()));
        answer.activityId().ifPresent(id -> invocation.note(LogField.ACTIVITY_ID, id));
        answer.apiKeyId().ifPresent(id -> invocation.note(LogField.API_KEY_ID, id.value()));
        answer.error().ifPresent(error -> note(error, invocation));
        return new HttpResult.Passed(
                answer.error().isPresent() ? SessionOutcome.RELAYED_REFUSAL : SessionOutcome.RELAYED,
                answer.status(),
                "application/json",
                answer.body(),
                answer.retryAfter());
    }

    private static void note(TurnkeyError error, Invocation invocation) {
        invocation.note(LogField.REASON, error.refusal().name());
        error.code().ifPresent(code -> invocation.note(LogField.TURNKEY_CODE, code));
        error.incident().ifPresent(incident -> invocation.note(LogField.INCIDENT, incident));
        if (error.refusal() == Refusal.QUOTA_EXCEEDED) {
            invocation.alarm("quota");
        }
    }

    private Rehearsal<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> rehearsal() {
        return ApiEvents.rehearsal(
                RelayFunction::new,
                RelayRehearsal.OVERRIDES,
                RelayRehearsal.events(settings.claims()),
                List.of(RehearsedTurnkey.ofAnyKey()));
    }
}
