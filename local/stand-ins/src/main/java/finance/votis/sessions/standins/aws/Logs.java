package finance.votis.sessions.standins.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CloudWatch Logs, as far as a group is read between two times: lines come as soon as they are written. Pages are small, and each second one is
 * empty and not the last, as AWS's may be. Of patterns there is {@link FilterPattern}; streams and groups of another account are left out and
 * refused. Thread-safe.
 */
final class Logs {
    /** Ours, and below AWS's 10,000: so that whoever reads has to turn pages. */
    private static final int PAGE = 50;

    /** A stand-in may be up for days. */
    private static final int MAX_EVENTS = 50_000;

    private static final String GROUP = "logGroupName";

    private record Event(String id, String stream, long timestamp, String message) {}

    /** Where a search goes on, and in what it was begun. */
    private record Token(Search search, int next, boolean afterEmptyPage) {}

    private record Search(String group, long start, long end, Optional<FilterPattern> pattern) {

        boolean isAt(long time) {
            return time >= start && time <= end;
        }

        boolean finds(String line) {
            return pattern.map(given -> given.matches(line)).orElse(true);
        }
    }

    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Deque<Event>> groups = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();

    Logs(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized void createGroup(String name) {
        groups.computeIfAbsent(name, first -> new ArrayDeque<>());
    }

    synchronized void put(String group, String stream, String line) {
        Deque<Event> events = groups.computeIfAbsent(group, first -> new ArrayDeque<>());
        if (events.size() == MAX_EVENTS) {
            events.removeFirst();
        }
        events.addLast(new Event(
                RandomIds.uuid(random).toString(), stream, clock.instant().toEpochMilli(), line));
    }

    synchronized ObjectNode filterEvents(Input input) {
        for (String leftOut :
                List.of("logStreamNames", "logStreamNamePrefix", "logGroupIdentifier", "interleaved", "unmask")) {
            if (input.has(leftOut)) {
                throw input.invalid(leftOut + " is left out here");
            }
        }
        String group = input.text(GROUP, 1, 512);
        Deque<Event> events = groups.get(group);
        if (events == null) {
            throw AwsError.of("ResourceNotFoundException", "The specified log group does not exist.");
        }
        Search search = new Search(
                group,
                input.time("startTime").orElse(0L),
                input.time("endTime").orElse(Long.MAX_VALUE),
                input.optionalText("filterPattern", 0, 1024)
                        .map(text -> FilterPattern.parse(text)
                                .orElseThrow(() -> input.invalid("a filterPattern of this form is left out here"))));
        Optional<String> given = input.optionalText("nextToken", 1, 2048);
        Token from = given.isPresent()
                ? Optional.ofNullable(tokens.remove(given.get()))
                        .filter(token -> token.search().equals(search))
                        .orElseThrow(() -> input.invalid("The specified nextToken is invalid."))
                : new Token(search, 0, true);
        List<Event> inTime =
                events.stream().filter(event -> search.isAt(event.timestamp())).toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode found = answer.putArray("events");
        int next = from.next();
        int most = from.afterEmptyPage() ? PAGE : 0;
        while (found.size() < most && next < inTime.size()) {
            Event event = inTime.get(next++);
            if (search.finds(event.message())) {
                found.addObject()
                        .put("eventId", event.id())
                        .put("logStreamName", event.stream())
                        .put("timestamp", event.timestamp())
                        .put("ingestionTime", event.timestamp())
                        .put("message", event.message());
            }
        }
        answer.putArray("searchedLogStreams");
        if (next < inTime.size()) {
            String token = RandomIds.uuid(random).toString();
            tokens.put(token, new Token(search, next, !from.afterEmptyPage()));
            answer.put("nextToken", token);
        }
        return answer;
    }
}
