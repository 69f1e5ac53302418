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
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Looks for sessions that the delegate's key made and no route asked for. */
final class MintWatch {

    /**
     * What makes a session, or a key that could make one later; what a passkey of the delegate's user would stamp is the delegate's as well. Deleting a
     * key gives nothing away. The first version of a read-write session is still taken by Turnkey; a further one has to be added here.
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

    /**
     * What a run looks at.
     *
     * @param isElsewhere whether all that functions made sessions in is missing below the parent. It does not end the run: who deletes a customer would
     *     hide what was made in the others
     */
    private record Round(List<OrganizationId> organizations, boolean isElsewhere) {}

    private record NotSeen(OrganizationId organization, Answer.Incomplete<?> why) {}

    MintWatch(
            MintWatchSettings settings, TurnkeyClient turnkey, ApiCredential watch, LogGroups logs, Platform platform) {
        this.settings = settings;
        this.turnkey = turnkey;
        this.watch = watch;
        this.logs = logs;
        this.platform = platform;
    }

    /**
     * One run. An organisation that cannot be read keeps none of the others from being looked at.
     *
     * @param unasked is told of each at once, so that a run which fails later has told what it saw
     * @throws ExplainedException if either side cannot be read, or not whole, or the watch does not see what it has to see
     */
    Findings look(Invocation invocation, Consumer<VotedActivity> unasked) {
        Window window = Window.at(platform.clock().instant(), settings.times());
        var asked = new AskedFor(window);
        for (String group : settings.logGroups()) {
            logs.read(group, asked.lines(), invocation.deadline(), asked::read);
        }
        Pace pace = new Pace(settings.requestsPerSecond(), platform);
        Round round = round(window, asked, pace, invocation);
        List<OrganizationId> organizations = round.organizations();
        var comparison = new Comparison(window, asked, settings.delegateKeys(), unasked);
        List<NotSeen> notSeen = new ArrayList<>();
        boolean isBlind = false;
        int looked = 0;
        for (OrganizationId organization : organizations) {
            if (invocation.deadline().left().isZero()) {
                break;
            }
            looked++;
            switch (compare(organization, window, comparison, pace, invocation)) {
                case Answer.Completed<OrganizationId>(OrganizationId seen) ->
                    isBlind |= !comparison.sawWhatWasMadeIn(seen);
                // It was deleted since it was listed.
                case Answer.Incomplete<OrganizationId> why
                when TurnkeyProblems.is(why, Refusal.ORGANIZATION_NOT_FOUND) -> {}
                case Answer.Incomplete<OrganizationId> why -> notSeen.add(new NotSeen(organization, why));
            }
        }
        if (isBlind) {
            throw new ExplainedException("a session that a function made is not among those of the delegate's key:"
                    + " MINT_WATCH_DELEGATE_KEYS lacks the key that stamps now");
        }
        if (round.isElsewhere()) {
            throw new ExplainedException(
                    "no organisation that sessions were made in is below MINT_WATCH_ORGANIZATION_ID:"
                            + " it names another parent, or all of them were deleted");
        }
        int left = organizations.size() - looked + notSeen.size();
        if (left > 0) {
            throw notSeen(left + " of " + organizations.size() + " organisations", notSeen, invocation);
        }
        return new Findings(window, organizations.size(), comparison.sessions(), comparison.unasked());
    }

    /** Those whose turn it is, the parent among them: there the delegate must not be, and may have been put by mistake. */
    private Round round(Window window, AskedFor asked, Pace pace, Invocation invocation) {
        Answer<List<OrganizationId>> answer = stamping(
                invocation,
                stamper -> turnkey.subOrganizations(settings.parent(), pace::next, stamper, invocation.deadline()));
        List<OrganizationId> all = new ArrayList<>(
                switch (answer) {
                    case Answer.Completed<List<OrganizationId>>(List<OrganizationId> listed) -> listed;
                    case Answer.Incomplete<List<OrganizationId>> why ->
                        throw notSeen(
                                "the list of sub-organisations",
                                List.of(new NotSeen(settings.parent(), why)),
                                invocation);
                });
        all.add(settings.parent());
        boolean isElsewhere = !asked.organizations().isEmpty() && Collections.disjoint(asked.organizations(), all);
        all.removeIf(organization -> !window.isTurnOf(organization));
        return new Round(all, isElsewhere);
    }

    private Answer<OrganizationId> compare(
            OrganizationId organization, Window window, Comparison comparison, Pace pace, Invocation invocation) {
        return stamping(
                invocation,
                stamper -> turnkey.activitiesSince(
                        window.from(),
                        organization,
                        MAKE_A_SESSION,
                        comparison::take,
                        pace::next,
                        stamper,
                        invocation.deadline()));
    }

    private <T> Answer<T> stamping(Invocation invocation, Function<Stamper, Answer<T>> call) {
        return watch.stamping(invocation.deadline(), stamper -> {
            if (settings.delegateKeys().contains(stamper.publicKey().compressedHex())) {
                throw new ExplainedException("MINT_WATCH_CREDENTIAL is a key of the delegate's: the watch has its own");
            }
            return invocation.turnkey(stamper, call);
        });
    }

    /** @param why of the first one; empty if the time was over */
    private static ExplainedException notSeen(String what, List<NotSeen> why, Invocation invocation) {
        if (why.isEmpty()) {
            return new ExplainedException(what + " not seen: no time left");
        }
        NotSeen first = why.getFirst();
        Problem problem = TurnkeyProblems.of(first.why());
        invocation.note(LogField.ORGANIZATION_ID, first.organization().value());
        invocation.note(LogField.PROBLEM, problem.type().slug());
        TurnkeyProblems.note(first.why(), invocation);
        return new ExplainedException(what + " not seen: " + problem.type().slug() + ", " + problem.detail()
                + TurnkeyProblems.code(first.why())
                        .map(code -> ", code " + code)
                        .orElse(""));
    }
}
