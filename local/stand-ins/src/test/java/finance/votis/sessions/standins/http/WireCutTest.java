package finance.votis.sessions.standins.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.http.WireCut.Moment;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.TurnkeyStandIn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One wire to both stand-ins, as a test uses it: each request here is a write, so that its effect can be counted. */
class WireCutTest {
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-23T09:00:00Z"));
    private final SecureRandom random = new SecureRandom();
    private final WireCut wire = new WireCut();

    @AutoClose
    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(clock).wire(wire).start();

    @AutoClose
    private final AwsStandIn aws = AwsStandIn.start(BlockingHttpServer.anyPort(), clock, random, wire);

    private final String secret = aws.createSecret("counted", Optional.empty());

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    private final DemoWorld demo = turnkey.demo();

    /** A new API key for the admin; each call has another one. */
    private void callTurnkey() throws IOException, InterruptedException {
        String body = """
                {"type":"ACTIVITY_TYPE_CREATE_API_KEYS_V2","timestampMs":"%d","organizationId":"%s","parameters":{"userId":"%s","apiKeys":\
                [{"apiKeyName":"a","publicKey":"%s","curveType":"API_KEY_CURVE_P256","expirationSeconds":"900"}]}}""".formatted(
                        clock.millis(),
                        demo.parentId(),
                        demo.adminUserId(),
                        KeyPair.generate(random).publicKey().compressedHex());
        try (var stamper = demo.adminKey().stamper()) {
            send(HttpRequest.newBuilder(turnkey.url().resolve(Endpoint.CREATE_API_KEYS.path()))
                    .header(
                            "X-Stamp",
                            stamper.stamp(body.getBytes(StandardCharsets.UTF_8)).headerValue())
                    .POST(BodyPublishers.ofString(body))
                    .build());
        }
    }

    /** A new version of the secret. */
    private void callAws() throws IOException, InterruptedException {
        String authorization =
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/eu-central-1/secretsmanager/aws4_request, "
                        + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0a".repeat(32);
        send(HttpRequest.newBuilder(URI.create(aws.url() + "/"))
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "secretsmanager.PutSecretValue")
                .header("X-Amz-Date", "20261123T090000Z")
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofString("{\"SecretId\":\"" + secret + "\",\"SecretString\":\"s\","
                        + "\"ClientRequestToken\":\"" + UUID.randomUUID() + "\"}"))
                .build());
    }

    private void send(HttpRequest request) throws IOException, InterruptedException {
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    private int keys() {
        return turnkey.world().apiKeys(demo.adminUserId()).size() - 1;
    }

    private int versions() {
        return aws.requests().size();
    }

    private void assertLost(Call call) {
        assertThatThrownBy(call::make).isInstanceOf(IOException.class);
    }

    @FunctionalInterface
    private interface Call {
        void make() throws IOException, InterruptedException;
    }

    @Test
    void requestsOfBothAreCountedTogether() throws Exception {
        callTurnkey();
        callAws();
        callAws();
        assertThat(wire.count()).isEqualTo(3);
        wire.mend();
        assertThat(wire.count()).isZero();
        callTurnkey();
        assertThat(wire.count()).isOne();
        assertThat(keys()).isEqualTo(2);
        assertThat(versions()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void theOneThatIsCutHasItsEffectOrNotAndNoLaterOneHasAny(Moment moment) throws Exception {
        int effect = moment == Moment.AFTER_EFFECT ? 1 : 0;
        wire.cutAt(3, moment, () -> {});
        callAws();
        callTurnkey();
        assertLost(this::callTurnkey);
        assertThat(keys()).isEqualTo(1 + effect);
        assertLost(this::callAws);
        assertLost(this::callTurnkey);
        assertThat(keys()).isEqualTo(1 + effect);
        assertThat(versions()).isOne();
        assertThat(turnkey.requests()).hasSize(1 + effect);
        assertThat(wire.count()).isEqualTo(5);

        wire.mend();
        callAws();
        callTurnkey();
        assertThat(versions()).isEqualTo(2);
        assertThat(keys()).isEqualTo(2 + effect);
    }

    @ParameterizedTest
    @CsvSource({"BEFORE_EFFECT,0", "AFTER_EFFECT,1"})
    void theWireOfTheOtherIsCutAsWell(Moment moment, int effect) throws Exception {
        wire.cutAt(1, moment, () -> {});
        assertLost(this::callAws);
        assertLost(this::callTurnkey);
        assertThat(versions()).isEqualTo(effect);
        assertThat(keys()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"BEFORE_EFFECT,1", "AFTER_EFFECT,2"})
    void oneAloneCanBeLost(Moment moment, int keys) throws Exception {
        wire.loseOnly(2, moment);
        callAws();
        assertLost(this::callTurnkey);
        callTurnkey();
        callAws();
        assertThat(keys()).isEqualTo(keys);
        assertThat(versions()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"BEFORE_EFFECT,0", "AFTER_EFFECT,1"})
    void whoCutsIsToldOnceAfterTheEffectAndBeforeTheClient(Moment moment, int effect) {
        List<String> order = new ArrayList<>();
        wire.cutAt(1, moment, () -> order.add("cut with " + keys()));
        assertLost(this::callTurnkey);
        order.add("client");
        assertLost(this::callTurnkey);
        assertThat(order).containsExactly("cut with " + effect, "client");
    }

    @Test
    void whoCutsMayEndTheClientFirst() {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread client = Thread.ofVirtual().unstarted(() -> end.complete(catchThrowable(this::callTurnkey)));
        wire.cutAt(1, Moment.AFTER_EFFECT, () -> {
            client.interrupt();
            end.join();
        });
        client.start();

        assertThat(end.join()).isInstanceOf(InterruptedException.class);
        assertThat(keys()).isOne();
    }

    @Test
    void aNewPlanTakesThePlaceOfTheOld() throws Exception {
        wire.cutAt(1, Moment.BEFORE_EFFECT, () -> {});
        assertLost(this::callAws);
        wire.cutAt(2, Moment.BEFORE_EFFECT, () -> {});
        assertThat(wire.count()).isZero();
        callAws();
        assertLost(this::callAws);
    }

    @Test
    void aWatcherSeesAllThatIsSentWhateverBecomesOfIt() throws Exception {
        List<String> shown = new ArrayList<>();
        wire.watch(request -> shown.add(request.method() + " " + request.path()));
        wire.cutAt(1, Moment.BEFORE_EFFECT, () -> {});
        assertLost(this::callAws);
        assertLost(this::callTurnkey);
        assertThat(shown).containsExactly("POST /", "POST " + Endpoint.CREATE_API_KEYS.path());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void countingBeginsWithOne(int n) {
        assertThatIllegalArgumentException().isThrownBy(() -> wire.cutAt(n, Moment.BEFORE_EFFECT, () -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> wire.loseOnly(n, Moment.BEFORE_EFFECT));
    }
}
