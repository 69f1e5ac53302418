package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.turnkey.ClockSkew;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks Turnkey about organisations, no faster than at a given pace. There is no path here that changes anything. For one thread; it does not close
 * its stamper.
 */
final class TurnkeyQueries implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A hundred users with all that they may have. */
    private static final long LONGEST_ANSWER = 8 << 20;

    private static final int MOST_SENDS = 5;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** What can be asked. */
    enum Query {
        LIST_USERS("list_users"),
        LIST_POLICIES("list_policies"),
        GET_ORGANIZATION_CONFIGS("get_organization_configs");

        private final String name;

        Query(String name) {
            this.name = name;
        }
    }

    /** What became of a request that was sent once. */
    private sealed interface Attempt {

        /**
         * The answer.
         *
         * @param json empty: the key that stamps is registered neither there nor in its parent
         */
        record Told(Optional<JsonNode> json) implements Attempt {}

        record Refused(String why) implements Attempt {}

        /**
         * Worth asking again.
         *
         * @param after when Turnkey says to come back
         */
        record NotNow(String why, Optional<Duration> after) implements Attempt {}

        record Unanswered(String why) implements Attempt {}
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
    private final URI turnkey;
    private final LocalStamper stamper;
    private final InstantSource clock;
    private final Waiting waiting;
    private final Duration gap;
    private Optional<Instant> lastBegan = Optional.empty();
    private Optional<Duration> clockOff = Optional.empty();
    private boolean wasAnswered;
    private boolean lastWasSilent;
    private Optional<String> fellSilent = Optional.empty();

    /** @param perSecond how many requests may begin in a second */
    TurnkeyQueries(URI turnkey, LocalStamper stamper, InstantSource clock, Waiting waiting, int perSecond) {
        this.turnkey = turnkey;
        this.stamper = stamper;
        this.clock = clock;
        this.waiting = waiting;
        this.gap = Duration.ofSeconds(1).dividedBy(perSecond);
    }

    /** How far this machine's clock was ahead when it was more than two minutes off, negative if behind. */
    Optional<Duration> clockOff() {
        return clockOff;
    }

    /**
     * Asks again for a while where Turnkey has no time or does not answer.
     *
     * @return empty: the key that stamps is registered neither there nor in its parent
     * @throws NotLookedAtException where Turnkey refuses for another reason, or does not answer any more
     * @throws CannotLookException where Turnkey has never answered
     */
    Optional<JsonNode> ask(Query query, String organizationId) throws NotLookedAtException, CannotLookException {
        if (fellSilent.isPresent()) {
            throw new NotLookedAtException(fellSilent.get());
        }
        byte[] body = ("{\"organizationId\":\"" + organizationId + "\"}").getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(turnkey.resolve("/public/v1/query/" + query.name))
                .header("Content-Type", "application/json")
                .header("X-Stamp", stamper.stamp(body).headerValue())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        for (int sent = 1; ; sent++) {
            keepPace();
            Duration doubled = Duration.ofSeconds(1L << (sent - 1));
            switch (attempt(query, request)) {
                case Attempt.Told(Optional<JsonNode> json) -> {
                    return json;
                }
                case Attempt.Refused(String why) -> throw new NotLookedAtException(why);
                case Attempt.NotNow(String why, Optional<Duration> after) -> {
                    Duration wait = after.orElse(doubled);
                    if (wait.compareTo(LONGEST_WAIT) > 0) {
                        throw new NotLookedAtException(why + ", to be asked again in " + wait.toSeconds() + " s");
                    }
                    if (sent == MOST_SENDS) {
                        throw new NotLookedAtException(why + ", " + MOST_SENDS + " times");
                    }
                    pause(wait);
                }
                case Attempt.Unanswered(String why) -> {
                    if (!wasAnswered) {
                        // More likely a wrong address than a bad moment.
                        throw new CannotLookException(why + ". Is --turnkey right, and the network there?");
                    }
                    if (sent == MOST_SENDS) {
                        // One may have an answer that is too long or takes too long; the next after it shows whether
                        // all are silent.
                        fellSilent = lastWasSilent ? Optional.of(why) : Optional.empty();
                        lastWasSilent = true;
                        throw new NotLookedAtException(why);
                    }
                    pause(doubled);
                }
            }
        }
    }

    private void keepPace() throws CannotLookException {
        if (lastBegan.isPresent()) {
            Duration left = gap.minus(Duration.between(lastBegan.get(), clock.instant()));
            if (left.isPositive()) {
                pause(left.compareTo(gap) > 0 ? gap : left); // more: the clock was set back meanwhile
            }
        }
        lastBegan = Optional.of(clock.instant());
    }

    private void pause(Duration span) throws CannotLookException {
        if (!waiting.paused(span)) {
            throw new CannotLookException("interrupted");
        }
    }

    private Attempt attempt(Query query, HttpRequest request) throws CannotLookException {
        Instant sent = clock.instant();
        // HttpRequest's own timeout ends with the headers, so the wait for the whole is ours.
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        HttpResponse<byte[]> answer;
        try {
            answer = exchange.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            return new Attempt.Unanswered(noAnswer(query, "not within " + PATIENCE.toSeconds() + " s"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                return new Attempt.Unanswered(noAnswer(query, how(broken)));
            }
            throw new IllegalStateException("the HTTP client failed", e.getCause());
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new CannotLookException("interrupted");
        }
        wasAnswered = true;
        lastWasSilent = false;
        Instant answered = clock.instant();
        Optional<Instant> made = answer.headers().firstValue("Date").flatMap(TurnkeyQueries::date);
        Optional<Duration> off = made.flatMap(date -> ClockSkew.overLimit(sent, date, answered));
        if (off.isPresent()) {
            clockOff = off;
        }
        return read(query, answer, made.orElse(answered));
    }

    private static Attempt read(Query query, HttpResponse<byte[]> answer, Instant made) {
        int status = answer.statusCode();
        JsonNode json = json(answer.body());
        if (status == 200) {
            return json.isObject()
                    ? new Attempt.Told(Optional.of(json))
                    : new Attempt.Refused(refused(query, status) + " and no JSON");
        }
        String code = json.at("/details/0/turnkeyErrorCode").asText();
        if (code.equals("PUBLIC_KEY_NOT_FOUND")) {
            return new Attempt.Told(Optional.empty());
        }
        String why = refused(query, status) + (code.matches("[A-Z0-9_]{1,64}") ? " " + code : "");
        // A quota that is used up is a 429 too (Turnkey docs: errors), and does not come back by waiting.
        return status >= 500 || (status == 429 && !code.equals("SIGNING_QUOTA_EXCEEDED"))
                ? new Attempt.NotNow(
                        why, answer.headers().firstValue("Retry-After").flatMap(header -> retryAfter(header, made)))
                : new Attempt.Refused(why);
    }

    /** Missing where it is none: a machine before Turnkey's may answer in any form. */
    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to be read", e);
        }
    }

    private static String refused(Query query, int status) {
        return "Turnkey answered " + query.name + " with " + status;
    }

    private static String noAnswer(Query query, String how) {
        return "Turnkey gave no answer to " + query.name + ": " + how;
    }

    /** No message, which may quote anything; the JDK wraps "no such host" in "cannot connect". */
    private static String how(IOException broken) {
        Throwable first = broken;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first instanceof UnresolvedAddressException
                ? "its host has no address"
                : broken.getClass().getSimpleName();
    }

    /**
     * RFC 9110, section 10.2.3.
     *
     * @param made when the answer was, by the clock that a date in it is of
     */
    private static Optional<Duration> retryAfter(String header, Instant made) {
        if (header.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
        }
        return date(header).map(at -> Duration.between(made, at)).filter(Duration::isPositive);
    }

    /** RFC 9110, section 5.6.7. */
    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
