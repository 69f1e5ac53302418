package finance.votis.sessions.runner.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.outsiders.Leaks;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** The demo as it ships: the packaged functions in processes of their own, the template, real sockets. */
class DemoIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** All in one run: it takes seconds. */
    @Test
    void itHoldsAndNoSecretOfTheRunIsInAnythingThatItWrites() throws Exception {
        StringWriter screen = new StringWriter();
        Everything everything = new Everything();
        ByteArrayOutputStream standard = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        int exit;
        try (PrintStream capture = new PrintStream(standard, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            System.setErr(capture);
            exit = Demo.run(
                    Template.parse("template.yaml", Checkout.template(), Checkout.root()),
                    Optional.empty(),
                    Checkout.workspace(folder),
                    new Screen(new PrintWriter(screen), false, true),
                    InstantSource.system(),
                    everything);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }

        assertThat(exit).as(screen + String.join("\n", everything.lines)).isZero();
        assertThat(screen.toString())
                .contains("urn:votis:sessions:problem:not-yours", "urn:votis:sessions:problem:invalid-field")
                .contains("{\"message\":\"Unauthorized\"}")
                .contains("All 28 steps held")
                .doesNotContain("✗");
        assertThat(everything.lines).as("the functions' log lines").hasSizeGreaterThanOrEqualTo(5);
        assertThat(everything.leaks.names())
                .contains(
                        "the phone's target key",
                        "the phone's session key",
                        "the phone's bundle",
                        "the phone's stamp",
                        "the server session's key",
                        "the server session's secret, wrapped",
                        "a passkey's key",
                        "Ada's access token",
                        "the read-only session",
                        "company key Delegate",
                        "company key NightlyAdmin");
        assertThat(everything.leaks.in(
                        screen + String.join("\n", everything.lines) + standard.toString(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    /** Collects secrets and log lines. */
    private static final class Everything implements Witness {
        private final Leaks leaks = new Leaks();
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private @Nullable RunningStack stack;

        @Override
        public void stack(RunningStack running) {
            stack = running;
            DemoWorld world = running.turnkey().demo();
            leaks.addHex("the parent's root key", world.rootKey().dangerouslyPrivateKeyHex());
            running.dangerouslyCompanyKeys().forEach((name, scalar) -> leaks.add("company key " + name, scalar));
            for (DemoWorld.Customer customer : world.customers()) {
                leaks.addHex("a key of " + customer.userId(), customer.userKey().dangerouslyPrivateKeyHex());
                leaks.add("a passkey's key", customer.passkey().dangerouslyCopyScalar());
            }
            for (String secretKey : running.dangerouslyFunctionSecretKeys()) {
                leaks.addText("a function's secret access key " + secretKey.hashCode(), secretKey);
            }
        }

        @Override
        public void secret(String name, byte[] secret) {
            leaks.add(name, secret);
            if (name.equals("the server session's key")) {
                addStored(Objects.requireNonNull(stack));
            }
        }

        private void addStored(RunningStack running) {
            try {
                String stored = running.account().currentSecret(running.output("NightlySessionSecretArn"));
                leaks.addText(
                        "the server session's secret, wrapped",
                        JSON.readTree(stored).path("wrapped").asText());
            } catch (IOException | TemplateException | SecretsManagerException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void line(String function, String line) {
            lines.add(line);
        }
    }
}
