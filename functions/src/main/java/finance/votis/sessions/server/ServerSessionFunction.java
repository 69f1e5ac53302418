package finance.votis.sessions.server;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.KeyWrap;
import finance.votis.sessions.aws.VersionedSecret;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.runtime.Startup;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By schedule or by hand, with the input {@code {"session": name}} and nothing else: keeps that server session alive. Answers {@code {status, secretArn,
 * versionId, apiKeyId, publicKey, organizationId, userId, expiresAt}}, where status is {@code created}, {@code reused} or {@code recovered}, and never a key. The input is a
 * map, since a bean would let unknown members pass.
 *
 * <p>Throws {@link ExplainedException} if there is no usable session at the end or something else is wrong, so that the platform's alarm sees it; its
 * message is safe to show.
 */
public final class ServerSessionFunction implements RequestHandler<Map<String, Object>, Map<String, String>> {

    private final Invocations invocations;
    private final ServerSettings settings;
    private final ServerSessions sessions;

    public ServerSessionFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    ServerSessionFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(ServerSessionFunction.class, SessionKind.SERVER, platform);
        this.settings = ServerSettings.read(environment);
        AwsClients aws = new AwsClients(settings.aws(), platform.network());
        TurnkeyClient turnkey = TurnkeyClient.over(settings.turnkey(), platform);
        ApiCredential admin =
                new ApiCredential(aws, settings.admin(), settings.credentialTimeToLive(), platform.clock());
        this.sessions = new ServerSessions(
                settings,
                new SessionVault(
                        new VersionedSecret(aws, settings.sessionSecret()),
                        new KeyWrap(aws, settings.wrappingKey()),
                        settings.session(),
                        settings.organizationId()),
                new SessionUser(turnkey, admin, settings.organizationId(), settings.session()),
                turnkey,
                platform);
        Startup.begin(
                ServerSessionFunction.class,
                environment,
                platform,
                List.of(admin::prepare, turnkey::connect),
                () -> rehearsal(platform));
    }

    @Override
    public Map<String, String> handleRequest(@Nullable Map<String, Object> input, Context context) {
        Invocation invocation = invocations.begin(context, context.getAwsRequestId());
        return SessionRun.of(
                invocation,
                settings.session(),
                settings.organizationId(),
                input,
                () -> answer(sessions.run(invocation), invocation));
    }

    private Map<String, String> answer(ServerOutcome outcome, Invocation invocation) {
        return switch (outcome) {
            case ServerOutcome.Usable(var how, var session, var unasked) -> {
                unasked.ifPresent(why -> notAsked(why, invocation));
                yield usable(outcome(how), session, invocation);
            }
            case ServerOutcome.AnotherRunWasFirst() ->
                throw new ExplainedException("attempt in progress: another run was first, repeat it");
            case ServerOutcome.TooLateToCreate() ->
                throw new ExplainedException(
                        "too little time is left to make a session and keep it: the next run goes on from here");
            case ServerOutcome.TurnkeyDidNot(var step, var why) -> throw turnkeyDidNot(step, why, invocation);
            case ServerOutcome.WrongIdentity(var step) ->
                throw new ExplainedException(
                        step.text() + ": the answer names another organisation or user than expected");
            case ServerOutcome.DoesNotOpen(var activityId) -> {
                invocation.note(LogField.ACTIVITY_ID, activityId);
                throw new ExplainedException(
                        "the bundle of activity " + activityId + " does not open with our target key");
            }
            case ServerOutcome.KeyNotListed(var activityId) -> {
                invocation.note(LogField.ACTIVITY_ID, activityId);
                throw new ExplainedException("Turnkey does not list the key of activity " + activityId);
            }
        };
    }

    /** The session is good for now. A key that Turnkey refuses is a fault that would otherwise show only at its end. */
    private static void notAsked(Answer.Incomplete<?> why, Invocation invocation) {
        note(why, invocation);
        invocation.warn("Turnkey did not say whether it lists the session's key");
        if (why instanceof Answer.ClockOff || why.saysKeyIsGone() || TurnkeyProblems.is(why, Refusal.NOT_AUTHORIZED)) {
            invocation.error();
        }
    }

    private static Problem note(Answer.Incomplete<?> why, Invocation invocation) {
        Problem problem = TurnkeyProblems.of(why);
        invocation.note(LogField.PROBLEM, problem.type().slug());
        TurnkeyProblems.note(why, invocation);
        if (TurnkeyProblems.is(why, Refusal.BAD_EXPIRATION)) {
            invocation.note(LogField.REASON, Refusal.BAD_EXPIRATION + " of " + ServerSettings.LIFETIME);
        }
        return problem;
    }

    private static ExplainedException turnkeyDidNot(
            ServerOutcome.Step step, Answer.Incomplete<?> why, Invocation invocation) {
        Problem problem = note(why, invocation);
        return SessionRun.notDone(step.text(), problem, why);
    }

    private static SessionOutcome outcome(ServerOutcome.How how) {
        return switch (how) {
            case CREATED -> SessionOutcome.CREATED;
            case REUSED -> SessionOutcome.REUSED;
            case RECOVERED -> SessionOutcome.RECOVERED;
        };
    }

    private static Map<String, String> usable(
            SessionOutcome outcome, ServerOutcome.Session session, Invocation invocation) {
        SessionCredential.Details details = session.details();
        invocation.outcome(outcome);
        invocation.note(LogField.VERSION_ID, session.versionId());
        invocation.note(LogField.USER_ID, details.userId().value());
        invocation.note(LogField.API_KEY_ID, details.apiKeyId().value());
        invocation.note(LogField.ACTIVITY_ID, details.activityId());
        invocation.note(LogField.EXPIRES_AT, details.expiresAt().toString());
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("status", outcome.text());
        answer.put("secretArn", session.secretArn());
        answer.put("versionId", session.versionId());
        answer.put("apiKeyId", details.apiKeyId().value());
        answer.put("publicKey", session.publicKey().compressedHex());
        answer.put("organizationId", details.organizationId().value());
        answer.put("userId", details.userId().value());
        answer.put("expiresAt", details.expiresAt().toString());
        return answer;
    }

    private Rehearsal<Map<String, Object>, Map<String, String>> rehearsal(Platform platform) {
        return new Rehearsal<>(
                Map.class,
                Map.class,
                ServerSessionFunction::new,
                Map.of(),
                List.of(ServerRehearsal.event(settings.session()), ServerRehearsal.event(settings.session())),
                ServerRehearsal.withoutSession(platform, settings.sessionSecret()));
    }
}
