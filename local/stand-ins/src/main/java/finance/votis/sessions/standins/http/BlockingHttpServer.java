package finance.votis.sessions.standins.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A small HTTP/1.1 server: keep-alive, {@code Content-Length} and chunked bodies, {@code Expect: 100-continue}; no
 * compression, no pipelining ahead of an answer. Thread-safe; the handler is called from many threads at once.
 */
public final class BlockingHttpServer implements AutoCloseable {

    /** Answers one request. What it throws becomes a bare 500. */
    @FunctionalInterface
    public interface Handler {
        Reply handle(Request request);
    }

    /** How an answer is held back. */
    @FunctionalInterface
    public interface Waiting {
        void pause(Duration span) throws InterruptedException;
    }

    /** Ends connections that a client forgot; longer than the JDK client's idle limit of 30 s, so that client closes first. */
    private static final Duration IDLE = Duration.ofSeconds(75);

    private static final Duration RETRY = Duration.ofMillis(10);
    private static final int BACKLOG = 256;

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private BlockingHttpServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Loopback, any free port. */
    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** {@link #bind} and {@link #serve} in one. */
    public static BlockingHttpServer start(InetSocketAddress address, int maxBodyBytes, Handler handler) {
        BlockingHttpServer server = bind(address);
        server.serve(maxBodyBytes, handler);
        return server;
    }

    /**
     * Takes the port; who connects waits for {@link #serve}. For a handler that needs the address, or takes long to make.
     *
     * @throws PortInUseException if the address cannot be listened on
     */
    public static BlockingHttpServer bind(InetSocketAddress address) {
        try {
            return bind(address, new ServerSocket());
        } catch (IOException e) {
            throw new PortInUseException(address, e);
        }
    }

    /**
     * The same on a socket of another kind.
     *
     * @param listener of TLS, for one; not bound yet, and closed with the server
     */
    public static BlockingHttpServer bind(InetSocketAddress address, ServerSocket listener) {
        try {
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            closeQuietly(listener);
            throw new PortInUseException(address, e);
        }
        return new BlockingHttpServer(listener);
    }

    /**
     * Answers from the return on; to be called once.
     *
     * @param maxBodyBytes a longer body is answered 413 and the connection closed
     */
    public void serve(int maxBodyBytes, Handler handler) {
        serve(maxBodyBytes, handler, Thread::sleep);
    }

    /**
     * The same, where a test holds the time.
     *
     * @param waiting for {@link Reply.After}; ended by an interrupt when the server is closed
     */
    public void serve(int maxBodyBytes, Handler handler, Waiting waiting) {
        threads.execute(() -> accept(maxBodyBytes, handler, waiting));
    }

    /** Where clients of this machine reach it, without a trailing slash. */
    public URI url() {
        InetAddress bound = listener.getInetAddress();
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : bound.getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + listener.getLocalPort());
    }

    /** Ends every connection at once, answers under way included, and returns when no thread is left. */
    @Override
    public void close() {
        closeQuietly(listener);
        threads.shutdownNow();
        open.forEach(BlockingHttpServer::closeQuietly);
        threads.close();
    }

    private void accept(int maxBodyBytes, Handler handler, Waiting waiting) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                threads.execute(() -> converse(socket, maxBodyBytes, handler, waiting));
            } catch (IOException | RejectedExecutionException e) {
                // Closed, which ends the loop; or out of file handles, which passes.
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
        open.forEach(BlockingHttpServer::closeQuietly);
    }

    private void converse(Socket socket, int maxBodyBytes, Handler handler, Waiting waiting) {
        try (socket) {
            socket.setSoTimeout((int) IDLE.toMillis());
            socket.setTcpNoDelay(true);
            RequestReader requests = new RequestReader(
                    new BufferedInputStream(socket.getInputStream()), socket.getOutputStream(), maxBodyBytes);
            while (!listener.isClosed() && answerOne(socket, requests, handler, waiting)) {
                // As long as the client keeps the connection.
            }
        } catch (IOException e) {
            // The client is gone; nobody is left to be told.
        } finally {
            open.remove(socket);
        }
    }

    private boolean answerOne(Socket socket, RequestReader requests, Handler handler, Waiting waiting)
            throws IOException {
        return switch (requests.next()) {
            case RequestReader.Next.End() -> false;
            case RequestReader.Next.Refused(int status) -> {
                write(socket, Reply.json(status, "{}"), false, false);
                // Closing with bytes unread would send a reset, and the client would lose the answer with it.
                socket.shutdownOutput();
                requests.drain();
                yield false;
            }
            case RequestReader.Next.Came(Request request, boolean keepAlive) ->
                send(
                                socket,
                                answer(request, handler),
                                keepAlive,
                                request.method().equals("HEAD"),
                                waiting)
                        && keepAlive;
        };
    }

    private static Reply answer(Request request, Handler handler) {
        try {
            return handler.handle(request);
        } catch (RuntimeException | Error e) {
            // The message may hold what was sent: type and place have to do.
            System.getLogger(BlockingHttpServer.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "stand-in failed on {0}: {1} at {2}",
                            request,
                            e.getClass().getName(),
                            List.of(e.getStackTrace()).stream().limit(3).toList());
            return Reply.json(500, "{}");
        }
    }

    /** Whether the connection can be used again. */
    private static boolean send(Socket socket, Reply reply, boolean keepAlive, boolean headOnly, Waiting waiting)
            throws IOException {
        return switch (reply) {
            case Reply.Whole whole -> {
                write(socket, whole, keepAlive, headOnly);
                yield true;
            }
            case Reply.Half(Reply.Whole whole) -> {
                OutputStream out = socket.getOutputStream();
                out.write(head(whole, keepAlive));
                out.write(whole.body(), 0, whole.body().length / 2);
                out.flush();
                yield reset(socket);
            }
            case Reply.Reset() -> reset(socket);
            case Reply.After(Duration delay, Reply then) -> {
                try {
                    waiting.pause(delay);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield false;
                }
                yield send(socket, then, keepAlive, headOnly, waiting);
            }
        };
    }

    private static boolean reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return false;
    }

    private static void write(Socket socket, Reply.Whole whole, boolean keepAlive, boolean headOnly)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] head = head(whole, keepAlive);
        int length = headOnly ? 0 : whole.body().length;
        // One write: two would be two packets, and a client's delayed acknowledgement between them costs 40 ms.
        byte[] all = new byte[head.length + length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(whole.body(), 0, all, head.length, length);
        out.write(all);
        out.flush();
    }

    private static byte[] head(Reply.Whole whole, boolean keepAlive) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(whole.status()).append(" \r\n");
        for (Map.Entry<String, String> header : whole.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        head.append("Content-Length: ").append(whole.body().length).append("\r\n");
        head.append("Connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // Closing is all that was wanted.
        }
    }
}
