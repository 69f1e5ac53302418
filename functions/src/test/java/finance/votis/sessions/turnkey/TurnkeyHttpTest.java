package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network and the machines on the way can do to a call. */
class TurnkeyHttpTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final Given.StillTime time = new Given.StillTime();
    private final Deadline deadline = time.deadline(Duration.ofSeconds(20));

    @AutoClose
    private final HttpClient http = TurnkeyHttp.newClient();

    @AutoClose
    private final LocalStamper stamper = Given.stamper();

    private Answer<ReadWriteSession> create(URI url, Deadline until) {
        TurnkeyClient client = Given.client(url, http, time);
        return client.createReadWriteSession(
                client.readWriteSession(Given.ORGANIZATION, Given.phoneSession()), stamper, until);
    }

    private Answer<ReadWriteSession> create(ScriptedTurnkey turnkey) {
        return create(turnkey.url(), deadline);
    }

    private static Reply.Whole created() {
        return Given.completed(Given.readWriteResult());
    }

    static List<Reply> passingTroubles() {
        return List.of(
                new Reply.Reset(),
                new Reply.Half(created()),
                Given.errorWithoutCode(500, "internal server error"),
                Reply.of(502, "text/html", "<html>Bad gateway</html>".getBytes(StandardCharsets.UTF_8)),
                Reply.of(503, "text/plain", new byte[0]),
                Reply.json(504, "{}"));
    }

    @ParameterizedTest
    @MethodSource("passingTroubles")
    void aPassingTroubleIsMetWithTheSameBytesAgain(Reply trouble) throws Exception {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(trouble, trouble, trouble, created())) {
            Given.completed(create(turnkey));

            assertThat(turnkey.requests()).hasSize(4);
            assertThat(new HashSet<>(turnkey.bodies())).hasSize(1);
            for (Request request : turnkey.requests()) {
                assertThat(Stamp.parse(request.header("X-Stamp").orElseThrow()).signs(request.body()))
                        .isTrue();
            }
            assertThat(time.pauses())
                    .containsExactly(Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));
        }
    }

    @ParameterizedTest
    @MethodSource("passingTroubles")
    void aTroubleThatStaysEndsAfterFourSends(Reply trouble) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(trouble)) {
            Answer<ReadWriteSession> answer = create(turnkey);
            if (trouble instanceof Reply.Whole whole) {
                Answer.Refused<?> refused = Given.refused(answer);
                assertThat(refused.refusal()).isEqualTo(Refusal.INTERNAL);
                assertThat(refused.status()).isEqualTo(whole.status());
            } else {
                // The JDK's words for "reset" differ by moment.
                assertThat(answer)
                        .isInstanceOfSatisfying(
                                Answer.Unreachable.class,
                                lost -> assertThat(lost.exception()).startsWith("java."));
            }
            assertThat(turnkey.requests()).hasSize(4);
        }
    }

    @Test
    void nobodyListening() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        assertThat(create(URI.create("http://127.0.0.1:" + port), deadline))
                .isEqualTo(new Answer.Unreachable<>(
                        "java.net.ConnectException caused by java.nio.channels.ClosedChannelException"));
        assertThat(time.pauses()).hasSize(3);
    }

    @Test
    void aHostThatDoesNotExist() {
        assertThat(create(URI.create("http://turnkey.invalid"), deadline))
                .isEqualTo(new Answer.Unreachable<>(
                        "java.net.ConnectException caused by java.nio.channels.UnresolvedAddressException"));
    }

    /** A pooled connection that the other side closed meanwhile, as after a frozen function wakes. */
    @Test
    void aConnectionThatWentStaleIsReplaced() throws Exception {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(created(), new Reply.Reset(), created())) {
            Given.completed(create(turnkey));
            Given.completed(create(turnkey));
            assertThat(turnkey.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void noAnswerIsTooSlowInsideTheDeadline(int answered) {
        Reply silent = new Reply.After(NEVER, created());
        Reply[] script = answered == 1 ? new Reply[] {silent} : new Reply[] {Given.pending(), silent};
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(script)) {
            assertThat(create(turnkey.url(), Deadline.after(Duration.ofMillis(500))))
                    .isEqualTo(new Answer.TooSlow<>(Optional.of(Given.ACTIVITY).filter(known -> answered == 2)));
            assertThat(turnkey.requests()).hasSizeLessThanOrEqualTo(answered);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Timeout(60)
    void anExchangeThatStallsLeavesTimeForTheSameBytesAgain(int stalls) {
        List<Reply> script = new ArrayList<>(Collections.nCopies(stalls, new Reply.After(NEVER, created())));
        script.add(created());
        AtomicInteger begun = new AtomicInteger();
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(script.toArray(Reply[]::new))) {
            TurnkeyHttp stalling = new TurnkeyHttp(turnkey.url(), http, (exchange, longest) -> {
                if (begun.incrementAndGet() > stalls) {
                    return exchange.get();
                }
                turnkey.awaitRequests(begun.get());
                time.pause(longest);
                throw new TimeoutException();
            });
            TurnkeyClient client = Given.client(stalling, time);
            Given.completed(client.createReadWriteSession(
                    client.readWriteSession(Given.ORGANIZATION, Given.phoneSession()),
                    stamper,
                    time.deadline(Duration.ofSeconds(9))));

            assertThat(turnkey.requests()).hasSize(stalls + 1);
            assertThat(new HashSet<>(turnkey.bodies())).hasSize(1);
            assertThat(time.pauses())
                    .startsWith(Duration.ofSeconds(4), Duration.ofMillis(200))
                    .hasSize(2 * stalls);
        }
    }

    /** The JDK's own request timeout would not end this: it only counts to the headers. */
    @Test
    void aBodyThatStopsHalfwayIsTooSlowInsideTheDeadline() throws Exception {
        try (ServerSocket turnkey = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> {
                try (Socket socket = turnkey.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"activity\":"
                                    .getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().readAllBytes();
                } catch (IOException gone) {
                    // The client hung up, which is what ends this.
                }
            });
            assertThat(create(
                            URI.create("http://127.0.0.1:" + turnkey.getLocalPort()),
                            Deadline.after(Duration.ofMillis(500))))
                    .isEqualTo(new Answer.TooSlow<>(Optional.empty()));
            // It hung up on the server, too.
            assertThat(server.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void aRepeatThatIsInterruptedEndsWithWhatIsKnown() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(new Reply.Reset())) {
            TurnkeyClient client = Given.client(turnkey.url(), http, span -> {
                throw new InterruptedException();
            });
            assertThat(client.whoami(Given.ORGANIZATION, stamper, deadline)).isInstanceOf(Answer.Unreachable.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @Test
    void nothingIsSentWhenTheTimeIsOverAlready() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(created())) {
            assertThat(create(turnkey.url(), time.deadline(Duration.ZERO)))
                    .isEqualTo(new Answer.TooSlow<>(Optional.empty()));
            assertThat(turnkey.requests()).isEmpty();
        }
    }

    /** A clear answer is worth more than a repeat that cannot end in time. */
    @Test
    void noRepeatIsBegunThatTheDeadlineWouldCut() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(new Reply.Reset())) {
            assertThat(create(turnkey.url(), time.deadline(Duration.ofMillis(399))))
                    .isInstanceOf(Answer.Unreachable.class);
            assertThat(turnkey.requests()).hasSize(1);
            assertThat(time.pauses()).isEmpty();
        }
    }

    @Test
    void anInterruptEndsTheExchangeAndStaysSet() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(new Reply.After(NEVER, created()))) {
            Thread.currentThread().interrupt();
            Answer<ReadWriteSession> answer = create(turnkey.url(), deadline);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(answer).isEqualTo(new Answer.TooSlow<>(Optional.empty()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        try (ScriptedTurnkey elsewhere = ScriptedTurnkey.saying(created());
                ScriptedTurnkey turnkey =
                        ScriptedTurnkey.saying(Reply.json(status, "{}").with("Location", elsewhere.url() + "/"))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.Unreadable<>("status " + status));
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    404 | text/html; charset=utf-8 | <!doctype html> | status 404, text/html, body is not one JSON object
                    403 | Text/Plain               | no              | status 403, text/plain, body is not one JSON object
                    200 | application/json         | ['not','json']  | status 200, application/json, body is not one JSON object
                    200 | application/json         | {"activity":{}  | status 200, application/json, body is not one JSON object
                    200 | application/json         | {} {}           | status 200, application/json, body is not one JSON object
                    200 | application/json         | {"a":1,"a":1}   | status 200, application/json, body is not one JSON object
                    200 | application/json         | []              | status 200, application/json, body is not one JSON object
                    200 | application/json         | null            | status 200, application/json, body is not one JSON object
                    200 | a"b; <c>                 | x               | status 200, no media type, body is not one JSON object
                    204 | application/json         | {}              | status 204
                    """)
    void whatIsNotTurnkeysFormIsUnreadableAndNotSentAgain(int status, String type, String body, String why) {
        byte[] bytes = status == 204 ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Reply.of(status, type, bytes))) {
            assertThat(create(turnkey)).isEqualTo(new Answer.Unreadable<>(why));
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @Test
    void anEmptyBodyIsUnreadable() {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Reply.of(200, "application/json", new byte[0]))) {
            assertThat(create(turnkey)).isInstanceOf(Answer.Unreadable.class);
        }
    }

    @Test
    void nestingBeyondTheBoundIsUnreadable() {
        String deep = "{\"a\":".repeat(33) + "1" + "}".repeat(33);
        assertThat(why(Given.ok(deep))).endsWith("body is not one JSON object");
    }

    @Test
    void aStringBeyondTheBoundIsUnreadable() {
        String answer = Given.activity("COMPLETED", Given.readWriteResult());
        assertThat(why(Given.ok(answer.replace("not for the log", "x".repeat(Json.MAX_STRING + 1)))))
                .endsWith("body is not one JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "ISO-8859-1"})
    void anotherEncodingThanUtf8IsUnreadable(String charset) {
        byte[] body = Given.activity("COMPLETED", Given.readWriteResult())
                .replace("not for the log", "Zoë")
                .getBytes(Charset.forName(charset));
        assertThat(why(Reply.of(200, "application/json", body))).endsWith("body is not one JSON object");
    }

    private String why(Reply.Whole answer) {
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(answer)) {
            if (create(turnkey) instanceof Answer.Unreadable<?>(String why)) {
                return why;
            }
            throw new AssertionError("was read");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "1000000, false"})
    void aBodyUpToTheBoundIsReadAndALongerOneIsNot(int over, boolean read) {
        byte[] answer = created().body();
        byte[] padded = new byte[StampedCalls.Kind.SUBMISSION.longestBody + over];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(answer, 0, padded, 0, answer.length);
        try (ScriptedTurnkey turnkey = ScriptedTurnkey.saying(Reply.of(200, "application/json", padded))) {
            if (read) {
                Given.completed(create(turnkey));
            } else {
                assertThat(create(turnkey)).isEqualTo(new Answer.Unreadable<>("status 200, body over the bound"));
            }
            assertThat(turnkey.requests()).hasSize(1);
        }
    }

    @Test
    void oneConnectionServesCallAfterCall() throws Exception {
        Set<Integer> ports = new HashSet<>();
        try (ServerSocket turnkey = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            byte[] body = created().body();
            Thread server = Thread.ofVirtual().start(() -> {
                try (Socket socket = turnkey.accept()) {
                    ports.add(socket.getPort());
                    for (int i = 0; i < 3; i++) {
                        readRequest(socket);
                        socket.getOutputStream()
                                .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII));
                        socket.getOutputStream().write(body);
                    }
                } catch (IOException broken) {
                    throw new AssertionError(broken);
                }
            });
            for (int i = 0; i < 3; i++) {
                Given.completed(create(URI.create("http://127.0.0.1:" + turnkey.getLocalPort()), deadline));
            }
            server.join();
            assertThat(ports).hasSize(1);
        }
    }

    private static void readRequest(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head.toString())
                .startsWith("POST ")
                .contains(" HTTP/1.1\r\n")
                .doesNotContain("h2c");
        int length = Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        socket.getInputStream().readNBytes(length);
    }

    @Test
    void pausesDoubleUpToABoundAndAreSpread() {
        Backoff plain = new Backoff(() -> () -> 0L);
        assertThat(plain.pause(Duration.ofMillis(200), 0)).isEqualTo(Duration.ofMillis(200));
        assertThat(plain.pause(Duration.ofMillis(200), 3)).isEqualTo(Duration.ofMillis(1_600));
        assertThat(plain.pause(Duration.ofMillis(200), 1_000)).isEqualTo(Duration.ofSeconds(5));

        Random random = new Random(7);
        Backoff spread = new Backoff(() -> random);
        Set<Duration> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Duration pause = spread.pause(Duration.ofMillis(200), 0);
            assertThat(pause).isBetween(Duration.ofMillis(200), Duration.ofMillis(300));
            seen.add(pause);
            assertThat(spread.secondsAfterLimit()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
        }
        assertThat(seen).hasSizeGreaterThan(50);
    }
}
