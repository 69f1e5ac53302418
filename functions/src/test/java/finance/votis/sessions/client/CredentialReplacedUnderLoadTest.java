package finance.votis.sessions.client;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.scene.Gateway;
import finance.votis.sessions.scene.Scene;
import finance.votis.sessions.standins.aws.Operation;
import finance.votis.sessions.standins.turnkey.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The delegate's key is rotated while phones ask: the old one goes at Turnkey as soon as the new one is the secret's current version. */
class CredentialReplacedUnderLoadTest {

    private static final int PHONES = 6;
    private static final int ANSWERS_BEFORE = 5 * PHONES;
    private static final int ANSWERS_AFTER = 5;

    private final SecureRandom random = new SecureRandom();
    private final Scene scene = new Scene();
    private final List<Customer> customers =
            IntStream.range(0, PHONES).mapToObj(this::customer).toList();

    /** One for each phone, since Turnkey keeps ten sessions of a user. */
    private record Customer(String organizationId, String userId, String delegateUserId, String delegateKeyId) {}

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void everyRequestIsAnswered201() throws Exception {
        // As two execution environments, each with a copy of the key in memory.
        List<ClientSessionFunction> instances = Stream.generate(
                        () -> new ClientSessionFunction(scene.environment(), scene.platform()))
                .limit(2)
                .toList();
        CountDownLatch load = new CountDownLatch(ANSWERS_BEFORE);
        AtomicBoolean isReplaced = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(PHONES)) {
            List<Future<List<Integer>>> phones = IntStream.range(0, PHONES)
                    .mapToObj(phone -> threads.submit(
                            phone(instances.get(phone % instances.size()), customers.get(phone), load, isReplaced)))
                    .toList();
            assertThat(load.await(60, TimeUnit.SECONDS)).as("there is load").isTrue();
            long readBefore = scene.calls(Operation.GET_SECRET_VALUE);

            replaceTheKey();
            isReplaced.set(true);

            for (Future<List<Integer>> phone : phones) {
                assertThat(phone.get())
                        .hasSizeGreaterThanOrEqualTo(ANSWERS_AFTER)
                        .containsOnly(201);
            }
            assertThat(scene.calls(Operation.GET_SECRET_VALUE) - readBefore)
                    .as("each instance read the secret again")
                    .isGreaterThanOrEqualTo(instances.size());
        }
    }

    /** Asks until it has had so many answers with the old key gone. */
    private Callable<List<Integer>> phone(
            ClientSessionFunction function, Customer caller, CountDownLatch load, AtomicBoolean isReplaced) {
        return () -> {
            List<Integer> statuses = new ArrayList<>();
            for (int after = 0; after < ANSWERS_AFTER; ) {
                boolean wasReplaced = isReplaced.get();
                statuses.add(ask(function, caller));
                load.countDown();
                after += wasReplaced ? 1 : 0;
            }
            return statuses;
        };
    }

    private int ask(ClientSessionFunction function, Customer caller) {
        try (TargetKeyPair target = TargetKeyPair.generate(random)) {
            var event = Scene.call(
                    Map.of("turnkey_organization_id", caller.organizationId(), "turnkey_user_id", caller.userId()),
                    Optional.of(Json.text(Json.newObject()
                            .put("targetPublicKey", target.publicKey().uncompressedHex()))));
            return Gateway.serve(function, event, Scene.context()).getStatusCode();
        }
    }

    /** As {@code docs/operations.md} says, without a pause between its steps. */
    private void replaceTheKey() {
        KeyPair next = KeyPair.generate(random);
        customers.forEach(customer ->
                scene.turnkey().world().addApiKey(customer.delegateUserId(), "backend, next", next.publicKey()));
        scene.putSecret(scene.delegateSecret(), Scene.credential(next));
        customers.forEach(customer -> scene.turnkey().world().removeApiKey(customer.delegateKeyId()));
    }

    private Customer customer(int number) {
        var world = scene.turnkey().world();
        String organization = world.newId();
        String user = world.newId();
        String delegate = world.newId();
        world.addSubOrganization(scene.world().parentId(), organization, "Customer " + number);
        world.addUser(organization, user, "User " + number);
        world.addUser(organization, delegate, "Delegate");
        String key =
                world.addApiKey(delegate, "backend", scene.world().delegateKey().publicKey());
        world.addPolicyFile(
                organization, "delegate-creates-read-write-sessions.json", Map.of("DELEGATE_USER_ID", delegate));
        return new Customer(organization, user, delegate, key);
    }
}
