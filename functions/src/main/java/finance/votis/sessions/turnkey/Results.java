package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads results of activities that are the request's own, and checks them against what was asked for. Members that we do not know are
 * ignored.
 */
final class Results {
    private Results() {}

    /** @param user whose session was asked for; empty: the stamping user, whom Turnkey alone knows */
    static Answer<ReadWriteSession> readWriteSession(
            Activity activity, OrganizationId organization, Optional<UserId> user) throws MalformedAnswer {
        Optional<JsonNode> found = activity.result("createReadWriteSessionResultV2");
        if (found.isEmpty()) {
            return broken(Shortfall.RESULT_MISSING, activity);
        }
        JsonNode result = found.get();
        if (!isOf(organization, result)) {
            return broken(Shortfall.WRONG_ORGANIZATION, activity);
        }
        UserId owner = Members.required(result, "userId", UserId::parse);
        if (user.isPresent() && !user.get().equals(owner)) {
            return broken(Shortfall.WRONG_USER, activity);
        }
        Optional<String> bundle = Members.text(result, "credentialBundle");
        if (bundle.isEmpty()) {
            return broken(Shortfall.BUNDLE_MISSING, activity);
        }
        SealedBundle sealed;
        try {
            sealed = new SealedBundle(bundle.get());
        } catch (IllegalArgumentException malformed) {
            return broken(Shortfall.BUNDLE_MALFORMED, activity);
        }
        Instant createdAt = activity.createdAt().orElseThrow(() -> new MalformedAnswer("activity without createdAt"));
        return new Answer.Completed<>(new ReadWriteSession(
                organization,
                owner,
                Members.required(result, "apiKeyId", ApiKeyId::parse),
                sealed,
                activity.id(),
                createdAt));
    }

    static Answer<ReadOnlySession> readOnlySession(Activity activity, OrganizationId organization)
            throws MalformedAnswer {
        Optional<JsonNode> found = activity.result("createReadOnlySessionResult");
        if (found.isEmpty()) {
            return broken(Shortfall.RESULT_MISSING, activity);
        }
        JsonNode result = found.get();
        if (!isOf(organization, result)) {
            return broken(Shortfall.WRONG_ORGANIZATION, activity);
        }
        Optional<SessionToken> session =
                Members.text(result, "session").filter(text -> !text.isBlank()).map(SessionToken::new);
        if (session.isEmpty()) {
            return broken(Shortfall.SESSION_MISSING, activity);
        }
        return new Answer.Completed<>(new ReadOnlySession(
                organization,
                Members.required(result, "userId", UserId::parse),
                session.get(),
                activity.id(),
                Members.required(result, "sessionExpiry", Members::epochSecond)));
    }

    static Answer<DeletedKeys> deletedKeys(Activity activity) throws MalformedAnswer {
        Optional<JsonNode> found = activity.result("deleteApiKeysResult");
        if (found.isEmpty()) {
            return broken(Shortfall.RESULT_MISSING, activity);
        }
        List<ApiKeyId> ids = new ArrayList<>();
        for (JsonNode id : found.get().path("apiKeyIds")) {
            ids.add(Optional.ofNullable(id.textValue())
                    .flatMap(ApiKeyId::parse)
                    .orElseThrow(() -> new MalformedAnswer("apiKeyIds holds something that is no id")));
        }
        return new Answer.Completed<>(new DeletedKeys(ids));
    }

    static Identity identity(JsonNode answer) throws MalformedAnswer {
        return new Identity(
                Members.required(answer, "organizationId", OrganizationId::parse),
                Members.required(answer, "userId", UserId::parse));
    }

    static List<ApiKey> apiKeys(JsonNode answer) throws MalformedAnswer {
        JsonNode keys = answer.path("apiKeys");
        if (!keys.isArray()) {
            throw new MalformedAnswer("apiKeys is not an array");
        }
        List<ApiKey> read = new ArrayList<>();
        for (JsonNode key : keys) {
            read.add(apiKey(key));
        }
        return List.copyOf(read);
    }

    private static ApiKey apiKey(JsonNode key) throws MalformedAnswer {
        JsonNode credential = key.path("credential");
        Optional<Duration> expiration = Optional.empty();
        if (key.hasNonNull("expirationSeconds")) {
            expiration = Optional.of(Duration.ofSeconds(Members.required(key, "expirationSeconds", Members::lifetime)));
        }
        return new ApiKey(
                Members.required(key, "apiKeyId", ApiKeyId::parse),
                Members.text(key, "apiKeyName").orElse(""),
                Members.required(credential, "publicKey", Optional::of),
                Members.required(credential, "type", Optional::of),
                Members.time(key, "createdAt").orElseThrow(() -> new MalformedAnswer("API key without createdAt")),
                expiration);
    }

    private static boolean isOf(OrganizationId asked, JsonNode result) throws MalformedAnswer {
        return Members.required(result, "organizationId", OrganizationId::parse).equals(asked);
    }

    private static <T> Answer<T> broken(Shortfall shortfall, Activity activity) {
        return new Answer.BrokenPromise<>(shortfall, activity.id());
    }
}
