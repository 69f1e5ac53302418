package finance.votis.sessions.turnkey;

import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that says what it is told to, right or wrong; after its last line it says that again. Where that names the fingerprint of the known
 * request, it names the one of the request that was submitted.
 */
final class ScriptedTurnkey implements AutoCloseable {
    private final List<Reply> script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final BlockingHttpServer server;
    private String fingerprint = Given.FINGERPRINT;

    private ScriptedTurnkey(List<Reply> script) {
        this.script = script;
        this.server = BlockingHttpServer.start(BlockingHttpServer.anyPort(), 1 << 20, this::answer);
    }

    static ScriptedTurnkey saying(Reply... script) {
        return new ScriptedTurnkey(List.of(script));
    }

    private synchronized Reply answer(Request request) {
        Reply reply = script.get(Math.min(requests.size(), script.size() - 1));
        requests.add(request);
        notifyAll();
        if (request.path().contains("/submit/")) {
            fingerprint = Fingerprint.of(request.body());
        }
        return reply instanceof Reply.Whole whole ? named(whole) : reply;
    }

    private Reply named(Reply.Whole whole) {
        // Byte for character and back, so that what is no text stays as it is.
        String body = new String(whole.body(), StandardCharsets.ISO_8859_1);
        return new Reply.Whole(
                whole.status(),
                whole.headers(),
                body.replace(Given.FINGERPRINT, fingerprint).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns once so many requests have come in. */
    synchronized void awaitRequests(int count) throws InterruptedException {
        while (requests.size() < count) {
            wait();
        }
    }

    URI url() {
        return server.url();
    }

    List<Request> requests() {
        return requests;
    }

    Request onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError(requests.size() + " requests, not one");
        }
        return requests.getFirst();
    }

    List<String> bodies() {
        return requests.stream()
                .map(request -> new String(request.body(), StandardCharsets.UTF_8))
                .toList();
    }

    List<String> paths() {
        return requests.stream().map(Request::path).toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
