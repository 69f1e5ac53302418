package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can go wrong goes wrong on request, once, on its path, and with or without an effect as it says. */
class FaultsTest {
    private static final String SESSION = "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2";

    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();
    private final Faults faults = scene.turnkey.faults();
    private final String body = scene.sessionBody(ada.organizationId(), "");

    @AfterEach
    void close() {
        scene.close();
    }

    private Phone.Answer send() throws IOException, InterruptedException {
        return scene.phone.post(Endpoint.CREATE_READ_WRITE_SESSION, ada.userKey(), body);
    }

    private long sessions() {
        return scene.world.activities(ada.organizationId(), SESSION);
    }

    @Test
    void eachFaultIsForOneRequestInItsOrderOnItsPath() throws Exception {
        faults.next("/public/v1/submit/create_read_write_session", Fault.tooManyRequests(), Fault.badGateway());
        assertThat(scene.whoami(ada.userKey(), ada.organizationId()).status()).isEqualTo(200);
        assertThat(send().status()).isEqualTo(429);
        assertThat(send().status()).isEqualTo(502);
        assertThat(sessions()).isZero();
        assertThat(send().status()).isEqualTo(200);
    }

    @Test
    void aPathThatDoesNotExistHasNoFaults() {
        assertThatThrownBy(() -> faults.next("/public/v1/submit/activity", Fault.badGateway()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clearTakesThemAllBack() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.badGateway());
        faults.switchOn(Switch.UNKNOWN_MEMBERS_IN_ANSWERS);
        faults.skewClock(Duration.ofDays(1));
        faults.limitRate(1);
        faults.clear();
        assertThat(send().body().has("addedByANewerVersion")).isFalse();
        assertThat(scene.whoami(ada.userKey(), ada.organizationId()).status()).isEqualTo(200);
    }

    @Test
    void chanceStrikesWhereNoFaultWaitsAndUntilClear() throws Exception {
        faults.byChance(() -> Optional.of(Fault.badGateway()));
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.tooManyRequests());
        assertThat(send().status()).isEqualTo(429);
        assertThat(send().status()).isEqualTo(502);
        assertThat(scene.whoami(ada.userKey(), ada.organizationId()).status()).isEqualTo(502);

        faults.byChance(Optional::empty);
        assertThat(send().status()).isEqualTo(200);

        faults.byChance(() -> Optional.of(Fault.badGateway()));
        faults.clear();
        assertThat(send().status()).isEqualTo(200);
    }

    @Test
    void tooManyRequestsHasHeadersAndNoRetryAfter() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.tooManyRequests());
        Phone.Answer answer = send();
        assertThat(answer.refusal()).isEqualTo("429: Too many requests. Please wait and try again in a few seconds");
        assertThat(answer.http().headers().map()).containsKeys("ratelimit-limit", "ratelimit-remaining");
        assertThat(answer.http().headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    void anInternalErrorCarriesAUuid() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.internalError());
        Phone.Answer answer = send();
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("INTERNAL");
        assertThat(answer.body().path("message").asText())
                .matches(Pattern.compile("internal server error \\([0-9a-f-]{36}\\)"));
    }

    @Test
    void bodiesThatAreNoErrorOfTurnkeys() throws Exception {
        faults.next(
                Endpoint.CREATE_READ_WRITE_SESSION,
                Fault.emptyObject(),
                Fault.badGateway(),
                Fault.answer(200, "application/json", "[]"));
        assertThat(send().http().body()).isEqualTo("{}");
        assertThat(send().http().headers().firstValue("content-type")).hasValue("text/html");
        assertThat(send().http().body()).isEqualTo("[]");
        assertThat(sessions()).isZero();
    }

    @Test
    void anyRefusalInTurnkeysForm() throws Exception {
        faults.next(
                Endpoint.CREATE_READ_WRITE_SESSION,
                Fault.refusal(429, "SIGNING_QUOTA_EXCEEDED", "over its allotted quota"),
                Fault.refusal(429, "user has exceeded maximum short-lived api keys"));
        assertThat(send().refusal()).isEqualTo("429 SIGNING_QUOTA_EXCEEDED: over its allotted quota");
        assertThat(send().refusal()).isEqualTo("429: user has exceeded maximum short-lived api keys");
    }

    @Test
    void aResetBeforeTheEffectLeavesNothing() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetBeforeEffect());
        assertThatThrownBy(this::send).isInstanceOf(IOException.class);
        assertThat(sessions()).isZero();
    }

    @Test
    void aResetAfterTheEffectLeavesASessionThatTheSameBytesFind() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetAfterEffect());
        assertThatThrownBy(this::send).isInstanceOf(IOException.class);
        assertThat(sessions()).isEqualTo(1);
        String key = scene.world.apiKeys(ada.userId()).getLast().id();

        assertThat(send().result().path("apiKeyId").asText()).isEqualTo(key);
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void halfABodyComesAfterTheEffect() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.halfABody());
        assertThatThrownBy(this::send).isInstanceOf(IOException.class);
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void silenceHasNoEffectAndNoAnswer() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.silence());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Phone.Answer> sending = threads.submit(this::send);
            assertThat(scene.heldBack.take()).isGreaterThan(Duration.ofDays(1));
            assertThat(sending.isDone()).isFalse();
            scene.letGo.release();
            assertThatThrownBy(sending::get).hasCauseInstanceOf(IOException.class);
        }
        assertThat(sessions()).isZero();
    }

    @Test
    void whatIsDelayedHasItsEffectBeforeItsAnswer() throws Exception {
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.delay(Duration.ofHours(1)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Phone.Answer> sending = threads.submit(this::send);
            assertThat(scene.heldBack.take()).isEqualTo(Duration.ofHours(1));
            assertThat(sending.isDone()).isFalse();
            assertThat(sessions()).isOne();
            scene.letGo.release();
            assertThat(sending.get().status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerCanLackWhatItPromisedAndTheActivityStillHasIt() throws Exception {
        String bundle = "/activity/result/createReadWriteSessionResultV2/credentialBundle";
        faults.next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.without(bundle), Fault.with(bundle, "not base58: 0OIl"));
        assertThat(send().result().has("credentialBundle")).isFalse();
        assertThat(send().result().path("credentialBundle").asText()).isEqualTo("not base58: 0OIl");
        JsonNode whole = send().result();
        assertThat(whole.path("credentialBundle").asText().length()).isIn(115, 116);
    }
}
