package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A page of a list of activities, each with whose it is. */
record VotedActivityPage(List<VotedActivity> activities, PageEnd end) {

    static VotedActivityPage read(JsonNode answer) throws MalformedAnswer {
        JsonNode listed = answer.path("activities");
        if (!listed.isArray()) {
            throw new MalformedAnswer("activities is not an array");
        }
        List<VotedActivity> activities = new ArrayList<>();
        for (JsonNode activity : listed) {
            activities.add(VotedActivity.read(activity));
        }
        return new VotedActivityPage(List.copyOf(activities), PageEnd.of(listed));
    }
}
