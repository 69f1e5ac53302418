package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.doctor.Check.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds what Turnkey tells against what the documents want. Asks nobody. Immutable.
 *
 * @param expectedKeys that its user is meant to have besides, while one replaces the other
 * @param session the admin's; empty for the others, whose users have no session of their own
 */
record Examination(
        Role role, P256PublicKey key, Set<P256PublicKey> expectedKeys, Optional<String> session, OurPolicies ours) {

    Examination {
        expectedKeys = Set.copyOf(expectedKeys);
    }

    /** Turnkey docs: resource limits. */
    private static final int MOST_EXPIRING_KEYS = 10;

    /** OpenID Connect Core, section 5.1: what a user tells of itself. */
    private static final Set<String> PROFILE = Set.of(
            "name",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "email",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "phone_number",
            "address");

    static Check clock(Optional<Duration> ahead) {
        return ahead.<Check>map(off -> new Check.Found(Subject.CLOCK, Optional.empty(), new Finding.ClockOff(off)))
                .orElseGet(() -> held(Subject.CLOCK, Optional.empty(), "with Turnkey's, to two minutes at least"));
    }

    /** As far as names tell. */
    static List<Check> claims(String organizationClaim, String userClaim) {
        List<Check> found = Stream.of(
                        claim("OrganizationClaim", organizationClaim).stream(), claim("UserClaim", userClaim).stream())
                .flatMap(one -> one)
                .toList();
        return found.isEmpty()
                ? List.of(
                        held(
                                Subject.CLAIMS,
                                Optional.empty(),
                                organizationClaim + " and " + userClaim
                                        + " are no names of what users write; that the issuer alone sets them is yours to see to"))
                : found;
    }

    private static Optional<Check> claim(String parameter, String claim) {
        return whyWritable(claim)
                .map(why -> new Check.Found(
                        Subject.CLAIMS, Optional.empty(), new Finding.WritableClaim(parameter, claim, why)));
    }

    private static Optional<String> whyWritable(String claim) {
        if (claim.startsWith("custom:")) {
            return Optional.of("an attribute of Cognito that users write unless their app's client may not");
        }
        if (claim.contains("user_metadata")) {
            return Optional.of("of the metadata that users write themselves");
        }
        if (PROFILE.contains(claim)) {
            return Optional.of("of the profile that users write themselves");
        }
        return Optional.empty();
    }

    static Check notLookedAt(String organizationId, NotLookedAtException why) {
        return new Check.NotKnown(
                Subject.LOOKED_AT, Optional.of(organizationId), "could not be looked at: " + why.getMessage());
    }

    /** @param users of the parent */
    Check parent(String parentId, List<Seen.User> users) {
        Optional<Seen.User> owner = Seen.owner(users, key);
        if (owner.isPresent()) {
            return new Check.Found(
                    Subject.PARENT,
                    Optional.of(parentId),
                    new Finding.RegisteredInParent(
                            parentId, owner.get().id(), registered(owner.get()).id()));
        }
        return parentDoesNotKnowIt(parentId);
    }

    static Check parentDoesNotKnowIt(String parentId) {
        return held(Subject.PARENT, Optional.of(parentId), "does not know the key");
    }

    static Check parentKnowsItAsItShould(String parentId) {
        return held(
                Subject.PARENT,
                Optional.of(parentId),
                "is its organisation: it reads every sub-organisation, as it must");
    }

    static Check notRegistered(String organizationId) {
        return new Check.Found(Subject.USER, Optional.of(organizationId), new Finding.NotRegistered(organizationId));
    }

    List<Check> organization(Seen seen, Instant now) throws CannotLookException {
        Optional<Seen.User> owner = Seen.owner(seen.users(), key);
        if (owner.isEmpty()) {
            return List.of(notRegistered(seen.organizationId()));
        }
        Seen.User user = owner.get();
        List<Check> checks = new ArrayList<>();
        checks.add(rootQuorum(seen, user));
        checks.addAll(policies(seen, user));
        checks.addAll(denials(seen, user));
        checks.addAll(recommended(seen, user));
        checks.addAll(credentials(seen, user, now));
        checks.add(room(seen, user, now));
        return checks;
    }

    private static Check rootQuorum(Seen seen, Seen.User user) {
        Optional<String> where = Optional.of(seen.organizationId());
        Set<String> others = without(seen.rootUsers(), user);
        return others.size() < seen.rootUsers().size()
                ? new Check.Found(
                        Subject.ROOT_QUORUM,
                        where,
                        new Finding.InRootQuorum(seen.organizationId(), user.id(), seen.rootThreshold(), others))
                : held(Subject.ROOT_QUORUM, where, "its user " + user.id() + " is not in it");
    }

    private List<Check> policies(Seen seen, Seen.User user) throws CannotLookException {
        Optional<String> where = Optional.of(seen.organizationId());
        List<PolicyText> meant = ours.allowing(user.id(), without(seen.rootUsers(), user));
        List<Check> found = new ArrayList<>();
        int known = 0;
        for (PolicyText policy : seen.policies()) {
            if (!policy.allows()) {
                continue;
            }
            if (meant.stream().anyMatch(policy::saysTheSameAs)) {
                known++;
                continue;
            }
            Consensus.Alone alone = Consensus.satisfies(policy.consensus(), user.id(), user.tags());
            if (alone != Consensus.Alone.NO) {
                found.add(new Check.Found(
                        Subject.POLICIES,
                        where,
                        new Finding.WiderPolicy(seen.organizationId(), policy, alone == Consensus.Alone.YES)));
            }
        }
        return found.isEmpty()
                ? List.of(held(
                        Subject.POLICIES, where, "allow its user nothing but what it is for (" + known + " policies)"))
                : found;
    }

    private List<Check> denials(Seen seen, Seen.User user) throws CannotLookException {
        Optional<String> where = Optional.of(seen.organizationId());
        List<Check> found = new ArrayList<>();
        for (Finding.MissingDenial missing : missing(seen, ours.denying(user.id()))) {
            found.add(new Check.Found(Subject.DENIALS, where, missing));
        }
        return found.isEmpty()
                ? List.of(held(Subject.DENIALS, where, role.denying().isEmpty() ? "none are wanted" : "are all there"))
                : found;
    }

    /** Where there is nobody whom they would bind, none. */
    private List<Check> recommended(Seen seen, Seen.User user) throws CannotLookException {
        if (!bindsSomebodyBeside(user, seen)) {
            return List.of();
        }
        return missing(seen, ours.recommended(user.id())).stream()
                .<Check>map(missing -> new Check.Hint(
                        Subject.DENIALS,
                        Optional.of(seen.organizationId()),
                        "recommended besides: " + missing.means(),
                        missing.remedies()))
                .toList();
    }

    private boolean bindsSomebodyBeside(Seen.User user, Seen seen) throws CannotLookException {
        for (Seen.User one : seen.users()) {
            if (one.id().equals(user.id())) {
                continue;
            }
            if (seen.rootUsers().contains(one.id()) ? seen.rootThreshold() > 1 : !isKeeper(one, seen)) {
                return true;
            }
        }
        return false;
    }

    /** Nobody signs in as it, so it has no sessions. */
    private boolean isKeeper(Seen.User user, Seen seen) throws CannotLookException {
        List<PolicyText> keeping = ours.keeping(user.id(), seen.rootUsers());
        List<PolicyText> allowing = seen.policies().stream()
                .filter(PolicyText::allows)
                .filter(policy -> Consensus.satisfies(policy.consensus(), user.id(), user.tags()) != Consensus.Alone.NO)
                .toList();
        return user.authenticators().isEmpty()
                && user.oauthProviders().isEmpty()
                && !allowing.isEmpty()
                && allowing.stream().allMatch(policy -> keeping.stream().anyMatch(policy::saysTheSameAs));
    }

    private static List<Finding.MissingDenial> missing(Seen seen, List<ObjectNode> denials) {
        return denials.stream()
                .filter(denial -> seen.policies().stream().noneMatch(PolicyText.of("", denial)::saysTheSameAs))
                .map(denial -> new Finding.MissingDenial(seen.organizationId(), denial))
                .toList();
    }

    private List<Check> credentials(Seen seen, Seen.User user, Instant now) {
        Optional<String> where = Optional.of(seen.organizationId());
        List<Check> found = new ArrayList<>();
        List<String> signIns = Stream.concat(user.authenticators().stream(), user.oauthProviders().stream())
                .toList();
        if (!signIns.isEmpty()) {
            found.add(new Check.Found(
                    Subject.USER,
                    where,
                    new Finding.OtherCredentials(seen.organizationId(), user.id(), signIns, registered(user), role)));
        }
        List<Seen.Key> foreign = user.expiring(now).stream()
                .filter(one -> !one.is(key))
                .filter(one -> session.map(name -> !one.name().equals("Server session " + name))
                        .orElse(true))
                .toList();
        if (!foreign.isEmpty()) {
            found.add(new Check.Found(
                    Subject.USER, where, new Finding.ForeignSessions(seen.organizationId(), user.id(), foreign)));
        }
        List<Seen.Key> others = user.lasting().stream()
                .filter(one -> !one.is(key) && expectedKeys.stream().noneMatch(one::is))
                .toList();
        if (!others.isEmpty()) {
            found.add(new Check.Found(
                    Subject.USER, where, new Finding.OtherKeys(seen.organizationId(), user.id(), others)));
        }
        boolean hasExpected = expectedKeys.stream()
                .anyMatch(expected -> user.registered(expected).isPresent());
        return found.isEmpty()
                ? List.of(held(
                        Subject.USER,
                        where,
                        "is the key's own, shared with nobody"
                                + (hasExpected ? "; it has the expected key besides" : "")))
                : found;
    }

    private static Check room(Seen seen, Seen.User user, Instant now) {
        Optional<String> where = Optional.of(seen.organizationId());
        int live = user.expiring(now).size();
        return live >= MOST_EXPIRING_KEYS
                ? new Check.Found(Subject.EXPIRING_KEYS, where, new Finding.NoRoomForKeys(seen.organizationId(), live))
                : held(Subject.EXPIRING_KEYS, where, live + " of the ten that a user can have");
    }

    private Seen.Key registered(Seen.User owner) {
        return owner.registered(key).orElseThrow();
    }

    private static Set<String> without(Set<String> users, Seen.User user) {
        Set<String> others = new LinkedHashSet<>(users);
        others.remove(user.id());
        return others;
    }

    private static Check held(Subject subject, Optional<String> organizationId, String tells) {
        return new Check.Held(subject, organizationId, tells);
    }
}
