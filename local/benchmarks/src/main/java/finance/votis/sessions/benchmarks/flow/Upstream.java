package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stand-in behind TLS and a distance: each answer leaves five milliseconds after its request was there, or later if the stand-in takes
 * longer. It adds up that time, which is not the function's own. Thread-safe.
 */
final class Upstream implements AutoCloseable {
    private static final Duration DISTANCE = Duration.ofMillis(5);
    private static final int LONGEST_BODY = 1 << 20;

    /** What a connection of one's own has, and java.net.http makes by itself. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");

    private final URI standIn;
    private final BlockingHttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong spent = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();

    private Upstream(URI standIn, ServerSocket listener) {
        this.standIn = standIn;
        this.server = BlockingHttpServer.bind(BlockingHttpServer.anyPort(), listener);
        server.serve(LONGEST_BODY, this::answer);
    }

    static Upstream before(URI standIn, ServerSocket listener) {
        return new Upstream(standIn, listener);
    }

    URI url() {
        return URI.create("https://" + server.url().getAuthority());
    }

    /** From each request's last byte to its answer, all that there were. */
    long spentNanos() {
        return spent.get();
    }

    long requests() {
        return requests.get();
    }

    private Reply answer(Request request) {
        long begin = System.nanoTime();
        try {
            HttpRequest.Builder forwarded = HttpRequest.newBuilder(standIn.resolve(request.target()))
                    .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
            request.headers().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name)) {
                    values.forEach(value -> forwarded.header(name, value));
                }
            });
            HttpResponse<byte[]> answered = client.send(forwarded.build(), HttpResponse.BodyHandlers.ofByteArray());
            Reply.Whole reply = new Reply.Whole(answered.statusCode(), Map.of(), answered.body());
            for (Map.Entry<String, java.util.List<String>> header :
                    answered.headers().map().entrySet()) {
                if (!OF_THE_CONNECTION.contains(header.getKey())) {
                    reply = reply.with(header.getKey(), header.getValue().getFirst());
                }
            }
            long left = DISTANCE.toNanos() - (System.nanoTime() - begin);
            if (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
            }
            return reply;
        } catch (IOException e) {
            return new Reply.Reset();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new Reply.Reset();
        } finally {
            requests.incrementAndGet();
            spent.addAndGet(System.nanoTime() - begin);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
