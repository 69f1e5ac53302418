package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.server.MortalNightly.Stores;
import finance.votis.sessions.standins.http.WireCut.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run dies at each of its external calls, and the run after it dies at each of its own: the next whole run ends in a good state.
 *
 * <p>A dead run leaves nothing but the stores, so that cuts which leave the same stores are one case for all that follows. Pairs therefore
 * begin with one cut for each different state of the stores, made after a call: {@link #oneCutAtEachCall} shows for each call that a cut before
 * it leaves what a cut after the call before it leaves.
 */
class ServerSessionCutsTest {

    private static final int THREADS = 2;

    /** For longer than this after a renewal nobody who holds the old session is cut off. */
    private static final Duration GRACE = Duration.ofMinutes(50);

    /** What a run finds. */
    enum Start {
        /** No session yet. */
        FIRST_SESSION,
        /** A session that is to be renewed, and one before it whose grace is over, so that its key is to be deleted. */
        RENEWAL,
        /** The same, with the admin's key in KMS. */
        RENEWAL_STAMPED_IN_KMS
    }

    /** @param gap between two runs; after more than fifty minutes a request is not sent again, its activity is looked for */
    record Story(Start start, Duration gap) {}

    static Stream<Story> stories() {
        // Where the admin's key lies changes no store.
        return Stream.of(Start.FIRST_SESSION, Start.RENEWAL)
                .flatMap(start -> Stream.of(1, 56).map(minutes -> new Story(start, Duration.ofMinutes(minutes))));
    }

    /** What is left by a run that is killed after none, one, two, … and all of its calls. */
    private static final Map<Start, List<Stores>> LEFT = new EnumMap<>(Start.class);

    private static synchronized List<Stores> left(Start start) throws Exception {
        List<Stores> left = LEFT.get(start);
        if (left == null) {
            left = inParallel(0, callsOf(start), calls -> storesAfter(start, calls));
            LEFT.put(start, left);
        }
        return left;
    }

    private static int callsOf(Start start) {
        try (MortalNightly nightly = begin(start)) {
            List<String> calls = nightly.callsOfAWholeRun();
            assertThat(calls).contains("PutSecretValue", "create_read_write_session", "UpdateSecretVersionStage");
            assertThat(calls.contains("delete_api_keys")).isEqualTo(start != Start.FIRST_SESSION);
            assertThat(calls.contains("Sign")).isEqualTo(start == Start.RENEWAL_STAMPED_IN_KMS);
            return calls.size();
        }
    }

    private static Stores storesAfter(Start start, int calls) {
        try (MortalNightly nightly = begin(start)) {
            killAfter(calls, nightly);
            return nightly.stores();
        }
    }

    private static MortalNightly begin(Start start) {
        MortalNightly nightly = new MortalNightly(
                start == Start.RENEWAL_STAMPED_IN_KMS ? ServerSessionCutsTest::keysInKms : Scene::environment);
        if (start != Start.FIRST_SESSION) {
            for (int sessions = 0; sessions < 2; sessions++) {
                assertThat(nightly.run()).containsEntry("status", "created");
                nightly.advance(Duration.ofMinutes(66));
            }
        }
        return nightly;
    }

    /** The admin's key pair is for the test's own questions to Turnkey; the function does not know it. */
    private static Map<String, String> keysInKms(Scene scene) {
        Map<String, String> environment = scene.environmentWithKeysInKms();
        scene.turnkey()
                .world()
                .addApiKey(
                        scene.world().adminUserId(),
                        "test",
                        scene.world().adminKey().publicKey());
        return environment;
    }

    private static void killAfter(int calls, MortalNightly nightly) {
        if (calls > 0) {
            assertThat(nightly.runKilledAt(calls, Moment.AFTER_EFFECT))
                    .as("killed")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneCutAtEachCall(Start start) throws Exception {
        List<Stores> left = left(start);
        List<Stores> leftBefore = inParallel(1, left.size() - 1, call -> {
            try (MortalNightly nightly = begin(start)) {
                assertThat(nightly.runKilledAt(call, Moment.BEFORE_EFFECT))
                        .as("killed")
                        .isEmpty();
                Stores stores = nightly.stores();
                nightly.advance(Duration.ofMinutes(1));
                nightly.assertAllIsWell(nightly.run());
                return stores;
            }
        });
        assertThat(leftBefore).isEqualTo(left.subList(0, left.size() - 1));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void twoCutsAtEachPairOfCalls(Story story) throws Exception {
        List<Integer> first = differentCuts(story.start());
        for (Moment moment : Moment.values()) {
            List<Integer> calls = inParallel(0, first.size() - 1, i -> everySecondCut(story, first.get(i), moment));
            assertThat(calls).as("calls of recoveries").doesNotContain(0);
        }
    }

    /** After how many calls to kill the first run: the least for each different state of the stores. */
    private static List<Integer> differentCuts(Start start) throws Exception {
        List<Stores> left = left(start);
        Set<Stores> known = new HashSet<>();
        return IntStream.range(0, left.size())
                .filter(calls -> known.add(left.get(calls)))
                .boxed()
                .toList();
    }

    /** @return how many calls the recovery has if it is not killed */
    private static int everySecondCut(Story story, int first, Moment moment) {
        for (int second = 1; ; second++) {
            try (MortalNightly nightly = begin(story.start())) {
                killAfter(first, nightly);
                nightly.advance(story.gap());
                Optional<Map<String, String>> whole = nightly.runKilledAt(second, moment);
                if (whole.isPresent()) {
                    nightly.assertAllIsWell(whole.get());
                    return second - 1;
                }
                nightly.advance(story.gap());
                Optional<String> held = nightly.keyOfTheLastWholeRun();
                nightly.assertAllIsWell(nightly.run());
                if (story.gap().compareTo(GRACE) < 0) {
                    nightly.assertIsListed(held);
                }
            } catch (Throwable e) {
                throw new AssertionError("killed after call " + first + ", then " + moment + " of call " + second, e);
            }
        }
    }

    /** The process lives and goes on: the SDK and the client send the same again. */
    @ParameterizedTest
    @EnumSource
    void eachCallLostOnce(Start start) throws Exception {
        int calls = callsOf(start);
        for (Moment moment : Moment.values()) {
            inParallel(1, calls, call -> {
                try (MortalNightly nightly = begin(start)) {
                    nightly.assertAllIsWell(nightly.runLosing(call, moment));
                    nightly.advance(Duration.ofMinutes(55));
                    nightly.assertAllIsWell(nightly.run());
                    return call;
                } catch (Throwable e) {
                    throw new AssertionError(moment + " of call " + call, e);
                }
            });
        }
    }

    @FunctionalInterface
    private interface Case<T> {
        T of(int number) throws Exception;
    }

    /** The results of the cases with these numbers, the last one included. */
    private static <T> List<T> inParallel(int first, int last, Case<T> oneCase) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<T>> running = IntStream.rangeClosed(first, last)
                    .mapToObj(number -> threads.submit(() -> oneCase.of(number)))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw e;
        }
    }
}
