package finance.votis.sessions.runtime;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import javax.net.ssl.X509TrustManager;

/**
 * Whole invocations of a function, from the event's JSON to the answer's, so that the first real one finds its classes
 * loaded and, before a snapshot, its code compiled. They are played by other instances of the function, which are thrown away: of what those knew, drew or held open the function that
 * goes into the snapshot never had anything. Its environment is the function's own, with counterparts on loopback in place of whom it
 * talks to; its clock stands still at {@value #EPOCH_SECOND}; its log lines are looked at and not written.
 *
 * @param input what the handler takes, and {@code output} what it gives: Lambda binds JSON by these
 * @param make the function's constructor
 * @param overrides variables that the events need otherwise than an operator may have set them
 * @param events JSON; each must be served without a refusal or a failure
 */
public record Rehearsal<I, O>(
        Class<? super I> input,
        Class<? super O> output,
        BiFunction<Map<String, String>, Platform, RequestHandler<I, O>> make,
        Map<String, String> overrides,
        List<ObjectNode> events,
        List<Counterpart> counterparts) {

    /** 2026-11-23T21:00:00Z: any time will do, but it must be the same each time. */
    public static final long EPOCH_SECOND = 1_795_467_600;

    static final String HTTP_DATE = "Mon, 23 Nov 2026 21:00:00 GMT";

    private static final Duration AMPLE = Duration.ofSeconds(30);

    /**
     * Before a snapshot: with whoever speaks TLS over TLS. Nothing is left open, and no property stays set.
     *
     * @param times the JVM compiles a method that ran some hundred times
     * @throws ExplainedException if an event was not served
     */
    void playBeforeSnapshot(Map<String, String> environment, Platform platform, int times) throws IOException {
        play(environment, platform, Optional.of(LoopbackAuthority.make(platform.random())), times);
    }

    /**
     * In an initialisation that somebody waits for: once, and in the clear, as the function is about to shake hands with the real ones. No
     * property is set, since a call may come while it still goes on; whoever starts so has its role's keys in variables.
     *
     * @throws ExplainedException if an event was not served
     */
    void playBeforeFirstCall(Map<String, String> environment, Platform platform) throws IOException {
        play(environment, platform, Optional.empty(), 1);
    }

    private void play(
            Map<String, String> environment, Platform platform, Optional<LoopbackAuthority> authority, int times)
            throws IOException {
        Map<String, String> rehearsed = new HashMap<>(environment);
        rehearsed.remove(Startup.INITIALIZATION_TYPE);
        // Lets AWS's endpoints be on this machine.
        rehearsed.put("AWS_SAM_LOCAL", "true");
        rehearsed.putAll(overrides);
        Deque<Closeable> open = new ArrayDeque<>();
        List<String> properties = new ArrayList<>();
        try {
            for (Counterpart counterpart : counterparts) {
                LoopbackServer server =
                        LoopbackServer.start(authority.filter(tls -> counterpart.speaksTls()), counterpart);
                open.push(server);
                counterpart
                        .variables()
                        .forEach(name -> rehearsed.put(name, server.url().toString()));
                if (authority.isPresent()) {
                    for (String name : counterpart.properties()) {
                        properties.add(name);
                        System.setProperty(name, server.url().toString());
                    }
                }
            }
            Optional<X509TrustManager> trust = authority.map(LoopbackAuthority::trust);
            for (int played = 0; played < times; played++) {
                playOnce(rehearsed, platform, trust);
            }
        } finally {
            properties.forEach(System::clearProperty);
            for (Closeable one : open) {
                one.close();
            }
        }
    }

    /** By an instance of its own, with connections of its own: what a first call does is done each time. */
    private void playOnce(Map<String, String> environment, Platform platform, Optional<X509TrustManager> trust) {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (Network network = trust.map(Network::trusting).orElseGet(Network::real)) {
            RequestHandler<I, O> function = make.apply(
                    environment,
                    new Platform(
                            InstantSource.fixed(Instant.ofEpochSecond(EPOCH_SECOND)),
                            platform.nanoTime(),
                            platform.waiting(),
                            platform.random(),
                            lines::add,
                            platform.metricsNamespace(),
                            network,
                            platform.checkpoints()));
            for (ObjectNode event : events) {
                serve(event, function);
            }
        }
        check(lines);
    }

    private void serve(ObjectNode event, RequestHandler<I, O> function) {
        PojoSerializer<I> in = serializer(input);
        PojoSerializer<O> out = serializer(output);
        out.toJson(
                function.handleRequest(in.fromJson(Json.text(event)), new RehearsalContext(AMPLE)),
                new ByteArrayOutputStream());
    }

    /** As Lambda's runtime client chooses it; the classes are the runtime's own, none of them is in the zip. */
    @SuppressWarnings("unchecked") // a map's class does not know of what it is a map
    private static <T> PojoSerializer<T> serializer(Class<? super T> type) {
        return (PojoSerializer<T>)
                (LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
                        ? LambdaEventSerializers.serializerFor(type, Rehearsal.class.getClassLoader())
                        : JacksonFactory.getInstance().getSerializer(type));
    }

    private void check(Queue<String> lines) {
        if (lines.size() != events.size()) {
            throw new ExplainedException(lines.size() + " of " + events.size() + " events were served");
        }
        for (String line : lines) {
            ObjectNode said = Json.object(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
            if (said.has(LogField.PROBLEM.memberName())
                    || !said.path("level").asText().equals("INFO")) {
                // Nothing in it is anybody's: the ids are made up here.
                throw new ExplainedException("an event was not served: " + line);
            }
        }
    }
}
