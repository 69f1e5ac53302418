package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.standins.http.PortInUseException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stand-in as its users hold it. */
class TurnkeyStandInTest {
    private final Scene scene = new Scene();
    private final DemoWorld.Customer ada = scene.demo.first();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void itListensWhereItIsToldAndNamesABusyPort() {
        InetSocketAddress same = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), scene.turnkey.url().getPort());
        assertThat(scene.turnkey.url()).hasToString("http://127.0.0.1:" + same.getPort());
        assertThatThrownBy(() -> TurnkeyStandIn.builder().address(same).start())
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining(Integer.toString(same.getPort()));
    }

    @Test
    void oneMoreCustomerIsSetUpAsTheOthersWithTheDelegateThatItIsGiven() throws Exception {
        KeyPair delegate = KeyPair.generate(scene.random);
        DemoWorld.Customer third = scene.turnkey.addCustomer("Edsger", delegate.publicKey());

        String forThird = ",\"userId\":\"" + third.userId() + "\"";
        assertThat(scene.session(delegate, third.organizationId(), forThird).status())
                .isEqualTo(200);
        assertThat(scene.session(third.userKey(), third.organizationId(), "").status())
                .isEqualTo(200);
        assertThat(scene.session(scene.demo.delegateKey(), third.organizationId(), forThird)
                        .status())
                .isEqualTo(401);
        assertThat(scene.whoami(scene.demo.rootKey(), third.organizationId()).status())
                .isEqualTo(200);
    }

    @Test
    void requestsAreRecordedWithoutWhatIsSecretInThem() throws Exception {
        String body = Bodies.query(ada.organizationId());
        String stamp;
        try (LocalStamper stamper = ada.userKey().stamper()) {
            stamp = stamper.stamp(body.getBytes(StandardCharsets.UTF_8)).headerValue();
        }
        scene.phone.send(Endpoint.WHOAMI, body, "X-Stamp", stamp, "X-Client-Version", "test");
        scene.phone.send(Endpoint.WHOAMI, body, "X-Session", "token");

        RecordedRequest first = scene.turnkey.requests().getFirst();
        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.path()).isEqualTo("/public/v1/query/whoami");
        assertThat(first.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
        assertThat(first.stampedBy()).hasValue(ada.userKey().publicKey());
        assertThat(first.headerNames()).contains("x-stamp", "x-client-version");
        assertThat(first.header("X-Client-Version")).hasValue("test");
        assertThat(first.header("X-Stamp")).hasValue("<redacted>");
        assertThat(first.toString()).doesNotContain(stamp, ada.organizationId());
        RecordedRequest second = scene.turnkey.requests(Endpoint.WHOAMI).getLast();
        assertThat(second.header("x-session")).hasValue("<redacted>");
        assertThat(second.stampedBy()).isEmpty();
    }

    @Test
    void theLastThousandRequestsAreKept() throws Exception {
        for (int i = 0; i < 1001; i++) {
            scene.phone.send(Endpoint.WHOAMI, Integer.toString(i));
        }
        assertThat(scene.turnkey.requests()).hasSize(1000);
        assertThat(scene.turnkey.requests().getFirst().bodyText()).isEqualTo("1");
    }

    @Test
    void ofRecordedRequestsAtMost16MebibytesAreKeptAndNoBodyOverOne() throws Exception {
        String mebibyte = "x".repeat(1 << 20);
        for (int i = 0; i < 17; i++) {
            scene.phone.send(Endpoint.WHOAMI, mebibyte);
        }
        assertThat(scene.turnkey.requests())
                .hasSize(15) // their headers count too
                .allMatch(RecordedRequest::bodyKept);
        scene.phone.send(Endpoint.WHOAMI, mebibyte + "x");
        assertThat(scene.turnkey.requests()).hasSize(16);
        RecordedRequest last = scene.turnkey.requests().getLast();
        assertThat(last.bodyKept()).isFalse();
        assertThat(last.body()).isEmpty();
        assertThat(last).hasToString("POST /public/v1/query/whoami (body over 1 MiB, not kept)");
    }

    @Test
    void everyAnswerHasTheTimeByTheStandInsOwnClock() throws Exception {
        assertThat(date(scene.whoami(ada.userKey(), ada.organizationId()))).isEqualTo("Mon, 23 Nov 2026 09:00:00 GMT");
        scene.turnkey.faults().skewClock(Duration.ofDays(-20).plusMillis(750));
        scene.turnkey.faults().next(Endpoint.WHOAMI, Fault.badGateway(), Fault.delay(Duration.ofHours(1)));
        scene.letGo.release();
        for (int i = 0; i < 2; i++) {
            assertThat(date(scene.whoami(ada.userKey(), ada.organizationId())))
                    .isEqualTo("Tue, 03 Nov 2026 09:00:01 GMT");
        }
        assertThat(date(scene.phone.send(Endpoint.WHOAMI, ""))).isEqualTo("Tue, 03 Nov 2026 09:00:01 GMT");
    }

    private static String date(Phone.Answer answer) {
        return answer.http().headers().firstValue("Date").orElseThrow();
    }

    @Test
    void noKeyPairPrintsItsPrivateHalf() {
        for (KeyPair pair : Set.of(scene.demo.delegateKey(), scene.demo.adminKey(), ada.userKey())) {
            assertThat(pair.dangerouslyPrivateKeyHex()).matches("[0-9a-f]{64}");
            assertThat(scene.demo.toString()).doesNotContain(pair.dangerouslyPrivateKeyHex());
            assertThat(pair.toString()).contains(pair.publicKey().compressedHex());
        }
    }

    @Test
    void theWorldRefusesWhatCannotBe() {
        String sub = ada.organizationId();
        assertThatThrownBy(() -> scene.world.addSubOrganization(sub, scene.world.newId(), "deeper"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scene.world.addOrganization(sub, "again"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scene.world.addUser(sub, ada.userId(), "again"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scene.world.addUser(scene.world.newId(), scene.world.newId(), "nowhere"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scene.world.setRootQuorum(sub, 0, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scene.world.removeApiKey(scene.world.newId()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
