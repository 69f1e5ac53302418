package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.P256PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The organisations, with their users, keys and policies. What is done here needs no stamp: it is how a test sets the
 * scene and looks behind it. Ids are UUIDs in lower case; what does not exist or is there already is an
 * {@link IllegalArgumentException}. Thread-safe; a request is answered while no other change happens.
 */
public final class World {
    private final Faults time;
    private final Identifiers ids;
    private final Map<String, Organization> organizations = new LinkedHashMap<>();

    World(Faults time, SecureRandom random) {
        this.time = time;
        this.ids = new Identifiers(random);
    }

    public String newId() {
        return ids.next();
    }

    /** An organisation without a parent. Its root quorum is one of nobody until it is set. */
    public synchronized void addOrganization(String id, String name) {
        add(new Organization(id, name, Optional.empty()));
    }

    public synchronized void addSubOrganization(String parentId, String id, String name) {
        Organization parent = organization(parentId);
        if (parent.parent().isPresent()) {
            throw new IllegalArgumentException("a sub-organisation has none of its own");
        }
        add(new Organization(id, name, Optional.of(parent)));
    }

    /** An ordinary user without keys: it may do nothing but read. */
    public synchronized void addUser(String organizationId, String id, String name) {
        if (!Fields.isUuid(id) || findUser(id).isPresent()) {
            throw new IllegalArgumentException("a user's id is a new UUID");
        }
        Organization organization = organization(organizationId);
        organization.add(new User(id, name, organization, now()));
    }

    /** So many of these users together may do anything in the organisation, whatever its policies say. */
    public synchronized void setRootQuorum(String organizationId, int threshold, Set<String> userIds) {
        if (threshold < 1) {
            throw new IllegalArgumentException("a threshold is one at least");
        }
        organization(organizationId).setRootQuorum(threshold, userIds);
    }

    /** A long-lived key. @return its id */
    public synchronized String addApiKey(String userId, String name, P256PublicKey publicKey) {
        return addKey(userId, name, publicKey, Optional.empty());
    }

    /** An expiring key that is no session. @return its id */
    public synchronized String addExpiringApiKey(
            String userId, String name, P256PublicKey publicKey, Duration lifetime) {
        return addKey(userId, name, publicKey, Optional.of(lifetime));
    }

    /** A read-write session that began now, with an id that is not used yet. */
    public synchronized void addSessionKey(
            String userId, String id, String name, P256PublicKey publicKey, Duration lifetime) {
        user(userId).add(new ApiKey(id, name, publicKey, ApiKey.SESSION_KEY, now(), Optional.of(lifetime)), now());
    }

    /**
     * A passkey or a security key that never made an assertion.
     *
     * @param rpId whom the credential is for, as at its registration
     * @return its id
     */
    public synchronized String addAuthenticator(
            String userId, String name, byte[] credentialId, P256PublicKey publicKey, String rpId) {
        Authenticator authenticator = new Authenticator(ids.next(), name, credentialId, publicKey, rpId, now());
        User user = user(userId);
        if (user.organization().owner(authenticator.credentialId()).isPresent()) {
            throw new IllegalArgumentException("the credential is in this organisation already");
        }
        user.add(authenticator);
        return authenticator.id();
    }

    /**
     * The origins that passkeys may be used at, in a parent and all of its sub-organisations: Turnkey's feature
     * {@code FEATURE_NAME_WEBAUTHN_ORIGINS}. None at start, and then any will do.
     */
    public synchronized void setWebAuthnOrigins(String organizationId, Set<String> origins) {
        organization(organizationId).setWebAuthnOrigins(origins);
    }

    /** A social login of the user's, which is listed and cannot be used here. */
    public synchronized void addOauthProvider(
            String userId, String name, String issuer, String audience, String subject) {
        user(userId).add(new OauthProvider(ids.next(), name, issuer, audience, subject, now()));
    }

