package finance.votis.sessions.watch;

import finance.votis.sessions.aws.ApiCredential;
import finance.votis.sessions.aws.LogGroups;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.http.Problem;
import finance.votis.sessions.http.TurnkeyProblems;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.turnkey.Answer;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.Refusal;
import finance.votis.sessions.turnkey.TurnkeyClient;
import finance.votis.sessions.turnkey.VotedActivity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Looks for sessions that the delegate's key made and no route asked for. */
final class MintWatch {

    /**
     * Whatever gives somebody a way to stamp or to read. Deleting a key gives nothing away. The first version of a read-write session is
     * still taken by Turnkey.
     */
    static final List<String> MAKE_A_SESSION = List.of(
            "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION",
            "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2",
            "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION",
            "ACTIVITY_TYPE_STAMP_LOGIN",
            "ACTIVITY_TYPE_CREATE_API_KEYS",
            "ACTIVITY_TYPE_CREATE_API_KEYS_V2");

    private final MintWatchSettings settings;
    private final TurnkeyClient turnkey;
    private final ApiCredential watch;
    private final LogGroups logs;
    private final Platform platform;

    /**
     * What a run found.
     *
     * @param organizations that it looked at
     * @param sessions of the delegate's, in the window
     * @param unasked of them, those that no route asked for
     */
    record Findings(Window window, int organizations, int sessions, int unasked) {}

    MintWatch(
            MintWatchSettings settings, TurnkeyClient turnkey, ApiCredential watch, LogGroups logs, Platform platform) {
        this.settings = settings;
        this.turnkey = turnkey;
        this.watch = watch;
        this.logs = logs;
        this.platform = platform;
    }

    /**
     * One run.
     *
     * @param unasked is told of each at once, so that a run which fails later has told what it saw
     * @throws ExplainedException if either side cannot be read, or not whole, or the watch does not see what it has to see
     */
    Findings look(Invocation invocation, Consumer<VotedActivity> unasked) {
        Window window = Window.at(platform.clock().instant(), settings.times());
        var asked = new AskedFor(window);
        for (String group : settings.logGroups()) {
            logs.read(group, window.linesFrom(), invocation.deadline(), asked::read);
        }
        Pace pace = new Pace(settings.requestsPerSecond(), platform);
        List<OrganizationId> organizations = organizations(window, asked, pace, invocation);
        int sessions = 0;
        int found = 0;
        for (int looked = 0; looked < organizations.size(); looked++) {
            OrganizationId organization = organizations.get(looked);
            List<VotedActivity> delegates = delegates(organization, window, pace, invocation, looked, organizations);
            mustSee(asked.mustBeFoundIn(organization), delegates);
            for (VotedActivity session : delegates) {
                if (window.holds(session.createdAt())) {
                    sessions++;
                    if (!asked.has(session)) {
                        found++;
                        unasked.accept(session);
                    }
                }
            }
        }
        return new Findings(window, organizations.size(), sessions, found);
    }

    /** Those whose turn it is, the parent among them: there the delegate must not be, and may have been put by mistake. */
    private List<OrganizationId> organizations(Window window, AskedFor asked, Pace pace, Invocation invocation) {
        Answer<List<OrganizationId>> answer = stamping(
                invocation,
                stamper -> turnkey.subOrganizations(settings.parent(), pace::next, stamper, invocation.deadline()));
        List<OrganizationId> all = new ArrayList<>(
                switch (answer) {
                    case Answer.Completed<List<OrganizationId>>(List<OrganizationId> listed) -> listed;
                    case Answer.Incomplete<List<OrganizationId>> why ->
                        throw notSeen("the list of sub-organisations", why, invocation);
                });
        all.add(settings.parent());
        if (!asked.organizations().isEmpty() && Collections.disjoint(asked.organizations(), all)) {
            throw new ExplainedException("no organisation that sessions were made in is below"
                    + " MINT_WATCH_ORGANIZATION_ID: it names another parent than the delegate's");
        }
        all.removeIf(organization -> !window.isTurnOf(organization));
        return all;
    }

    private List<VotedActivity> delegates(
            OrganizationId organization,
            Window window,
            Pace pace,
            Invocation invocation,
            int looked,
            List<OrganizationId> organizations) {
        Answer<List<VotedActivity>> answer = stamping(
                invocation,
                stamper -> turnkey.activitiesSince(
                        window.from(), organization, MAKE_A_SESSION, pace::next, stamper, invocation.deadline()));
        return switch (answer) {
            case Answer.Completed<List<VotedActivity>>(List<VotedActivity> activities) ->
                activities.stream().filter(this::isOfTheDelegate).toList();
            // It was deleted since it was listed.
            case Answer.Incomplete<List<VotedActivity>> why
            when TurnkeyProblems.is(why, Refusal.ORGANIZATION_NOT_FOUND) -> List.of();
            case Answer.Incomplete<List<VotedActivity>> why -> {
                invocation.note(LogField.ORGANIZATION_ID, organization.value());
                throw notSeen(
                        "activities of an organisation, after " + looked + " of " + organizations.size(),
                        why,
                        invocation);
            }
        };
    }

    private boolean isOfTheDelegate(VotedActivity activity) {
        return !Collections.disjoint(activity.votersKeys(), settings.delegateKeys());
    }

    /** A watch that looks for the wrong key would be silent for ever. */
    private static void mustSee(Set<String> made, List<VotedActivity> delegates) {
        Set<String> missing = new HashSet<>(made);
        delegates.forEach(session -> missing.remove(session.id()));
        if (!missing.isEmpty()) {
            throw new ExplainedException("a session that a function made is not among those of the delegate's key:"
                    + " MINT_WATCH_DELEGATE_KEYS lacks the key that stamps now");
        }
    }

    private <T> Answer<T> stamping(Invocation invocation, Function<Stamper, Answer<T>> call) {
        return watch.stamping(invocation.deadline(), stamper -> invocation.turnkey(stamper, call));
    }

    private static ExplainedException notSeen(String what, Answer.Incomplete<?> why, Invocation invocation) {
        Problem problem = TurnkeyProblems.of(why);
        invocation.note(LogField.PROBLEM, problem.type().slug());
        TurnkeyProblems.note(why, invocation);
        return new ExplainedException(what + ": " + problem.type().slug() + ", " + problem.detail()
                + TurnkeyProblems.code(why).map(code -> ", code " + code).orElse(""));
    }
}
