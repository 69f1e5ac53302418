package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.runtime.Deadline;
import java.util.List;
import java.util.Optional;

/**
 * The sessions of one user as Turnkey's register has them. Nothing of this touches a key that is no session's. Immutable and safe for use
 * by many threads.
 */
public final class UserSessions {

    /** Each round but the last leaves fewer keys. */
    private static final int MOST_ROUNDS = 3;

    private final TurnkeyClient turnkey;
    private final OrganizationId organization;
    private final UserId user;

    public UserSessions(TurnkeyClient turnkey, OrganizationId organization, UserId user) {
        this.turnkey = turnkey;
        this.organization = organization;
        this.user = user;
    }

    /** All of them, in no order; such whose time is over may be among them. */
    public Answer<List<SessionKey>> list(Stamper stamper, Deadline deadline) {
        return turnkey.apiKeys(organization, user, stamper, deadline)
                .then(keys -> new Answer.Completed<>(keys.stream()
                        .map(SessionKey::of)
                        .flatMap(Optional::stream)
                        .toList()));
    }

    /**
     * Deletes these keys. How Turnkey answers for one that is gone already is not known, and it may refuse all for the sake of one: so after
     * a refusal the register is looked at, and what is left of them is tried once more.
     *
     * @param keys from {@link #list}, at least one
     * @return completed: none of them is in the register any more
     */
    public Answer<DeletedKeys> revoke(List<SessionKey> keys, Stamper stamper, Deadline deadline) {
        List<ApiKeyId> left = keys.stream().map(SessionKey::apiKeyId).toList();
        for (int round = 1; ; round++) {
            Answer<DeletedKeys> answer =
                    turnkey.deleteApiKeys(turnkey.deleteApiKeys(organization, user, left), stamper, deadline);
            boolean refused = answer instanceof Answer.Refused || answer instanceof Answer.Failed;
            if (!refused || answer.saysKeyIsGone()) {
                return answer;
            }
            if (!(list(stamper, deadline) instanceof Answer.Completed<List<SessionKey>>(List<SessionKey> listed))) {
                return answer;
            }
            List<ApiKeyId> still = those(left, listed);
            if (still.isEmpty()) {
                return new Answer.Completed<>(
                        new DeletedKeys(keys.stream().map(SessionKey::apiKeyId).toList()));
            }
            if (round == MOST_ROUNDS || still.size() == left.size()) {
                return answer;
            }
            left = still;
        }
    }

    private static List<ApiKeyId> those(List<ApiKeyId> wanted, List<SessionKey> listed) {
        return wanted.stream()
                .filter(id -> listed.stream().anyMatch(key -> key.apiKeyId().equals(id)))
                .toList();
    }
}
