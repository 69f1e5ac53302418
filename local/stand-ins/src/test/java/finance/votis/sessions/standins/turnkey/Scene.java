package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** A stand-in with the demo world, a phone in hand, and a clock that stands still. */
final class Scene implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-23T09:00:00.250Z");

    final SecureRandom random = new SecureRandom();
    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    /** How long the answer is to be held back that waits to be let go. */
    final BlockingQueue<Duration> heldBack = new LinkedBlockingQueue<>();

    /** Lets one answer go. */
    final Semaphore letGo = new Semaphore(0);

    final TurnkeyStandIn turnkey = TurnkeyStandIn.builder()
            .clock(clock::get)
            .random(random)
            .waiting(this::holdBack)
            .start();
    final DemoWorld demo = turnkey.demo();
    final World world = turnkey.world();
    final Phone phone = new Phone(turnkey.url());

    private void holdBack(Duration span) throws InterruptedException {
        heldBack.put(span);
        letGo.acquire();
    }

    Instant now() {
        return clock.get();
    }

    void advance(Duration by) {
        clock.updateAndGet(now -> now.plus(by));
    }

    /** A target key that nobody keeps, as parameter. */
    String aTarget() {
        try (TargetKeyPair pair = TargetKeyPair.generate(random)) {
            return pair.publicKey().uncompressedHex();
        }
    }

    /** A request for a read-write session, each with a target key of its own; members have a comma in front. */
    String sessionBody(String organizationId, String members) {
        return Bodies.activity(
                ActivityType.CREATE_READ_WRITE_SESSION,
                organizationId,
                now(),
                "{\"targetPublicKey\":\"" + aTarget() + "\"" + members + "}");
    }

    String body(ActivityType type, String organizationId, String parameters) {
        return Bodies.activity(type, organizationId, now(), parameters);
    }

    Phone.Answer submit(ActivityType type, KeyPair key, String organizationId, String parameters)
            throws IOException, InterruptedException {
        return phone.post(type.endpoint(), key, body(type, organizationId, parameters));
    }

    /** A session with no more than the target key and these members. */
    Phone.Answer session(KeyPair key, String organizationId, String members) throws IOException, InterruptedException {
        return phone.post(Endpoint.CREATE_READ_WRITE_SESSION, key, sessionBody(organizationId, members));
    }

    /** A session that is made and opened. */
    LocalStamper openedSession(KeyPair key, String organizationId, String members)
            throws IOException, InterruptedException, CryptoException {
        TargetKeyPair target = TargetKeyPair.generate(random);
        JsonNode result = phone.post(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        key,
                        body(
                                ActivityType.CREATE_READ_WRITE_SESSION,
                                organizationId,
                                "{\"targetPublicKey\":\"" + target.publicKey().uncompressedHex() + "\"" + members
                                        + "}"))
                .result();
        return new LocalStamper(target.open(
                CredentialBundle.parse(result.path("credentialBundle").asText())));
    }

    Phone.Answer whoami(KeyPair key, String organizationId) throws IOException, InterruptedException {
        return phone.post(Endpoint.WHOAMI, key, Bodies.query(organizationId));
    }

    Phone.Answer whoami(LocalStamper stamper, String organizationId) throws IOException, InterruptedException {
        return phone.post(Endpoint.WHOAMI, stamper, Bodies.query(organizationId));
    }

    @Override
    public void close() {
        phone.close();
        turnkey.close();
    }
}
