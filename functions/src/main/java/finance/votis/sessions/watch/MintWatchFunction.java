package finance.votis.sessions.watch;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.aws.AwsClients;
import finance.votis.sessions.aws.LogGroups;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.Invocations;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.Rehearsal;
import finance.votis.sessions.runtime.SessionKind;
import finance.votis.sessions.runtime.Startup;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.VotedActivity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for sessions that the delegate's key made and no route asked for: each gets a line of its own with the event {@code unasked-session}. By
 * schedule or by hand, with an empty object as input. Answers {@code {status, organizations, sessions, unasked, from, to}}, where status is {@code clear}
 * or {@code unasked} and the rest says what was looked at.
 *
 * <p>Throws {@link ExplainedException} if it could not look at all that it has to: a run that fails is an alarm of its own.
 */
public final class MintWatchFunction implements RequestHandler<Map<String, Object>, Map<String, Object>> {

    private final Invocations invocations;
    private final MintWatchSettings settings;
    private final MintWatch watch;

    public MintWatchFunction() {
        this(System.getenv(), Platform.real(System.getenv()));
    }

    MintWatchFunction(Map<String, String> environment, Platform platform) {
        this.invocations = new Invocations(MintWatchFunction.class, SessionKind.WATCH, platform);
        this.settings = MintWatchSettings.read(environment);
        AwsClients aws = new AwsClients(settings.aws(), platform.network());
        TurnkeyClient turnkey = TurnkeyClient.over(settings.turnkey(), platform);
        ApiCredential own = new ApiCredential(aws, settings.watch(), settings.credentialTimeToLive(), platform.clock());
        this.watch = new MintWatch(settings, turnkey, own, new LogGroups(aws, platform.waiting()), platform);
        Startup.begin(
                MintWatchFunction.class,
                environment,
                platform,
                List.of(own::prepare, turnkey::connect),
                () -> rehearsal(platform));
    }

    @Override
    public Map<String, Object> handleRequest(@Nullable Map<String, Object> input, Context context) {
        Invocation invocation = invocations.begin(context, context.getAwsRequestId());
        try {
            if (input != null && !input.isEmpty()) {
                throw new ExplainedException(
                        "input: must be an empty object, what is looked at stands in the settings");
            }
            return answer(watch.look(invocation, session -> tell(session, invocation)), invocation);
        } catch (ExplainedException e) {
            invocation.note(e);
            throw e;
        } catch (RuntimeException | Error e) {
            invocation.note(e);
            // Lambda logs and returns the message of what is thrown, and those of its causes.
            throw new ExplainedException("internal error: " + e.getClass().getName());
        } finally {
            invocation.end();
        }
    }

    private void tell(VotedActivity session, Invocation invocation) {
        Invocation line = invocation.another();
        line.note(LogField.ACTIVITY_ID, session.id());
        line.note(LogField.ACTIVITY_TYPE, session.type());
        line.note(LogField.CREATED_AT, session.createdAt().toString());
        line.note(LogField.ORGANIZATION_ID, session.organizationId().value());
        line.note(
                LogField.PUBLIC_KEY,
                session.votersKeys().stream()
                        .filter(settings.delegateKeys()::contains)
                        .sorted()
                        .collect(Collectors.joining(" ")));
        line.alarm("unasked-session");
        line.end();
    }

    private static Map<String, Object> answer(MintWatch.Findings found, Invocation invocation) {
        String status = found.unasked() == 0 ? "clear" : "unasked";
        invocation.note(LogField.STATUS, status);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", status);
        answer.put("organizations", found.organizations());
        answer.put("sessions", found.sessions());
        answer.put("unasked", found.unasked());
        answer.put("from", found.window().from().toString());
        answer.put("to", found.window().to().toString());
        return answer;
    }

    private Rehearsal<Map<String, Object>, Map<String, Object>> rehearsal(Platform platform) {
        return new Rehearsal<>(
                Map.class,
                Map.class,
                MintWatchFunction::new,
                MintWatchRehearsal.OVERRIDES,
                MintWatchRehearsal.events(),
                MintWatchRehearsal.counterparts(
                        platform, settings.delegateKeys().iterator().next()));
    }
}
