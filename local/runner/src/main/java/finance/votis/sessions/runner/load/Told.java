package finance.votis.sessions.runner.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one phone was told of its user's sessions. Nobody else makes or ends any, and the phone asks for one thing at a time, so this is
 * what Turnkey's register must hold. A run is shorter than a session's life: none expires. One thread.
 */
final class Told {
    /** Turnkey's limit. */
    private static final int MOST_KEYS = 10;

    /** Public half by API key id, of every session ever told. */
    private final Map<String, String> all = new LinkedHashMap<>();

    /** Ids of those that must be there, the oldest first. */
    private final List<String> live = new ArrayList<>();

    private final List<String> evicted = new ArrayList<>();

    /**
     * One more; an eleventh pushes out the oldest.
     *
     * @param publicKey of the key that was in the bundle, compressed, in hex
     * @return false if it was told before, for another request
     */
    boolean made(String apiKeyId, String publicKey) {
        if (all.putIfAbsent(apiKeyId, publicKey) != null) {
            return false;
        }
        if (live.size() == MOST_KEYS) {
            evicted.add(live.removeFirst());
        }
        live.add(apiKeyId);
        return true;
    }

    void ended(String apiKeyId) {
        live.remove(apiKeyId);
    }

    void endedAllBut(String kept) {
        live.removeIf(id -> !id.equals(kept));
    }

    boolean isLive(String apiKeyId) {
        return live.contains(apiKeyId);
    }

    /** The oldest first. */
    List<String> live() {
        return List.copyOf(live);
    }

    Optional<String> newest() {
        return live.isEmpty() ? Optional.empty() : Optional.of(live.getLast());
    }

    boolean knows(String apiKeyId) {
        return all.containsKey(apiKeyId);
    }

    String publicKey(String apiKeyId) {
        String publicKey = all.get(apiKeyId);
        if (publicKey == null) {
            throw new IllegalArgumentException("never told of it");
        }
        return publicKey;
    }

    int count() {
        return all.size();
    }

    int evictions() {
        return evicted.size();
    }
}
