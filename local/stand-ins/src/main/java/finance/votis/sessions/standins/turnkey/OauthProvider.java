package finance.votis.sessions.standins.turnkey;

import java.time.Instant;

/** An issuer whose tokens a user may log in with. It is listed and nothing else: logins by OAuth are left out. */
record OauthProvider(String id, String name, String issuer, String audience, String subject, Instant createdAt) {}
