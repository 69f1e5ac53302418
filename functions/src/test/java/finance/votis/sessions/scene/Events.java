package finance.votis.sessions.scene;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import finance.votis.sessions.contract.EventAnswers;
import finance.votis.sessions.runtime.ExplainedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of {@code events/}, read and answered through Lambda's own serializers. */
public final class Events {

    /** The caller that the files name. */
    public static final String ORGANIZATION = "00000000-0000-4000-8000-00000000000a";

    public static final String USER = "00000000-0000-4000-8000-0000000000a1";

    /** A live session of that user. */
    public static final String SESSION = "00000000-0000-4000-8000-0000000000e1";

    /** What stamps in the files of the relay: Turnkey's own published test key. */
    static final String STAMPED_BY = "02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c16302508870316";

    private static final ClassLoader LOADER = Objects.requireNonNull(Events.class.getClassLoader());

    private Events() {}

    /** What the files that begin so are answered, by name without the ending. */
    public static Map<String, String> answers(String prefix) {
        Map<String, String> page = EventAnswers.read();
        return named(prefix).stream()
                .collect(Collectors.toMap(name -> name, name -> Objects.requireNonNull(page.get(name), name)));
    }

    /** Names of the files that begin so, without their ending. */
    private static Set<String> named(String prefix) {
        try (Stream<Path> files = Files.list(
                Path.of(Objects.requireNonNull(LOADER.getResource("events")).toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives an event of the HTTP API to a handler, and the answer as the gateway would read it. */
    public static APIGatewayV2HTTPResponse callWith(
            String name, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) {
        PojoSerializer<APIGatewayV2HTTPEvent> in =
                LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, LOADER);
        PojoSerializer<APIGatewayV2HTTPResponse> out =
                LambdaEventSerializers.serializerFor(APIGatewayV2HTTPResponse.class, LOADER);
        var answer = new ByteArrayOutputStream();
        out.toJson(Gateway.serve(handler, in.fromJson(open(name)), Scene.context()), answer);
        return out.fromJson(answer.toString(StandardCharsets.UTF_8));
    }

    /** Gives an input to a handler: the status that it answers, or the message that it fails with. */
    public static String runWith(String name, RequestHandler<Map<String, Object>, ? extends Map<String, ?>> handler) {
        try {
            return String.valueOf(
                    handler.handleRequest(input(name), Scene.context()).get("status"));
        } catch (ExplainedException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    /** The input of an invocation that is a plain JSON object. */
    @SuppressWarnings("unchecked") // a JSON object becomes a map with names as keys
    private static Map<String, Object> input(String name) {
        return (Map<String, Object>)
                JacksonFactory.getInstance().getSerializer(Map.class).fromJson(open(name));
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(LOADER.getResourceAsStream("events/" + name + ".json"), name);
    }
}
