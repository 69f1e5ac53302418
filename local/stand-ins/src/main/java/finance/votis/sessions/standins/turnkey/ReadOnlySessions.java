package finance.votis.sessions.standins.turnkey;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Bearer tokens for queries. Guarded by the {@link World}. */
final class ReadOnlySessions {
    /** Check 50: fixed. */
    static final Duration LIFE = Duration.ofHours(1);

    private record Session(User user, Instant expiry) {}

    private final SecureRandom random;
    private final Map<String, Session> sessions = new HashMap<>();

    ReadOnlySessions(SecureRandom random) {
        this.random = random;
    }

    /** The form is ours: Turnkey's is opaque. */
    String open(User user, Instant expiry) {
        byte[] bytes = new byte[48];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        sessions.put(token, new Session(user, expiry));
        return token;
    }

    Optional<User> user(String token, Instant now) {
        return Optional.ofNullable(sessions.get(token))
                .filter(session -> now.isBefore(session.expiry()))
                .map(Session::user);
    }
}
