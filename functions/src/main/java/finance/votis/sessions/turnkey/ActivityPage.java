package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** A page of a list of activities, and the one that was looked for if it is there. Others need not be in a form that we know. */
record ActivityPage(Optional<Activity> found, PageEnd end) {

    static ActivityPage read(JsonNode answer, String fingerprint) throws MalformedAnswer {
        JsonNode activities = answer.path("activities");
        if (!activities.isArray()) {
            throw new MalformedAnswer("activities is not an array");
        }
        for (JsonNode activity : activities) {
            if (Members.text(activity, "fingerprint").equals(Optional.of(fingerprint))) {
                return new ActivityPage(Optional.of(Activity.read(activity)), PageEnd.OF_ALL);
            }
        }
        return new ActivityPage(Optional.empty(), PageEnd.of(activities));
    }
}
