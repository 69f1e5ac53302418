package finance.votis.sessions.turnkey;

import java.util.List;

/** The keys that Turnkey says it deleted. */
public record DeletedKeys(List<ApiKeyId> apiKeyIds) {
    public DeletedKeys {
        apiKeyIds = List.copyOf(apiKeyIds);
    }
}
