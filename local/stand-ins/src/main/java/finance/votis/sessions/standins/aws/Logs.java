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
 * CloudWatch Logs, as far as a group is read from a time on: lines come as soon as they are written. Pages are small, and each second one is
 * empty and not the last, as AWS's may be. Patterns, streams and groups of another account are left out and refused. Thread-safe.
 */
final class Logs {
    /** Ours, and below AWS's 10,000: so that whoever reads has to turn pages. */
    private static final int PAGE = 50;

    /** A stand-in may be up for days. */
    private static final int MAX_EVENTS = 50_000;

    private static final String GROUP = "logGroupName";

    private record Event(String id, String stream, long timestamp, String message) {}

    /** Where a search goes on, and in what it was begun. */
    private record Token(String group, long start, long end, int next, boolean afterEmptyPage) {}

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
        for (String leftOut : List.of(
                "filterPattern",
                "logStreamNames",
                "logStreamNamePrefix",
                "logGroupIdentifier",
                "interleaved",
                "unmask")) {
            if (input.has(leftOut)) {
                throw input.invalid(leftOut + " is left out here");
            }
        }
        String group = input.text(GROUP, 1, 512);
        Deque<Event> events = groups.get(group);
        if (events == null) {
            throw AwsError.of("ResourceNotFoundException", "The specified log group does not exist.");
        }
        long start = input.time("startTime").orElse(0L);
        long end = input.time("endTime").orElse(Long.MAX_VALUE);
        Optional<String> given = input.optionalText("nextToken", 1, 2048);
        Token from = given.isPresent()
                ? Optional.ofNullable(tokens.remove(given.get()))
                        .filter(token -> token.group().equals(group) && token.start() == start && token.end() == end)
                        .orElseThrow(() -> input.invalid("The specified nextToken is invalid."))
                : new Token(group, start, end, 0, true);
        List<Event> asked = events.stream()
                .filter(event -> event.timestamp() >= start && event.timestamp() <= end)
                .toList();
        int to = from.afterEmptyPage() ? Math.min(asked.size(), from.next() + PAGE) : from.next();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode found = answer.putArray("events");
        for (Event event : asked.subList(Math.min(from.next(), to), to)) {
            found.addObject()
                    .put("eventId", event.id())
                    .put("logStreamName", event.stream())
                    .put("timestamp", event.timestamp())
                    .put("ingestionTime", event.timestamp())
                    .put("message", event.message());
        }
        answer.putArray("searchedLogStreams");
        if (to < asked.size()) {
            String token = RandomIds.uuid(random).toString();
            tokens.put(token, new Token(group, start, end, to, !from.afterEmptyPage()));
            answer.put("nextToken", token);
        }
        return answer;
    }
}
