package finance.votis.sessions.runner.lambda;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The Runtime API for one process, on a port of its own: a poll that a dead process left hanging cannot take an event from the next
 * one. With it goes what a process from a snapshot asks for its credentials.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime API</a>
 */
public final class RuntimeApi implements AutoCloseable {
    /** Lambda's own limit for an answer. */
    private static final int LARGEST_ANSWER = 6_291_556;

    private static final String PREFIX = "/2018-06-01/runtime/";

    private static final String CREDENTIALS = "/credentials";

    private record Event(String requestId, String body, Instant deadline, CompletableFuture<Outcome> outcome) {}

    private final String functionArn;
    private final FunctionSettings.Account account;
    private final String credentialsToken = UUID.randomUUID().toString();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Event> current = new AtomicReference<>();
    private final CompletableFuture<Optional<Outcome.InitFailed>> ready = new CompletableFuture<>();
    private final CompletableFuture<Optional<Outcome.InitFailed>> checkpoint = new CompletableFuture<>();
    private final CountDownLatch restore = new CountDownLatch(1);
    private final BlockingHttpServer server;

    /** @param account whose credentials a process from a snapshot is given */
    public RuntimeApi(String functionArn, FunctionSettings.Account account) {
        this.functionArn = functionArn;
        this.account = account;
        // Twice the limit, so that it is here that a larger answer is refused, and the function told.
        server = BlockingHttpServer.start(BlockingHttpServer.anyPort(), 2 * LARGEST_ANSWER, this::answer);
    }

    /** {@code host:port}. */
    public String address() {
        return server.url().getAuthority();
    }

    String credentialsUrl() {
        return server.url() + CREDENTIALS;
    }

    /** What the process shows there. */
    String credentialsToken() {
        return credentialsToken;
    }

    /** Completed when the hooks before the snapshot have run, or with what the process says went wrong before. */
    public CompletableFuture<Optional<Outcome.InitFailed>> checkpoint() {
        return checkpoint;
    }

    /** Lets a process go on that waits at its {@link #checkpoint}. */
    public void restore() {
        restore.countDown();
    }

    /** Completed when the process asks for its first event, or with what it says went wrong before. */
    public CompletableFuture<Optional<Outcome.InitFailed>> ready() {
        return ready;
    }

    /** One at a time: the next only once the one before is completed. */
    public CompletableFuture<Outcome> invoke(String requestId, String body, Instant deadline) {
        Event event = new Event(requestId, body, deadline, new CompletableFuture<>());
        events.add(event);
        return event.outcome();
    }

    private Reply answer(Request request) {
        String path = request.path();
        String call =
                request.method() + " " + (path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "elsewhere");
        String body = new String(request.body(), StandardCharsets.UTF_8);
        Event event = current.get();
        if (call.equals("GET invocation/next")) {
            return next();
        }
        if (call.equals("GET restore/next")) {
            return restoreNext();
        }
        if (call.equals("POST init/error") || call.equals("POST restore/error")) {
            Optional<Outcome.InitFailed> failed = Optional.of(new Outcome.InitFailed(errorType(request), body));
            checkpoint.complete(failed);
            ready.complete(failed);
            return accepted();
        }
        if (request.method().equals("GET") && path.equals(CREDENTIALS)) {
            return credentials(request);
        }
        if (event != null && call.equals("POST invocation/" + event.requestId() + "/response")) {
            if (request.body().length > LARGEST_ANSWER) {
                event.outcome()
                        .complete(
                                new Outcome.Failed(
                                        "Function.ResponseSizeTooLarge",
                                        "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload size exceeded maximum allowed payload size (6291556 bytes).\"}"));
                return Reply.json(413, "{\"errorType\":\"RequestEntityTooLarge\"}");
            }
            event.outcome().complete(new Outcome.Answered(body));
            return accepted();
        }
        if (event != null && call.equals("POST invocation/" + event.requestId() + "/error")) {
            event.outcome().complete(new Outcome.Failed(errorType(request), body));
            return accepted();
        }
        return call.startsWith("POST invocation/")
                ? Reply.json(400, "{\"errorType\":\"InvalidRequestID\",\"errorMessage\":\"Invalid request ID\"}")
                : Reply.json(404, "{\"errorType\":\"InvalidPath\",\"errorMessage\":\"Not played here\"}");
    }

    private Reply restoreNext() {
        checkpoint.complete(Optional.empty());
        try {
            restore.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new Reply.Reset();
        }
        return Reply.json(200, "{}");
    }

    private Reply credentials(Request request) {
        if (!request.header("Authorization").equals(Optional.of(credentialsToken))) {
            return Reply.json(401, "{}");
        }
        // Lambda's end in hours, and nothing here runs so long.
        return Reply.json(
                200,
                "{\"AccessKeyId\":\"" + account.accessKeyId() + "\",\"SecretAccessKey\":\""
                        + account.secretAccessKey()
                        + "\",\"Token\":\"local\",\"Expiration\":\"9999-12-31T23:59:59Z\"}");
    }

    /** Holds the poll for as long as there is nothing to do; the client's native half does not survive a 5xx here. */
    private Reply next() {
        ready.complete(Optional.empty());
        Event event;
        try {
            event = events.take();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new Reply.Reset();
        }
        current.set(event);
        return Reply.json(200, event.body())
                .with("Lambda-Runtime-Aws-Request-Id", event.requestId())
                .with(
                        "Lambda-Runtime-Deadline-Ms",
                        Long.toString(event.deadline().toEpochMilli()))
                .with("Lambda-Runtime-Invoked-Function-Arn", functionArn)
                .with("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0");
    }

    private static String errorType(Request request) {
        return request.header("Lambda-Runtime-Function-Error-Type").orElse("Unknown");
    }

    private static Reply accepted() {
        return Reply.json(202, "{\"status\":\"OK\"}");
    }

    /** Only once the process is dead. */
    @Override
    public void close() {
        server.close();
    }
}
