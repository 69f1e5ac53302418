package finance.votis.sessions.runner.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.Phone;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The watch as it is deployed: under its role, over the wire, with the lines that the functions' processes wrote. */
class MintWatchIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> WANTED =
            Set.of("ClientSessionFunction", "ReadOnlySessionFunction", "MintWatchFunction");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aSessionThatIsStampedByHandWithTheDelegatesKeyIsToldAndThoseOfTheRoutesAreNot(CompanyKeys kind)
            throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (RunningStack stack = RunningStack.startWith(
                        function -> WANTED.contains(function.handlerClass()),
                        Template.read(Checkout.root().resolve("template.yaml")),
                        Optional.of(kind),
                        Addresses.free(),
                        Checkout.workspace(folder),
                        InstantSource.system(),
                        (function, line) -> lines.add(line));
                Wire wire = new Wire()) {
            stack.ready().join();
            DemoWorld.Customer ada = stack.turnkey().demo().first();
            Phone phone = new Phone(
                    wire, stack.apiUrl(), stack.token("ada", ada.organizationId(), ada.userId()), (name, secret) -> {});
            phone.askForSession(phone.makeKeyPair(new SecureRandom()).publicKey())
                    .expect(201);
            phone.askForReadOnlySession().expect(201);
            String byHand = byHand(stack, wire, ada);

            JsonNode answer = look(stack);
            // What is of this very second is looked at in the next one.
            for (int looks = 1; looks < 20 && answer.path("sessions").asInt() < 3; looks++) {
                answer = look(stack);
            }

            assertThat(answer.path("sessions").asInt()).isEqualTo(3);
            assertThat(answer.path("status").asText()).isEqualTo("unasked");
            assertThat(answer.path("organizations").asInt()).isEqualTo(3);
            assertThat(answer.path("unasked").asInt()).isEqualTo(1);
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"event\":\"unasked-session\""))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("\"activityId\":\"" + byHand + "\""));
        }
    }

    private static JsonNode look(RunningStack stack) throws Exception {
        Outcome outcome = stack.function("MintWatchFunction").invoke("{}").get().outcome();
        assertThat(outcome).as(outcome.payload()).isInstanceOf(Outcome.Answered.class);
        return JSON.readTree(outcome.payload());
    }

    /** As somebody would who has the key, or the right to have it sign. */
    private static String byHand(RunningStack stack, Wire wire, DemoWorld.Customer ada) throws Exception {
        byte[] body = Phone.turnkeysRequest(
                ada.organizationId(),
                ada.userId(),
                TargetKeyPair.generate(new SecureRandom()).publicKey(),
                InstantSource.system());
        byte[] scalar = Objects.requireNonNull(stack.dangerouslyCompanyKeys().get("Delegate"));
        try (SecretBytes secret = SecretBytes.copyOf(scalar);
                LocalStamper delegate = new LocalStamper(P256PrivateKey.fromScalar(secret))) {
            return wire.post(
                            stack.turnkeyUrl().resolve(Endpoint.CREATE_READ_WRITE_SESSION.path()),
                            Map.of("X-Stamp", delegate.stamp(body).headerValue()),
                            body)
                    .expect(200)
                    .body()
                    .at("/activity/id")
                    .asText();
        }
    }
}
