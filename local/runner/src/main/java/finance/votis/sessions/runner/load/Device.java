package finance.votis.sessions.runner.load;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runner.outsiders.ApiRequest;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.outsiders.NoAnswer;
import finance.votis.sessions.runner.outsiders.Phone;
import finance.votis.sessions.runner.outsiders.TurnkeyApi;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The one phone of a user. It asks for one thing at a time and repeats the very same request until there is an answer; what it was told, it
 * remembers, and what it is told later must be in keeping with that. One thread.
 */
final class Device implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** The limit of the routes' functions: what runs on unseen has ended by then. */
    private static final Duration LONGEST_RUN = Duration.ofSeconds(10);

    /** How often it asks once nothing goes wrong any more. */
    private static final int MOST_IN_CALM = 20;

    /** How it waits. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration span) throws InterruptedException;
    }

    private record Answered(Reading.Final reading, boolean isRepeat) {
        JsonNode body() {
            return reading.answer().body();
        }

        String text(String member) throws DidNotHold {
            return reading.answer().text(member);
        }

        Answered expect(int status) throws DidNotHold {
            reading.answer().expect(status);
            return this;
        }
    }

    private final Phone phone;
    private final DemoWorld.Customer user;
    private final RandomGenerator choice;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Pause pause;
    private final Weather weather;
    private final Figures figures;
    private final Told told = new Told();
    private final Map<String, LocalStamper> sessions = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    Device(
            Phone phone,
            DemoWorld.Customer user,
            RandomGenerator choice,
            SecureRandom random,
            InstantSource clock,
            Pause pause,
            Weather weather,
            Figures figures) {
        this.phone = phone;
        this.user = user;
        this.choice = choice;
        this.random = random;
        this.clock = clock;
        this.pause = pause;
        this.weather = weather;
        this.figures = figures;
    }

    DemoWorld.Customer user() {
        return user;
    }

    Told told() {
        return told;
    }

    /** What it was answered that cannot be, a sentence each. */
    List<String> broken() {
        return List.copyOf(broken);
    }

    /** One request for each function. */
    void warmUp() throws InterruptedException {
        for (Action action : List.of(Action.READ_WRITE, Action.RELAY, Action.LIST, Action.READ_ONLY)) {
            act(action);
        }
    }

    /** One thing that it wants, to its end. */
    void next() throws InterruptedException {
        Action drawn = Action.draw(choice);
        boolean needsSession = drawn != Action.READ_WRITE && drawn != Action.READ_ONLY && drawn != Action.LIST;
        act(needsSession && told.live().isEmpty() ? Action.READ_WRITE : drawn);
    }

    private void act(Action action) throws InterruptedException {
        try {
            switch (action) {
                case READ_WRITE -> askForSession(action, Optional.empty());
                case REPLACE -> askForSession(action, Optional.of(anyLive()));
                case RELAY -> relay();
                case READ_ONLY -> readOnly();
                case LIST -> list();
                case REVOKE -> revoke(anyLive());
                case REVOKE_OTHERS -> revokeOthers(anyLive());
            }
        } catch (DidNotHold e) {
            broken.add(action.text() + ": " + Objects.requireNonNull(e.getMessage()));
        }
        forgetEnded();
    }

    private String anyLive() {
        List<String> live = told.live();
        return live.get(choice.nextInt(live.size()));
    }

    private void askForSession(Action action, Optional<String> replaces) throws DidNotHold, InterruptedException {
        try (TargetKeyPair target = phone.makeKeyPair(random)) {
            Answered answer = ask(action, ApiRequest.session(target.publicKey(), now(), replaces))
                    .expect(201);
            keep(answer.text("apiKeyId"), answer.text("credentialBundle"), target);
            if (replaces.isPresent()) {
                replaced(replaces.get(), answer);
            }
        }
    }

    private void replaced(String old, Answered answer) throws DidNotHold, InterruptedException {
        switch (answer.text("replaced")) {
            case "revoked" -> {
                if (!told.isLive(old)) {
                    throw new DidNotHold("the session that was replaced was over already");
                }
                told.ended(old);
            }
            case "not-found" -> {
                if (told.isLive(old) && !answer.isRepeat()) {
                    throw new DidNotHold("lost: session " + old + " was not found");
                }
                told.ended(old);
            }
            // Whether it is over is not known: so it is ended now, whichever it is.
            case "failed" -> {
                Answered end = ask(Action.REVOKE, ApiRequest.revoke(old));
                if (end.reading().answer().status() != 404) {
                    end.expect(204);
                }
                told.ended(old);
            }
            default -> throw new DidNotHold("replaced is none of its three words");
        }
    }

    private void relay() throws DidNotHold, InterruptedException {
        // The newest: the new session may push out the oldest, and a repeat needs its stamp's key alive.
        LocalStamper session = Objects.requireNonNull(sessions.get(told.newest().orElseThrow()));
        try (TargetKeyPair target = phone.makeKeyPair(random)) {
            Answered answer = ask(
                    Action.RELAY,
                    ApiRequest.relayed(target.publicKey(), now(), user.organizationId(), user.userId(), session));
            Wire.Answer made = TurnkeyApi.madeSession(answer.reading().answer());
            keep(made.text("apiKeyId"), made.text("credentialBundle"), target);
        }
    }

    private void keep(String apiKeyId, String bundle, TargetKeyPair target) throws DidNotHold {
        LocalStamper session = phone.open(bundle, target);
        if (!told.made(apiKeyId, session.publicKey().compressedHex())) {
            session.close();
            throw new DidNotHold("session " + apiKeyId + " was told for two requests");
        }
        sessions.put(apiKeyId, session);
    }

    private void readOnly() throws DidNotHold, InterruptedException {
        ask(Action.READ_ONLY, ApiRequest.readOnlySession()).expect(201).text("session");
    }

    private void list() throws DidNotHold, InterruptedException {
        Set<String> listed = new HashSet<>();
        ask(Action.LIST, ApiRequest.list())
                .expect(200)
                .body()
                .path("sessions")
                .forEach(session -> listed.add(session.path("apiKeyId").asText()));
        Set<String> expected = Set.copyOf(told.live());
        if (!listed.equals(expected)) {
            throw new DidNotHold("the list has " + listed.size() + " sessions and not the " + expected.size()
                    + " that there must be");
        }
    }

    private void revoke(String apiKeyId) throws DidNotHold, InterruptedException {
        Answered answer = ask(Action.REVOKE, ApiRequest.revoke(apiKeyId));
        // Gone after a repeat: the first had ended it.
        if (answer.reading().answer().status() != 404 || !answer.isRepeat()) {
            answer.expect(204);
        }
        told.ended(apiKeyId);
    }

    private void revokeOthers(String kept) throws DidNotHold, InterruptedException {
        ask(Action.REVOKE_OTHERS, ApiRequest.revokeOthers(kept)).expect(204);
        told.endedAllBut(kept);
    }

    private Answered ask(Action action, ApiRequest request) throws DidNotHold, InterruptedException {
        Duration backoff = FIRST_PAUSE;
        int inCalm = 0;
        for (boolean isRepeat = false; ; isRepeat = true) {
            inCalm += weather.isCalm() ? 1 : 0;
            Instant begin = clock.instant();
            Reading reading = send(request, action == Action.RELAY);
            Duration took = Duration.between(begin, clock.instant());
            switch (reading) {
                case Reading.Final answer -> {
                    figures.exchange(action, isRepeat, took, answer.kind());
                    return new Answered(answer, isRepeat);
                }
                case Reading.Again(String kind, Optional<Duration> least, boolean mayStillRun) -> {
                    figures.exchange(action, isRepeat, took, Optional.of(kind));
                    if (inCalm >= MOST_IN_CALM) {
                        throw new DidNotHold("no answer, though nothing goes wrong any more: " + kind);
                    }
                    // A request that ends sessions and runs on unseen would end what is made after it.
                    Duration wait = least.orElse(backoff).plus(mayStillRun ? LONGEST_RUN : Duration.ZERO);
                    pause.pause(wait);
                    backoff = backoff.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? backoff.multipliedBy(2)
                            : LONGEST_PAUSE;
                }
            }
        }
    }

    private Reading send(ApiRequest request, boolean isRelayed) throws DidNotHold {
        try {
            return Reading.of(phone.send(request), isRelayed);
        } catch (NoAnswer none) {
            return Reading.of(none);
        }
    }

    private Instant now() {
        return clock.instant();
    }

    private void forgetEnded() {
        sessions.entrySet().removeIf(one -> {
            boolean isOver = !told.isLive(one.getKey());
            if (isOver) {
                one.getValue().close();
            }
            return isOver;
        });
    }

    @Override
    public void close() {
        sessions.values().forEach(LocalStamper::close);
        sessions.clear();
    }
}
