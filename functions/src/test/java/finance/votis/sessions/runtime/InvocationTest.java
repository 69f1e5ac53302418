package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.scene.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The line of an invocation, as CloudWatch reads metrics out of it. */
class InvocationTest {

    private final List<String> log = new ArrayList<>();
    private long milliseconds;
    private final Platform platform = new Platform(
            () -> Instant.parse("2026-11-23T21:00:00Z"),
            () -> milliseconds * 1_000_000,
            pause -> {},
            SecureRandom::new,
            log::add);
    private final Invocations invocations = new Invocations(InvocationTest.class, SessionKind.READ_WRITE, platform);

    @Test
    void theTimeOfStampingIsOursAndNotTurnkeys() {
        Invocation invocation = begin();
        milliseconds += 7;
        try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom())) {
            invocation.turnkey(new SlowStamper(new LocalStamper(key)), stamper -> {
                milliseconds += 100;
                return stamped(stamper);
            });
        }
        invocation.turnkey(() -> milliseconds += 10);
        invocation.outcome(SessionOutcome.CREATED);

        ObjectNode line = end(invocation);

        assertThat(line.get("milliseconds").longValue()).isEqualTo(147);
        assertThat(line.get("turnkeyMilliseconds").longValue()).isEqualTo(110);
        assertThat(line.get("TurnkeyMilliseconds").longValue()).isEqualTo(110);
        assertThat(line.get("OwnMilliseconds").longValue()).isEqualTo(37);
    }

    @Test
    void whatIsRefusedIsCountedByItsProblemToo() {
        Invocation invocation = begin();
        invocation.note(LogField.PROBLEM, "invalid-field");
        invocation.note(LogField.ORGANIZATION_ID, "o");
        invocation.note(LogField.USER_ID, "u");
        invocation.outcome(SessionOutcome.REFUSED);

        ObjectNode line = end(invocation);

        assertThat(line.get("_aws")).isEqualTo(Scene.json("""
                        {"Timestamp": 1795467600000, "CloudWatchMetrics": [
                          {"Namespace": "TurnkeySessions", "Dimensions": [["kind", "outcome"]], "Metrics": [
                            {"Name": "Sessions", "Unit": "Count"}, {"Name": "ColdStarts", "Unit": "Count"},
                            {"Name": "TurnkeyMilliseconds", "Unit": "Milliseconds"}, {"Name": "OwnMilliseconds", "Unit": "Milliseconds"}]},
                          {"Namespace": "TurnkeySessions", "Dimensions": [["kind", "problem"]], "Metrics": [
                            {"Name": "Sessions", "Unit": "Count"}]}]}
                        """));
        assertThat(line.get("kind").textValue()).isEqualTo("read-write");
        assertThat(line.get("outcome").textValue()).isEqualTo("refused");
    }

    /** Each dimension and each metric is a member of the line: text the one, a number the other. */
    @Test
    void whatIsNamedIsThere() {
        Invocation invocation = begin();
        invocation.note(LogField.PROBLEM, "invalid-field");
        invocation.note(LogField.SESSION, "nightly");
        for (Metric metric : Metric.values()) {
            invocation.measure(metric, 1);
        }
        invocation.outcome(SessionOutcome.REFUSED);

        ObjectNode line = end(invocation);

        for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
            directive
                    .at("/Dimensions/0")
                    .forEach(name ->
                            assertThat(line.path(name.textValue()).isTextual()).isTrue());
            directive
                    .get("Metrics")
                    .forEach(metric -> assertThat(
                                    line.path(metric.get("Name").textValue()).isNumber())
                            .isTrue());
        }
    }

    @Test
    void whatAnAlarmWatchesForIsCountedByItsNameWhateverTheSession() {
        Invocation invocation = begin();
        invocation.alarm("quota");

        ObjectNode line = end(invocation);

        assertThat(line.get("_aws").get("CloudWatchMetrics"))
                .isEqualTo(Scene.json("""
                        {"": [{"Namespace": "TurnkeySessions", "Dimensions": [["event"]], "Metrics": [
                          {"Name": "Alarms", "Unit": "Count"}]}]}
                        """).get(""));
        assertThat(line.get("event").textValue()).isEqualTo("quota");
        assertThat(line.get("level").textValue()).isEqualTo("ERROR");
        assertThat(line.get("Alarms").longValue()).isEqualTo(1);
    }

    /** As the template sets it: what one stack does is no matter of another's alarms. */
    @Test
    void metricsAreCountedWhereTheEnvironmentSays() {
        assertThat(Platform.real(Map.of("METRICS_NAMESPACE", "TurnkeySessions/stack"))
                        .metricsNamespace())
                .isEqualTo("TurnkeySessions/stack");
        Platform own = new Platform(
                platform.clock(),
                platform.nanoTime(),
                platform.waiting(),
                platform.random(),
                platform.log(),
                "TurnkeySessions/stack");
        Invocation invocation =
                new Invocations(InvocationTest.class, SessionKind.READ_WRITE, own).begin(Scene.context(), "request-1");
        invocation.alarm("quota");

        assertThat(end(invocation).at("/_aws/CloudWatchMetrics/0/Namespace").textValue())
                .isEqualTo("TurnkeySessions/stack");
    }

    @Test
    void aSecondInvocationIsNoColdStartAndSaysSo() {
        end(begin());
        Invocation second = begin();
        second.sessions(4);
        second.kind(SessionKind.LOGIN);
        second.outcome(SessionOutcome.REVOKED);

        ObjectNode line = end(second);

        assertThat(line.get("ColdStarts").longValue()).isZero();
        assertThat(line.get("Sessions").longValue()).isEqualTo(4);
        assertThat(line.get("kind").textValue()).isEqualTo("login");
    }

    private Invocation begin() {
        return invocations.begin(Scene.context(), "request-1");
    }

    private ObjectNode end(Invocation invocation) {
        invocation.end();
        return Scene.json(log.getLast());
    }

    private static Stamp stamped(Stamper stamper) {
        try {
            return stamper.stamp(new byte[] {1});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As one whose key lies elsewhere. */
    private final class SlowStamper implements Stamper {
        private final Stamper inner;

        SlowStamper(Stamper inner) {
            this.inner = inner;
        }

        @Override
        public P256PublicKey publicKey() {
            return inner.publicKey();
        }

        @Override
        public Stamp stamp(byte[] body) throws IOException {
            milliseconds += 30;
            return inner.stamp(body);
        }
    }
}
