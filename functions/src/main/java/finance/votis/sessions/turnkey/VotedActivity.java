package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An activity and whose it is.
 *
 * @param id a UUID in lower case
 * @param type for example {@code ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION}
 * @param fingerprint {@code sha256:} and the lower-case hex of the hash over the request's bytes
 * @param createdAt by Turnkey's clock, in whole seconds
 * @param votersKeys compressed public keys in lower-case hex: each that stamped it, and all others that the same users have
 */
public record VotedActivity(
        String id,
        OrganizationId organizationId,
        String type,
        Optional<String> fingerprint,
        Instant createdAt,
        Set<String> votersKeys) {

    public VotedActivity {
        votersKeys = Set.copyOf(votersKeys);
    }

    static VotedActivity read(JsonNode json) throws MalformedAnswer {
        Activity activity = Activity.read(json);
        JsonNode votes = json.path("votes");
        if (votes.isEmpty()) {
            throw new MalformedAnswer("an activity without votes does not say who stamped it");
        }
        Set<String> keys = new HashSet<>();
        for (JsonNode vote : votes) {
            // Of a passkey it is another form of key, which is nobody's API key.
            Members.text(vote, "publicKey").map(VotedActivity::lowerCase).ifPresent(keys::add);
            for (JsonNode key : vote.path("user").path("apiKeys")) {
                Members.text(key.path("credential"), "publicKey")
                        .map(VotedActivity::lowerCase)
                        .ifPresent(keys::add);
            }
        }
        return new VotedActivity(
                activity.id(),
                activity.organizationId(),
                activity.type(),
                activity.fingerprint(),
                activity.createdAt().orElseThrow(() -> new MalformedAnswer("activity without createdAt")),
                keys);
    }

    /** Whoever stamps writes its key as it likes. */
    private static String lowerCase(String hex) {
        return hex.toLowerCase(Locale.ROOT);
    }
}
