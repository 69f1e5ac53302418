package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A page of a list of activities, and the one that was looked for if it is there. Others need not be in a form that we know.
 *
 * @param lastId where the next page begins; empty if there is no next one
 * @param oldest when the last one was made. That the newest come first is not documented: empty of a page in another order
 */
record ActivityPage(Optional<Activity> found, Optional<String> lastId, Optional<Instant> oldest) {
    /** The most that Turnkey gives at once. */
    static final int FULL = 100;

    static ActivityPage read(JsonNode answer, String fingerprint) throws MalformedAnswer {
        JsonNode activities = answer.path("activities");
        if (!activities.isArray()) {
            throw new MalformedAnswer("activities is not an array");
        }
        for (JsonNode activity : activities) {
            if (Members.text(activity, "fingerprint").equals(Optional.of(fingerprint))) {
                return new ActivityPage(Optional.of(Activity.read(activity)), Optional.empty(), Optional.empty());
            }
        }
        if (activities.size() < FULL) {
            return new ActivityPage(Optional.empty(), Optional.empty(), Optional.empty());
        }
        JsonNode last = activities.get(activities.size() - 1);
        Optional<Instant> newest = Members.time(activities.get(0), "createdAt");
        return new ActivityPage(
                Optional.empty(),
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
