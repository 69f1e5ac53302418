package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An organisation as Turnkey tells it.
 *
 * @param rootUsers ids of the users of the root quorum
 */
record Seen(
        String organizationId, List<User> users, List<PolicyText> policies, int rootThreshold, Set<String> rootUsers) {

    /** @param tags ids */
    record User(String id, Set<String> tags, List<Key> keys, List<String> authenticators, List<String> oauthProviders) {

        Optional<Key> registered(P256PublicKey publicKey) {
            return keys.stream().filter(key -> key.is(publicKey)).findFirst();
        }

        /** Long-lived ones. */
        List<Key> lasting() {
            return keys.stream().filter(key -> key.expiresAt().isEmpty()).toList();
        }

        /** Keys whose time is not over, of those that have one. */
        List<Key> expiring(Instant now) {
            return keys.stream()
                    .filter(key -> key.expiresAt().map(now::isBefore).orElse(false))
                    .toList();
        }
    }

    /**
     * A registered API key.
     *
     * @param publicKey as Turnkey writes it: hex of a point, of P-256 or another curve
     * @param expiresAt empty for a long-lived one
     */
    record Key(String id, String name, String publicKey, Optional<Instant> expiresAt) {

        /** By its point: whoever registers a key writes it as they like. */
        boolean is(P256PublicKey key) {
            try {
                return (publicKey.startsWith("04")
                                ? P256PublicKey.fromUncompressedHex(publicKey)
                                : P256PublicKey.fromCompressedHex(publicKey))
                        .equals(key);
            } catch (CryptoException.MalformedKey ofAnotherCurve) {
                return false;
            }
        }
    }

    /** Whose key this is. */
    static Optional<User> owner(List<User> users, P256PublicKey publicKey) {
        return users.stream()
                .filter(user -> user.registered(publicKey).isPresent())
                .findFirst();
    }

    /** Of an answer to {@code list_users}. */
    static List<User> users(JsonNode answer) throws NotLookedAtException {
        List<User> users = new ArrayList<>();
        for (JsonNode user : array(answer, "users")) {
            List<Key> keys = new ArrayList<>();
            for (JsonNode key : array(user, "apiKeys")) {
                keys.add(key(key));
            }
            users.add(new User(
                    text(user, "userId"),
                    texts(array(user, "userTags")),
                    List.copyOf(keys),
                    names(array(user, "authenticators"), "authenticatorName"),
                    names(array(user, "oauthProviders"), "providerName")));
        }
        return List.copyOf(users);
    }

    private static Key key(JsonNode key) throws NotLookedAtException {
        Optional<Instant> expiresAt = Optional.empty();
        if (key.path("expirationSeconds").isTextual()) {
            try {
                expiresAt = Optional.of(Instant.ofEpochSecond(Long.parseLong(text(key.path("createdAt"), "seconds")))
                        .plus(Duration.ofSeconds(Long.parseLong(text(key, "expirationSeconds")))));
            } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
                throw new NotLookedAtException("a key that Turnkey lists has a time in another form");
            }
        }
        return new Key(
                text(key, "apiKeyId"), text(key, "apiKeyName"), text(key.path("credential"), "publicKey"), expiresAt);
    }

    /** Of an answer to {@code list_policies}. */
    static List<PolicyText> policies(JsonNode answer) throws NotLookedAtException {
        List<PolicyText> policies = new ArrayList<>();
        for (JsonNode policy : array(answer, "policies")) {
            policies.add(PolicyText.of(text(policy, "policyId"), policy));
        }
        return List.copyOf(policies);
    }

    /** With an answer to {@code get_organization_configs}. */
    static Seen of(String organizationId, List<User> users, List<PolicyText> policies, JsonNode configs)
            throws NotLookedAtException {
        JsonNode quorum = configs.path("configs").path("quorum");
        return new Seen(
                organizationId,
                users,
                policies,
                Math.max(1, quorum.path("threshold").asInt()),
                texts(array(quorum, "userIds")));
    }

    private static JsonNode array(JsonNode object, String member) throws NotLookedAtException {
        JsonNode array = object.path(member);
        if (!array.isArray()) {
            throw new NotLookedAtException("an answer of Turnkey has no list " + member);
        }
        return array;
    }

    private static String text(JsonNode object, String member) throws NotLookedAtException {
        if (!object.path(member).isTextual()) {
            throw new NotLookedAtException("an answer of Turnkey has no " + member);
        }
        return object.path(member).asText();
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<String> names(JsonNode array, String member) {
        List<String> names = new ArrayList<>();
        array.forEach(one -> names.add(one.path(member).asText()));
        return List.copyOf(names);
    }
}
