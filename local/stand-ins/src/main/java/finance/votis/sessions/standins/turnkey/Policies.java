package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.standins.turnkey.Expression.Facts;
import finance.votis.sessions.standins.turnkey.Expression.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Check 38: whether an activity may happen, in Turnkey's order of evaluation. */
final class Policies {
    enum Verdict {
        ALLOWED,
        DENIED,
        CONSENSUS_NEEDED
    }

    /** Who approved, and with which credential. */
    record Vote(User user, String credentialType) {}

    private final Faults switches;

    Policies(Faults switches) {
        this.switches = switches;
    }

    /** @param votes those that still count */
    Verdict judge(User submitter, Intent intent, List<Vote> votes) {
        Organization organization = submitter.organization();
        List<User> approvers = votes.stream().map(Vote::user).toList();
        if (organization.isRootQuorum(approvers)) {
            return Verdict.ALLOWED;
        }
        Facts facts = facts(intent, votes);
        Facts ifAllApproved = facts(intent, everybody(organization, votes));
        Facts withoutThese = facts(intent, everybodyBut(organization, approvers));
        boolean allowed = false;
        boolean votesMissing = organization.rootUsersOf(approvers) > 0;
        for (Policy policy : organization.policies()) {
            Outcome outcome = policy.consensusHolds(facts).and(policy.conditionHolds(facts));
            switch (policy.effect()) {
                case EFFECT_DENY -> {
                    // Ours: a DENY that cannot be evaluated denies. What Turnkey does is not known.
                    if (outcome != Outcome.FALSE) {
                        return Verdict.DENIED;
                    }
                }
                case EFFECT_ALLOW -> {
                    allowed |= outcome == Outcome.TRUE;
                    // Ours: votes are missing if everybody's would do and would not do without those given.
                    votesMissing |= outcome == Outcome.FALSE
                            && policy.conditionHolds(facts) == Outcome.TRUE
                            && policy.consensusHolds(ifAllApproved) == Outcome.TRUE
                            && policy.consensusHolds(withoutThese) == Outcome.FALSE;
                }
            }
        }
        if (allowed || isOwn(intent, submitter)) {
            return Verdict.ALLOWED;
        }
        return votesMissing ? Verdict.CONSENSUS_NEEDED : Verdict.DENIED;
    }

    /**
     * Users manage their own credentials unless a policy denies it. Whether a read-write session for oneself is one of
     * them is not known: ours is yes, and no by a switch.
     */
    private boolean isOwn(Intent intent, User user) {
        boolean itself = intent.userId().map(user.id()::equals).orElse(true);
        return itself && !(intent instanceof Intent.ReadWriteSession && switches.isOn(Switch.OWN_SESSION_NEEDS_POLICY));
    }

    private static List<Vote> everybody(Organization organization, List<Vote> votes) {
        List<Vote> all = new ArrayList<>(votes);
        all.addAll(everybodyBut(organization, votes.stream().map(Vote::user).toList()));
        return all;
    }

    private static List<Vote> everybodyBut(Organization organization, Collection<User> approvers) {
        return organization.users().stream()
                .filter(user -> !approvers.contains(user))
                .flatMap(user -> user.credentialTypes().map(type -> new Vote(user, type)))
                .toList();
    }

    private static Facts facts(Intent intent, List<Vote> votes) {
        Map<String, String> fields = new HashMap<>();
        fields.put("type", intent.type().wireName());
        fields.put("kind", intent.type().kind());
        fields.put("resource", intent.type().resource());
        fields.put("action", intent.type().action());
        intent.exposed().forEach((name, value) -> fields.put("params." + name, value));
        return new Facts(
                Map.of(
                        "approvers",
                        votes.stream()
                                .map(vote -> Map.of("id", vote.user().id()))
                                .toList(),
                        "credentials",
                        votes.stream()
                                .map(vote -> Map.of("type", vote.credentialType()))
                                .toList()),
                fields);
    }
}
