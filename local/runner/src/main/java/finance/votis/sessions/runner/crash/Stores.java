package finance.votis.sessions.runner.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the session's secret and Turnkey hold at one moment.
 *
 * @param pending at {@code AWSPENDING}
 * @param liveKeys public halves of the expiring keys of the admin's user that are not over
 */
record Stores(Version current, Optional<Version> pending, Optional<Version> previous, Set<String> liveKeys) {
    /**
     * A version, as it says in clear.
     *
     * @param publicKey of an attempt the target key's, of a credential the session key's; empty of neither
     */
    record Version(String id, String state, String publicKey) {
        boolean isCredential() {
            return state.equals("credential");
        }
    }

    Stores {
        liveKeys = Set.copyOf(liveKeys);
    }

    /** Public halves of the live keys that were not there then. */
    Set<String> keysSince(Stores before) {
        TreeSet<String> added = new TreeSet<>(liveKeys);
        added.removeAll(before.liveKeys());
        return added;
    }

    /** What does not hold of what must hold after a whole run, a sentence each. */
    List<String> broken() {
        List<String> broken = new ArrayList<>();
        if (!current.isCredential()) {
            broken.add("AWSCURRENT is no credential but " + current.state());
        } else if (!liveKeys.contains(current.publicKey())) {
            broken.add("the key of AWSCURRENT is not live at Turnkey");
        }
        if (pending.filter(version -> !version.equals(current)).isPresent()) {
            broken.add("half moved: AWSPENDING is left at a version of the state "
                    + pending.get().state());
        }
        Set<String> known = new TreeSet<>();
        Stream.of(Optional.of(current), pending, previous)
                .flatMap(Optional::stream)
                .filter(Version::isCredential)
                .forEach(version -> known.add(version.publicKey()));
        for (String key : new TreeSet<>(liveKeys)) {
            if (!known.contains(key)) {
                broken.add("orphan: the live key " + key + " is known to no version with a stage");
            }
        }
        return broken;
    }
}
