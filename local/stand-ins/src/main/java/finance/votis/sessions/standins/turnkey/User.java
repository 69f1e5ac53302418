package finance.votis.sessions.standins.turnkey;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A user of one organisation, its keys and authenticators. Guarded by its {@link World}. */
final class User {
    /** Rows of Turnkey's resource limits, each per user. */
    static final int MAX_LONG_LIVED_KEYS = 10;

    static final int MAX_EXPIRING_KEYS = 10;

    private final String id;
    private final String name;
    private final Organization organization;
    private final Instant createdAt;
    /** In the order of their making. */
    private final List<ApiKey> keys = new ArrayList<>();

    private final List<Authenticator> authenticators = new ArrayList<>();
    private final List<OauthProvider> oauthProviders = new ArrayList<>();

    User(String id, String name, Organization organization, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.organization = organization;
        this.createdAt = createdAt;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    Organization organization() {
        return organization;
    }

    Instant createdAt() {
        return createdAt;
    }

    List<ApiKey> keys() {
        return List.copyOf(keys);
    }

    void add(Authenticator authenticator) {
        authenticators.add(authenticator);
    }

    List<Authenticator> authenticators() {
        return List.copyOf(authenticators);
    }

    void add(OauthProvider provider) {
        oauthProviders.add(provider);
    }

    List<OauthProvider> oauthProviders() {
        return List.copyOf(oauthProviders);
    }

    /** Of each credential that it could vote with. */
    Stream<String> credentialTypes() {
        return Stream.concat(
                keys.stream().map(ApiKey::type), authenticators.stream().map(authenticator -> Authenticator.TYPE));
    }

    Optional<ApiKey> key(String keyId) {
        return keys.stream().filter(key -> key.id().equals(keyId)).findFirst();
    }

    boolean hasRoomForLongLived(int more) {
        return keys.stream().filter(key -> key.lifetime().isEmpty()).count() + more <= MAX_LONG_LIVED_KEYS;
    }

    /** Check 48: an eleventh expiring key pushes out the expired ones first, else the oldest. All kinds count together. */
    void add(ApiKey added, Instant now) {
        if (added.lifetime().isPresent()) {
            if (expiring().size() >= MAX_EXPIRING_KEYS) {
                keys.removeIf(key -> key.isExpired(now));
            }
            while (expiring().size() >= MAX_EXPIRING_KEYS) {
                keys.remove(expiring().stream()
                        .min(Comparator.comparing(ApiKey::createdAt))
                        .orElseThrow());
            }
        }
        keys.add(added);
    }

    /** Check 49, ours: keys of exactly this type, the one that asked among them. */
    void removeAll(String type) {
        keys.removeIf(key -> key.type().equals(type));
    }

    boolean remove(String keyId) {
        return keys.removeIf(key -> key.id().equals(keyId));
    }

    private List<ApiKey> expiring() {
        return keys.stream().filter(key -> key.lifetime().isPresent()).toList();
    }
}
