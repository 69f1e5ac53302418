package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.TargetKeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00.250Z");

    private final SecureRandom random = new SecureRandom();
    private final TurnkeyStandIn turnkey =
            TurnkeyStandIn.builder().clock(() -> NOW).start();
    private final DemoWorld demo = turnkey.demo();
    private final Phone phone = new Phone(turnkey.url());

    @AfterEach
    void close() {
        phone.close();
        turnkey.close();
    }

    @Test
    void theDelegateMakesASessionThatTheUsersPhoneOpensAndUses() throws Exception {
        DemoWorld.Customer ada = demo.first();
        TargetKeyPair target = TargetKeyPair.generate(random);
        JsonNode result = phone.post(
                        Endpoint.CREATE_READ_WRITE_SESSION,
                        demo.delegateKey(),
                        Bodies.activity(
                                ActivityType.CREATE_READ_WRITE_SESSION, ada.organizationId(), NOW, """
                                {"targetPublicKey":"%s","userId":"%s","apiKeyName":"phone"}""".formatted(
                                                target.publicKey().uncompressedHex(), ada.userId())))
                .result();

        assertThat(result.path("organizationId").asText()).isEqualTo(ada.organizationId());
        assertThat(result.path("userId").asText()).isEqualTo(ada.userId());
        try (LocalStamper session = new LocalStamper(target.open(
                CredentialBundle.parse(result.path("credentialBundle").asText())))) {
            Phone.Answer me = phone.post(Endpoint.WHOAMI, session, Bodies.query(ada.organizationId()));
            assertThat(me.body().path("userId").asText()).isEqualTo(ada.userId());
            assertThat(me.body().path("username").asText()).isEqualTo("Ada");
        }
    }
}
