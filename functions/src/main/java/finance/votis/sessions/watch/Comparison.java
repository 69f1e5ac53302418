package finance.votis.sessions.watch;

import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.VotedActivity;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Holds what the delegate's key made at Turnkey against what was asked for. For one run, not thread-safe. */
final class Comparison {

    private final Window window;
    private final AskedFor asked;
    private final Set<String> delegateKeys;
    private final Consumer<VotedActivity> unasked;
    private final Set<String> seen = new HashSet<>();
    private int sessions;
    private int found;

    /** @param unasked is told of each at once, so that a run which fails later has told what it saw */
    Comparison(Window window, AskedFor asked, Set<String> delegateKeys, Consumer<VotedActivity> unasked) {
        this.window = window;
        this.asked = asked;
        this.delegateKeys = delegateKeys;
        this.unasked = unasked;
    }

    void take(VotedActivity activity) {
        boolean isTheDelegates = !Collections.disjoint(activity.votersKeys(), delegateKeys);
        // After a change of the watch's key the same page comes once more.
        if (!isTheDelegates || !seen.add(activity.id()) || !window.holds(activity.createdAt())) {
            return;
        }
        sessions++;
        if (!asked.has(activity)) {
            found++;
            unasked.accept(activity);
        }
    }

    /** Whether each session that a function made there was among the delegate's. A watch that looks for the wrong key would be silent for ever. */
    boolean sawWhatWasMadeIn(OrganizationId organization) {
        return seen.containsAll(asked.mustBeFoundIn(organization));
    }

    /** The delegate's, in the window. */
    int sessions() {
        return sessions;
    }

    /** Of them, those that no route asked for. */
    int unasked() {
        return found;
    }
}
