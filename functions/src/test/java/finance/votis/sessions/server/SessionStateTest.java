package finance.votis.sessions.server;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.turnkey.ApiKeyId;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.UserId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionStateTest {

    private static final String UUID = "00000000-0000-4000-8000-00000000000a";

    private final P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());

    @Test
    void whatIsWrittenIsRead() {
        SessionState.Wrapped wrapped = SessionState.Wrapped.of(new byte[] {1, 2, 3});
        SessionState attempt = new SessionState.Attempt(key.publicKey(), wrapped);
        SessionState credential = new SessionState.Credential(key.publicKey(), wrapped);

        assertThat(SessionState.read(attempt.text())).contains(attempt);
        assertThat(SessionState.read(credential.text())).contains(credential);
        assertThat(SessionState.read(new SessionState.None().text())).contains(new SessionState.None());
        assertThat(credential.text())
                .isEqualTo("{\"state\":\"credential\",\"publicKey\":\""
                        + key.publicKey().compressedHex() + "\",\"wrapped\":\"AQID\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "[]",
                "{}",
                "{\"state\":\"None\"}",
                "{\"state\":5}",
                "{\"state\":\"attempt\",\"publicKey\":\"KEY\"}",
                "{\"state\":\"attempt\",\"publicKey\":\"KEY\",\"wrapped\":\"\"}",
                "{\"state\":\"attempt\",\"publicKey\":\"KEY\",\"wrapped\":\"?\"}",
                "{\"state\":\"attempt\",\"publicKey\":\"KEY\",\"wrapped\":7}",
                "{\"state\":\"credential\",\"wrapped\":\"AQID\"}",
                "{\"state\":\"credential\",\"publicKey\":\"04KEY\",\"wrapped\":\"AQID\"}"
            })
    void whatIsNoneOfOursIsNotRead(String text) {
        assertThat(SessionState.read(text.replace("KEY", key.publicKey().compressedHex())))
                .isEmpty();
    }

    @Test
    void aCredentialIsUnpackedAsItWasPacked() {
        var details = new SessionCredential.Details(
                new ApiKeyId(UUID),
                new OrganizationId(UUID),
                new UserId(UUID),
                UUID,
                Instant.parse("2026-11-23T21:00:00Z"),
                Instant.parse("2026-11-24T00:00:00Z"));

        try (SecretBytes packed = new SessionCredential(key, details).pack();
                SessionCredential unpacked = SessionCredential.unpack(packed).orElseThrow()) {
            assertThat(unpacked.details()).isEqualTo(details);
            assertThat(unpacked.key().publicKey()).isEqualTo(key.publicKey());
            assertThat(unpacked.toString())
                    .contains("<redacted>")
                    .doesNotContain(HexFormat.of()
                            .formatHex(Arrays.copyOf(packed.dangerouslyCopy(), SessionCredential.SCALAR)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"apiKeyId\":\"UUID\",\"organizationId\":\"UUID\",\"userId\":\"UUID\"}",
                "{\"apiKeyId\":\"UUID\",\"organizationId\":\"UUID\",\"userId\":\"x\",\"createdAt\":\"2026-11-23T21:00:00Z\",\"expiresAt\":\"2026-11-24T00:00:00Z\"}",
                "{\"apiKeyId\":\"UUID\",\"organizationId\":\"UUID\",\"userId\":\"UUID\",\"createdAt\":\"2026-11-23\",\"expiresAt\":\"2026-11-24T00:00:00Z\"}"
            })
    void whatIsNoCredentialIsNotUnpacked(String rest) {
        try (SecretBytes packed =
                SessionCredential.join(key, rest.replace("UUID", UUID).getBytes(StandardCharsets.UTF_8))) {
            assertThat(SessionCredential.unpack(packed)).isEmpty();
        }
    }

    @Test
    void aScalarThatIsNoneIsNotUnpacked() {
        String rest = "{'apiKeyId':'UUID','organizationId':'UUID','userId':'UUID','createdAt':'2026-11-23T21:00:00Z',"
                + "'expiresAt':'2026-11-24T00:00:00Z'}";
        byte[] packed =
                ("0".repeat(32) + rest.replace('\'', '"').replace("UUID", UUID)).getBytes(StandardCharsets.UTF_8);
        Arrays.fill(packed, 0, 32, (byte) 0);

        try (SecretBytes bytes = SecretBytes.takeOver(packed)) {
            assertThat(SessionCredential.unpack(bytes)).isEmpty();
        }
    }
}
