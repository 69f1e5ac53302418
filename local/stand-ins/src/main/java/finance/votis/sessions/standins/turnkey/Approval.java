package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.Stamp;
import java.time.Instant;

/** A user's vote for an activity, with the key and the stamp that it was given by; the message is the raw body. */
record Approval(String id, User user, ApiKey key, Stamp stamp, String message, Instant createdAt) {}
