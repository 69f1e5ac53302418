package finance.votis.sessions.runner.load;

import finance.votis.sessions.standins.turnkey.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What Turnkey holds of one user.
 *
 * @param keys all of its API keys
 * @param sessionsMade how many sessions ever came to be for it
 */
record Register(List<ApiKey> keys, long sessionsMade) {
    Register {
        keys = List.copyOf(keys);
    }

    /** What of it is not as the user's phone was told, a sentence each. */
    List<String> against(Told told) {
        Map<String, ApiKey> sessions = keys.stream()
                .filter(key -> key.lifetime().isPresent())
                .collect(Collectors.toMap(ApiKey::id, Function.identity()));
        List<String> broken = new ArrayList<>();
        for (String id : told.live()) {
            ApiKey key = sessions.get(id);
            if (key == null) {
                broken.add("lost: session " + id + " is not in the register, and nothing that its phone did ended it");
            } else if (!key.publicKey().compressedHex().equals(told.publicKey(id))) {
                broken.add("lost: the bundle of session " + id + " held another key than the register lists");
            }
        }
        for (String id : sessions.keySet()) {
            if (!told.knows(id)) {
                broken.add("doubled: session " + id + " is in the register, and no phone was told of it");
            } else if (!told.isLive(id)) {
                broken.add("not ended: session " + id + " is still in the register");
            }
        }
        if (sessionsMade != told.count()) {
            broken.add("doubled or lost: " + sessionsMade + " sessions were made at Turnkey, and the phone was told of "
                    + told.count());
        }
        return broken;
    }
}
