package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.P256PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A parent organisation or one of its sub-organisations. Guarded by its {@link World}. */
final class Organization {
    private final String id;
    private final String name;
    private final Optional<Organization> parent;
    private final Map<String, User> users = new LinkedHashMap<>();
    private final List<RegisteredPolicy> policies = new ArrayList<>();
    private final Map<String, Activity> activities = new LinkedHashMap<>();
    private int rootThreshold = 1;
    private Set<String> rootUsers = Set.of();
    private Set<String> webAuthnOrigins = Set.of();

    Organization(String id, String name, Optional<Organization> parent) {
        this.id = id;
        this.name = name;
        this.parent = parent;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    Optional<Organization> parent() {
        return parent;
    }

    void add(User user) {
        users.put(user.id(), user);
    }

    Collection<User> users() {
        return users.values();
    }

    Optional<User> user(String userId) {
        return Optional.ofNullable(users.get(userId));
    }

    Optional<KeyOwner> owner(P256PublicKey publicKey) {
        return users.values().stream()
                .flatMap(user -> user.keys().stream().map(key -> new KeyOwner(user, key)))
                .filter(owner -> owner.key().publicKey().equals(publicKey))
                .findFirst();
    }

    /** @param credentialId in base64url */
    Optional<AuthenticatorOwner> owner(String credentialId) {
        return users.values().stream()
                .flatMap(user -> user.authenticators().stream().map(one -> new AuthenticatorOwner(user, one)))
                .filter(owner -> owner.authenticator().credentialId().equals(credentialId))
                .findFirst();
    }

    void setWebAuthnOrigins(Set<String> origins) {
        webAuthnOrigins = Set.copyOf(origins);
    }

    Set<String> ownWebAuthnOrigins() {
        return webAuthnOrigins;
    }

    /** A parent's are those of its sub-organisations; empty if any will do. */
    Set<String> webAuthnOrigins() {
        return parent.map(Organization::webAuthnOrigins).orElse(webAuthnOrigins);
    }

    void add(RegisteredPolicy policy) {
        policies.add(policy);
    }

    boolean removePolicy(String policyId) {
        return policies.removeIf(policy -> policy.id().equals(policyId));
    }

    List<RegisteredPolicy> registeredPolicies() {
        return List.copyOf(policies);
    }

    List<Policy> policies() {
        return policies.stream().map(RegisteredPolicy::policy).toList();
    }

    void setRootQuorum(int threshold, Set<String> userIds) {
        this.rootThreshold = threshold;
        this.rootUsers = Set.copyOf(userIds);
    }

    int rootThreshold() {
        return rootThreshold;
    }

    Set<String> rootUsers() {
        return rootUsers;
    }

    boolean isRootQuorum(Collection<User> approvers) {
        return rootUsersOf(approvers) >= rootThreshold;
    }

    long rootUsersOf(Collection<User> approvers) {
        return approvers.stream().filter(user -> rootUsers.contains(user.id())).count();
    }

    void add(Activity activity) {
        activities.put(activity.id(), activity);
    }

    /** In the order of their coming. */
    List<Activity> activities() {
        return List.copyOf(activities.values());
    }

    Optional<Activity> activity(String activityId) {
        return Optional.ofNullable(activities.get(activityId));
    }

    Optional<Activity> activityByFingerprint(String fingerprint) {
        return activities.values().stream()
                .filter(activity -> activity.fingerprint().equals(fingerprint))
                .findFirst();
    }

    /** A policy and what it got when it was made. */
    record RegisteredPolicy(String id, Policy policy, Instant createdAt) {}

    /** A user and the key of it that was found. */
    record KeyOwner(User user, ApiKey key) {}

    /** Likewise. */
    record AuthenticatorOwner(User user, Authenticator authenticator) {}
}
