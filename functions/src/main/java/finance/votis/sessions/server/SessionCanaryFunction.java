package finance.votis.sessions.server;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Metric;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.runtime.Startup;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.Identity;
import finance.votis.sessions.turnkey.TurnkeyClient;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An admin job that does nothing but use its session: with the permissions of a job it reads the session, stamps a whoami and looks who
 * Turnkey says that it is. By schedule or by hand, with the input {@code {"session": name}} and nothing else. Answers {@code {status, apiKeyId,
 * publicKey, organizationId, userId, ageSeconds, remainingSeconds, expiresAt}}, where status is {@code usable}, and reports age and remaining life as
 * metrics.
 *
 * <p>Throws {@link ExplainedException} if a job could not have used the session: the alarm that matters is on this function's errors, and on
 * runs that did not come.
 */
public final class SessionCanaryFunction implements RequestHandler<Map<String, Object>, Map<String, Object>> {

    private static final String WHOAMI = "whoami of the session";

    private final Invocations invocations;
    private final CanarySettings settings;
    private final AwsClients aws;
    private final TurnkeyClient turnkey;
    private final Platform platform;

    public SessionCanaryFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    SessionCanaryFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(SessionCanaryFunction.class, SessionKind.CANARY, platform);
        this.settings = CanarySettings.read(environment);
        this.aws = new AwsClients(settings.aws(), platform.network());
        this.turnkey = TurnkeyClient.over(settings.turnkey(), platform);
        this.platform = platform;
        Startup.begin(SessionCanaryFunction.class, environment, platform, List.of(turnkey::connect), this::rehearsal);
    }

    @Override
    public Map<String, Object> handleRequest(@Nullable Map<String, Object> input, Context context) {
        Invocation invocation = invocations.begin(context, context.getAwsRequestId());
        return SessionRun.of(invocation, settings.session(), settings.organizationId(), input, () -> use(invocation));
    }

    private Map<String, Object> use(Invocation invocation) {
        // One reader for each run: what is tried is what is stored now.
        try (ServerSessionReader reader = new ServerSessionReader(
                aws,
                settings.sessionSecret(),
                settings.wrappingKey(),
                settings.organizationId(),
                settings.session(),
                platform.clock())) {
            // Before Turnkey's time is taken.
            reader.session(invocation.deadline());
            Answer<Identity> answer = reader.stamping(
                    invocation.deadline(),
                    stamper -> invocation.turnkey(
                            stamper, timed -> turnkey.whoami(settings.organizationId(), timed, invocation.deadline())));
            ServerSessionReader.Session session = reader.session(invocation.deadline());
            Instant now = platform.clock().instant();
            Duration age = Duration.between(session.createdAt(), now);
            Duration remaining = Duration.between(now, session.expiresAt());
            note(session, invocation);
            // Also where Turnkey does not answer: they tell how much time there is to mend it.
            invocation.measure(Metric.SESSION_AGE, age.toSeconds());
            invocation.measure(Metric.SESSION_REMAINING, remaining.toSeconds());
            return switch (answer) {
                case Answer.Completed<Identity>(Identity identity) -> {
                    if (!identity.equals(new Identity(session.organizationId(), session.userId()))) {
                        throw new ExplainedException(
                                WHOAMI + ": the answer names another organisation or user than expected");
                    }
                    invocation.outcome(SessionOutcome.USABLE);
                    yield usable(session, age, remaining);
                }
                case Answer.Incomplete<Identity> why -> throw turnkeyDidNot(why, invocation);
            };
        }
    }

    private static Map<String, Object> usable(ServerSessionReader.Session session, Duration age, Duration remaining) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "usable");
        answer.put("apiKeyId", session.apiKeyId().value());
        answer.put("publicKey", session.publicKey().compressedHex());
        answer.put("organizationId", session.organizationId().value());
        answer.put("userId", session.userId().value());
        answer.put("ageSeconds", age.toSeconds());
        answer.put("remainingSeconds", remaining.toSeconds());
        answer.put("expiresAt", session.expiresAt().toString());
        return answer;
    }

    private static void note(ServerSessionReader.Session session, Invocation invocation) {
        invocation.note(LogField.VERSION_ID, session.versionId());
        invocation.note(LogField.USER_ID, session.userId().value());
        invocation.note(LogField.API_KEY_ID, session.apiKeyId().value());
        invocation.note(LogField.EXPIRES_AT, session.expiresAt().toString());
    }

    private static ExplainedException turnkeyDidNot(Answer.Incomplete<Identity> why, Invocation invocation) {
        Problem problem = TurnkeyProblems.of(why);
        invocation.note(LogField.PROBLEM, problem.type().slug());
        TurnkeyProblems.note(why, invocation);
        return SessionRun.notDone(WHOAMI, problem, why);
    }

    private Rehearsal<Map<String, Object>, Map<String, Object>> rehearsal() {
        return new Rehearsal<>(
                Map.class,
                Map.class,
                SessionCanaryFunction::new,
                Map.of(),
                List.of(ServerRehearsal.event(settings.session())),
                ServerRehearsal.withSession(platform, settings.organizationId(), settings.sessionSecret()));
    }
}
