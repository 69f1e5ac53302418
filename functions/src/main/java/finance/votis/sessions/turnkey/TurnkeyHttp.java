package finance.votis.sessions.turnkey;

import finance.votis.sessions.runtime.Deadline;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Network;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;

/** One POST to Turnkey: what came back, or how it was lost. Safe for use by many threads. */
final class TurnkeyHttp {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(3);
    /** A route has a little over nine seconds: one exchange that stalls must leave time for the same bytes once more. */
    private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(4);

    private static final String CLIENT_VERSION = "votis-turnkey/1.0.0";

    private static final Predicate<String> PRINTABLE =
            Pattern.compile("[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,40}").asMatchPredicate();

    private final URI baseUrl;
    private final HttpClient client;
    private final Patience patience;

    /** How to wait for an exchange. */
    @FunctionalInterface
    interface Patience {
        HttpResponse<Optional<byte[]>> await(
                CompletableFuture<HttpResponse<Optional<byte[]>>> exchange, Duration longest)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    TurnkeyHttp(URI baseUrl, HttpClient client) {
        this(baseUrl, client, (exchange, longest) -> exchange.get(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    TurnkeyHttp(URI baseUrl, HttpClient client, Patience patience) {
        this.baseUrl = baseUrl;
        this.client = client;
        this.patience = patience;
    }

    /**
     * A client with one connection pool, to be made once per function instance.
     *
     * <p>No redirects: a stamp must not leave its host, and a redirected POST may lose its body. TLS versions are set here, since
     * Lambda's runtime client allows the old ones again for the whole JVM. HTTP/1.1: an instance has one call at a time, so there is
     * nothing to multiplex, and HTTP/2 would load its codecs in every cold start and offer an upgrade on plain connections.
     */
    static HttpClient newClient() {
        return newClient(Network.real());
    }

    /** The same, over this network. */
    static HttpClient newClient(Network network) {
        SSLParameters tls = new SSLParameters();
        tls.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIME)
                .sslParameters(tls);
        network.tls().ifPresent(builder::sslContext);
        return network.holding(builder.build());
    }

    /**
     * Leaves a connection in the pool, which the next request takes. Asks by HEAD, whose answer has no body to read; what it says is no matter.
     *
     * @throws ExplainedException if there was no answer in time
     */
    void connect(Deadline deadline) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(baseUrl + "/")).HEAD().build();
        try {
            client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException late) {
            throw new ExplainedException("Turnkey did not answer in time");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new ExplainedException("Turnkey could not be reached: " + classNames(cause == null ? failed : cause));
        }
    }

    /** The time limit spans connecting, headers and body. An interrupt ends it like the deadline and stays set. */
    Reply post(String path, byte[] body, StampHeader stamp, int longestBody, Deadline deadline) {
        Duration left = deadline.left();
        if (left.isZero()) {
            return new Reply.OutOfTime();
        }
        Duration limit = left.compareTo(LONGEST_EXCHANGE) < 0 ? left : LONGEST_EXCHANGE;
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("X-Client-Version", CLIENT_VERSION)
                .header(stamp.name(), stamp.value())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        // HttpRequest's own timeout ends with the headers, so the wait for the whole is ours.
        CompletableFuture<HttpResponse<Optional<byte[]>>> exchange =
                client.sendAsync(request, head -> new BoundedBody(longestBody));
        try {
            return reply(patience.await(exchange, limit));
        } catch (TimeoutException late) {
            exchange.cancel(true);
            return new Reply.OutOfTime();
        } catch (InterruptedException stopped) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.OutOfTime();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException broken) {
                return new Reply.Lost(classNames(broken));
            }
            throw new IllegalStateException("The HTTP client failed", failed.getCause());
        }
    }

    /** Its own and its first cause's: the JDK wraps "no such host" in "cannot connect". No message, which may quote anything. */
    private static String classNames(Throwable thrown) {
        Throwable first = thrown;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String name = thrown.getClass().getName();
        String firstName = first.getClass().getName();
        return firstName.equals(name) ? name : name + " caused by " + firstName;
    }

    private static Reply reply(HttpResponse<Optional<byte[]>> response) {
        Optional<byte[]> body = response.body();
        if (body.isEmpty()) {
            return new Reply.TooLong(response.statusCode());
        }
        return new Reply.Answered(
                response.statusCode(),
                mediaType(response.headers().firstValue("Content-Type")),
                response.headers().firstValue("Retry-After").flatMap(TurnkeyHttp::seconds),
                response.headers().firstValue("Date").flatMap(TurnkeyHttp::date),
                Json.object(body.get()),
                new String(body.get(), StandardCharsets.UTF_8));
    }

    private static String mediaType(Optional<String> contentType) {
        return contentType
                .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(PRINTABLE)
                .orElse("no media type");
    }

    /** RFC 9110, section 5.6.7. */
    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> seconds(String header) {
        return header.matches("[0-9]{1,5}")
                ? Optional.of(Duration.ofSeconds(Integer.parseInt(header)))
                : Optional.empty();
    }
}