    /** As Turnkey does when it evicts one. */
    public synchronized void removeApiKey(String apiKeyId) {
        boolean removed = false;
        for (Organization organization : organizations.values()) {
            for (User user : organization.users()) {
                removed |= user.remove(apiKeyId);
            }
        }
        if (!removed) {
            throw new IllegalArgumentException("no such key");
        }
    }

    /** In the order of their making. */
    public synchronized List<ApiKey> apiKeys(String userId) {
        return user(userId).keys();
    }

    /**
     * A policy in the form of Turnkey's create-policy request.
     *
     * @return its id
     * @throws IllegalArgumentException if it is not, or says more than the stand-in understands
     */
    public synchronized String addPolicy(String organizationId, String json) {
        String id = ids.next();
        organization(organizationId).add(new Organization.RegisteredPolicy(id, Policy.read(json), now()));
        return id;
    }

    public synchronized void removePolicy(String organizationId, String policyId) {
        if (!organization(organizationId).removePolicy(policyId)) {
            throw new IllegalArgumentException("no such policy");
        }
    }

    /** Ids by name, in the order of their making; of several with one name the last. */
    public synchronized Map<String, String> policies(String organizationId) {
        Map<String, String> policies = new LinkedHashMap<>();
        organization(organizationId)
                .registeredPolicies()
                .forEach(one -> policies.put(one.policy().name(), one.id()));
        return policies;
    }

    /**
     * A policy of {@code docs/turnkey}.
     *
     * @param file its name, for example {@code delegate-creates-read-write-sessions.json}
     * @param ids what stands in place of {@code <NAME>}, by name
     * @return its id
     */
    public String addPolicyFile(String organizationId, String file, Map<String, String> ids) {
        return addPolicy(organizationId, PolicyFile.read(file, ids));
    }

    /** How many activities of this type came to be in the organisation, whatever became of them. */
    public synchronized long activities(String organizationId, String type) {
        return organization(organizationId).activities().stream()
                .filter(activity -> activity.type().wireName().equals(type))
                .count();
    }

    Optional<Organization> findOrganization(String id) {
        return Optional.ofNullable(organizations.get(id));
    }

    List<Organization> subOrganizationsOf(Organization parent) {
        return organizations.values().stream()
                .filter(organization -> organization.parent().equals(Optional.of(parent)))
                .toList();
    }

    ApiKey newKey(String name, P256PublicKey publicKey, String type, Optional<Duration> lifetime) {
        return new ApiKey(ids.next(), name, publicKey, type, now(), lifetime);
    }

    String newActivityId() {
        return ids.nextActivity(instant());
    }

    /** The clock as it stands, faults included. */
    Instant instant() {
        return time.now();
    }

    /** Whole seconds, as Turnkey's times are written. */
    Instant now() {
        return instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private void add(Organization organization) {
        if (!Fields.isUuid(organization.id()) || organizations.containsKey(organization.id())) {
            throw new IllegalArgumentException("an organisation's id is a new UUID");
        }
        organizations.put(organization.id(), organization);
    }

    private String addKey(String userId, String name, P256PublicKey publicKey, Optional<Duration> lifetime) {
        User user = user(userId);
        if (user.organization().owner(publicKey).isPresent()) {
            throw new IllegalArgumentException("the key is in this organisation already");
        }
        ApiKey key = newKey(name, publicKey, ApiKey.API_KEY, lifetime);
        user.add(key, now());
        return key.id();
    }

    private Organization organization(String id) {
        return findOrganization(id).orElseThrow(() -> new IllegalArgumentException("no such organisation"));
    }

    private User user(String id) {
        return findUser(id).orElseThrow(() -> new IllegalArgumentException("no such user"));
    }

    private Optional<User> findUser(String id) {
        List<User> found = new ArrayList<>();
        organizations.values().forEach(organization -> organization.user(id).ifPresent(found::add));
        return found.stream().findFirst();
    }
}
