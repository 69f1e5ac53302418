package finance.votis.sessions.standins.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockingHttpServerTest {
    private static final int LIMIT = 1000;

    private final Set<Request> seen = ConcurrentHashMap.newKeySet();
    private volatile Function<Request, Reply> answer = r -> Reply.json(200, "{\"length\":" + r.body().length + "}");
    private final BlockingHttpServer server =
            BlockingHttpServer.start(BlockingHttpServer.anyPort(), LIMIT, this::handle);
    private final HttpClient client = HttpClient.newHttpClient();

    private Reply handle(Request request) {
        seen.add(request);
        return answer.apply(request);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void aRequestArrivesAsItWasSent() throws Exception {
        HttpResponse<String> response = client.send(
                to("/a/b%20c?d=e")
                        .header("X-Stamp", "one")
                        .header("X-Stamp", "two")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"length\":2}");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        Request request = seen.iterator().next();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/a/b%20c?d=e");
        assertThat(request.path()).isEqualTo("/a/b%20c");
        assertThat(request.headers("x-STAMP")).containsExactly("one", "two");
        assertThat(request.header("absent")).isEmpty();
        assertThat(request.body()).isEqualTo("{}".getBytes(UTF_8));
    }

    @Test
    void aChunkedBodyIsPutTogether() throws Exception {
        HttpRequest request = to("/").POST(
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[LIMIT])))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("{\"length\":1000}");
    }

    @Test
    void aClientThatExpectsContinueGetsIt() throws Exception {
        HttpRequest request = to("/").expectContinue(true)
                .POST(BodyPublishers.ofString("abc"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("{\"length\":3}");
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        HttpRequest known =
                to("/").POST(BodyPublishers.ofByteArray(new byte[LIMIT + 1])).build();
        HttpRequest chunked = to("/").POST(
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[LIMIT + 1])))
                .build();
        assertThat(client.send(known, BodyHandlers.discarding()).statusCode()).isEqualTo(413);
        assertThat(client.send(chunked, BodyHandlers.discarding()).statusCode()).isEqualTo(413);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /,400",
        "GET / HTTP/2.0,505",
        "GET nowhere HTTP/1.1,400",
        "GET / HTTP/1.1|no colon,400",
        "GET / HTTP/1.1|Space : x,400",
        "POST / HTTP/1.1|Content-Length: -1,400",
        "POST / HTTP/1.1|Content-Length: 1|Content-Length: 1,400",
        "POST / HTTP/1.1|Content-Length: 1|Transfer-Encoding: chunked,400",
        "POST / HTTP/1.1|Transfer-Encoding: gzip,400",
        "POST / HTTP/1.1|Transfer-Encoding: chunked||zz,400"
    })
    void whatIsNotHttpIsRefusedAndTheConnectionClosed(String lines, int status) throws Exception {
        assertThat(raw(lines.replace("|", "\r\n") + "\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
        assertThat(seen).isEmpty();
    }

    @Test
    void twoRequestsShareAConnectionAndCloseEndsIt() throws Exception {
        String both = raw("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
        assertThat(both.split("HTTP/1.1 200", -1)).hasSize(3);
        assertThat(both).containsOnlyOnce("{\"length\":0}");
    }

    @Test
    void aResetIsAResetAndNotAnEnd() throws Exception {
        answer = r -> new Reply.Reset();
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void halfABodyIsAnnouncedWhole() throws Exception {
        answer = r -> new Reply.Half(Reply.json(200, "12345678"));
        assertThatThrownBy(() -> client.send(to("/").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            byte[] got = new byte[1024];
            int length = 0;
            try {
                for (int n = 0; n >= 0; n = socket.getInputStream().read(got, length, got.length - length)) {
                    length += n;
                }
            } catch (SocketException e) {
                // The reset may overtake the half body on its way to us; then nothing more can be said.
                return;
            }
            assertThat(new String(got, 0, length, UTF_8))
                    .contains("Content-Length: 8")
                    .endsWith("1234");
        }
    }

    @Test
    void aDelayOutlastsTheClientAndEndsWithTheServer() {
        answer = r -> new Reply.After(Duration.ofHours(1), Reply.json(200, "late"));
        assertThatThrownBy(() ->
                        client.send(to("/").timeout(Duration.ofMillis(100)).build(), BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        server.close(); // returns: nothing waits the hour
    }

    @Test
    void aDelayOfNothingAnswers() throws Exception {
        answer = r -> new Reply.After(Duration.ZERO, Reply.json(200, "late"));
        assertThat(client.send(to("/").build(), BodyHandlers.ofString()).body()).isEqualTo("late");
    }

    @Test
    void aHandlerThatFailsIsA500AndLoggedWithoutItsMessage() throws Exception {
        failsWith("IllegalStateException", r -> {
            throw new IllegalStateException("secret");
        });
    }

    @Test
    void aHandlerThatEndsInAnErrorIsA500Too() throws Exception {
        failsWith("StackOverflowError", r -> {
            throw new StackOverflowError("secret");
        });
    }

    private void failsWith(String type, Function<Request, Reply> failing) throws Exception {
        answer = failing;
        List<String> logged = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(BlockingHttpServer.class.getName());
        Handler memory = new MemoryHandler(logged);
        logger.addHandler(memory);
        logger.setUseParentHandlers(false);
        try {
            HttpResponse<String> response = client.send(to("/").build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("secret");
        } finally {
            logger.removeHandler(memory);
            logger.setUseParentHandlers(true);
        }
        assertThat(logged).singleElement().asString().contains(type).doesNotContain("secret");
    }

    @Test
    void aBusyPortIsNamed() {
        InetSocketAddress taken =
                new InetSocketAddress(server.url().getHost(), server.url().getPort());
        assertThatThrownBy(() -> BlockingHttpServer.start(taken, LIMIT, answer::apply))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("port " + taken.getPort());
    }

    @Test
    void whoConnectsBeforeItServesIsAnsweredThen() throws Exception {
        try (BlockingHttpServer later = BlockingHttpServer.bind(BlockingHttpServer.anyPort());
                Socket socket = new Socket(later.url().getHost(), later.url().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            later.serve(LIMIT, r -> Reply.json(200, later.url().toString()));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith(later.url().toString());
        }
    }

    @Test
    void aClosedServerIsGoneAndItsPortFree() {
        InetSocketAddress address =
                new InetSocketAddress(server.url().getHost(), server.url().getPort());
        server.close();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        try (BlockingHttpServer again = BlockingHttpServer.start(address, LIMIT, answer::apply)) {
            assertThat(again.url().getPort()).isEqualTo(address.getPort());
        }
    }

    @Test
    void aRequestPrintsWithoutHeadersAndBody() {
        Request request =
                new Request("POST", "/p?token=secret", Map.of("x", List.of("secret")), "secret".getBytes(UTF_8));
        assertThat(request).hasToString("POST /p (6 bytes)");
    }

    private HttpRequest.Builder to(String target) {
        return HttpRequest.newBuilder(server.url().resolve(target));
    }

    private Socket connect() throws IOException {
        return new Socket(server.url().getHost(), server.url().getPort());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static final class MemoryHandler extends Handler {
        private final List<String> lines;

        MemoryHandler(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord record) {
            lines.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
