package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a page of a list of activities ends.
 *
 * @param lastId where the next page begins; empty if there is no next one
 * @param oldest when the last one was made. That the newest come first is not documented: empty of a page in another order
 */
record PageEnd(Optional<String> lastId, Optional<Instant> oldest) {
    /** The most that Turnkey gives at once, of any list. */
    static final int FULL = 100;

    static final PageEnd OF_ALL = new PageEnd(Optional.empty(), Optional.empty());

    static PageEnd of(JsonNode activities) throws MalformedAnswer {
        if (activities.size() < FULL) {
            return OF_ALL;
        }
        JsonNode last = activities.get(activities.size() - 1);
        Optional<Instant> newest = Members.time(activities.get(0), "createdAt");
        return new PageEnd(
                Optional.of(Members.required(last, "id", Uuid::canonical)),
                Members.time(last, "createdAt")
                        .filter(oldest -> newest.isPresent() && !newest.get().isBefore(oldest)));
    }

    /** @param earliest before which no activity is looked for */
    boolean isLast(Instant earliest) {
        return lastId.isEmpty()
                || oldest.filter(time -> time.isBefore(earliest)).isPresent();
    }
}
