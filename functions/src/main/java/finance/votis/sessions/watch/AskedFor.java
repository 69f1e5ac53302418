package finance.votis.sessions.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.aws.LogGroups;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.VotedActivity;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What our functions say in their lines that they asked Turnkey for, as far as a run can make use of it. Lines of others, Lambda's own among them, say
 * nothing. Not thread-safe.
 */
final class AskedFor {

    /** What says that Turnkey was asked for something: all other lines say nothing here. */
    private static final List<LogField> NAMES = List.of(LogField.ACTIVITY_ID, LogField.FINGERPRINT);

    private final Window window;
    private final Set<String> known = new HashSet<>();
    private final Set<OrganizationId> organizations = new HashSet<>();
    private final Map<OrganizationId, Set<String>> created = new HashMap<>();

    AskedFor(Window window) {
        this.window = window;
    }

    /** Which lines it is to be given. */
    LogGroups.Lines lines() {
        return new LogGroups.Lines(window.linesFrom(), window.linesTo(), NAMES);
    }

    void read(String line) {
        Optional<ObjectNode> json = Json.object(line.getBytes(StandardCharsets.UTF_8));
        json.ifPresent(this::read);
    }

    private void read(ObjectNode line) {
        Optional<String> activity = text(line, LogField.ACTIVITY_ID);
        Optional<OrganizationId> organization =
                text(line, LogField.ORGANIZATION_ID).flatMap(OrganizationId::parse);
        boolean isCreated = text(line, LogField.OUTCOME).equals(Optional.of(SessionOutcome.CREATED.text()));
        boolean isNew = isCreated
                && text(line, "timestamp")
                        .flatMap(AskedFor::time)
                        .filter(window::surelyHolds)
                        .isPresent();
        if (isNew) {
            organization.ifPresent(organizations::add);
        }
        // These are most lines of half a day. Only of what was made it is certain that it is where the line says.
        if (isCreated && organization.isPresent() && !window.isTurnOf(organization.get())) {
            return;
        }
        activity.ifPresent(known::add);
        // Known before there is an answer: it stands also in the line of a request whose answer was lost.
        text(line, LogField.FINGERPRINT).ifPresent(known::add);
        if (isNew && activity.isPresent() && organization.isPresent()) {
            created.computeIfAbsent(organization.get(), first -> new HashSet<>())
                    .add(activity.get());
        }
    }

    /** By its id, or by the bytes that made it, which nobody can send for another activity. */
    boolean has(VotedActivity activity) {
        return known.contains(activity.id())
                || activity.fingerprint().filter(known::contains).isPresent();
    }

    /** Ids of sessions that a function made in the window, which the watch therefore has to find there. */
    Set<String> mustBeFoundIn(OrganizationId organization) {
        return created.getOrDefault(organization, Set.of());
    }

    /** Where functions made sessions in the window, whoever's turn it is. */
    Set<OrganizationId> organizations() {
        return organizations;
    }

    private static Optional<String> text(JsonNode line, LogField field) {
        return text(line, field.memberName());
    }

    private static Optional<String> text(JsonNode line, String member) {
        return Optional.ofNullable(line.path(member).textValue());
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
