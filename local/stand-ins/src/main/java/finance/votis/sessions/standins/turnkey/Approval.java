package finance.votis.sessions.standins.turnkey;

import java.time.Instant;

/** A user's vote for an activity, with the stamp that it was given by; the message is the raw body. */
record Approval(String id, User user, VoteStamp stamp, String message, Instant createdAt) {}
