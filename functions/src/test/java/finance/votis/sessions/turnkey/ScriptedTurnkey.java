package finance.votis.sessions.turnkey;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that says what it is told to, right or wrong; after its last line it says that again. */
final class ScriptedTurnkey implements AutoCloseable {
    private final List<Reply> script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final BlockingHttpServer server;

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
        return reply;
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
