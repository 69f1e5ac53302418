package finance.votis.sessions.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.VotedActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AskedForTest {

    private static final Instant MADE = Instant.parse("2026-11-23T21:00:00Z");
    private static final Window WINDOW = Window.at(
            MADE.plus(Duration.ofMinutes(15)), new Window.Times(Duration.ofMinutes(15), Duration.ofMinutes(5), 2));
    private static final List<OrganizationId> SOME = IntStream.range(10, 30)
            .mapToObj(i -> OrganizationId.parse("00000000-0000-4000-8000-0000000000" + i)
                    .orElseThrow())
            .toList();
    private static final OrganizationId THIS_TURNS =
            SOME.stream().filter(WINDOW::isTurnOf).findFirst().orElseThrow();
    private static final OrganizationId ANOTHERS =
            SOME.stream().filter(one -> !WINDOW.isTurnOf(one)).findFirst().orElseThrow();

    private final AskedFor asked = new AskedFor(WINDOW);

    @Test
    void ofAnOrganisationOfAnotherTurnOnlyThatSessionsWereMadeThereIsKept() {
        asked.read(line(THIS_TURNS, "created", "one"));
        asked.read(line(ANOTHERS, "created", "two"));

        assertThat(asked.has(activity(THIS_TURNS, "one"))).isTrue();
        assertThat(asked.has(activity(ANOTHERS, "two"))).isFalse();
        assertThat(asked.mustBeFoundIn(THIS_TURNS)).containsExactly("one");
        assertThat(asked.mustBeFoundIn(ANOTHERS)).isEmpty();
        assertThat(asked.organizations()).containsExactlyInAnyOrder(THIS_TURNS, ANOTHERS);
    }

    /** The line names the caller's; a key that is registered where it must not be made it elsewhere, and has an alarm of its own. */
    @Test
    void whatDidNotEndWellIsKnownWhereverItWasMade() {
        asked.read(line(ANOTHERS, "failed", "one"));

        assertThat(asked.has(activity(THIS_TURNS, "one"))).isTrue();
        assertThat(asked.organizations()).isEmpty();
    }

    private static String line(OrganizationId organization, String outcome, String activity) {
        ObjectNode line = Json.newObject()
                .put("timestamp", MADE.toString())
                .put("outcome", outcome)
                .put("activityId", activity)
                .put("organizationId", organization.value());
        return Json.text(line);
    }

    private static VotedActivity activity(OrganizationId organization, String id) {
        return new VotedActivity(
                id, organization, "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION", Optional.empty(), MADE, Set.of());
    }
}
