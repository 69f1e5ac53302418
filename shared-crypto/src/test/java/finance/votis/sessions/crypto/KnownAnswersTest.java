package finance.votis.sessions.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The answers that Turnkey's own repositories print, one of each kind; the rest is in {@code vectors/}. */
final class KnownAnswersTest {

    @Test
    void stampsTheSampleBodyToTheByte() throws Exception {
        try (LocalStamper stamper = new LocalStamper(
                P256PrivateKey.fromHex("487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c"))) {
            Stamp stamp = stamper.stamp(
                    "{\"organizationId\":\"00000000-0000-4000-8000-000000000001\"}".getBytes(StandardCharsets.UTF_8));

            assertThat(stamp.headerValue())
                    .isEqualTo(
                            "eyJwdWJsaWNLZXkiOiIwMmY3MzlmOGM3N2IzMmY0ZDVmMTMyNjU4NjFmZWJkNzZlN2E5YzYxYTExNDBkMjk2YjhjMTYz"
                                    + "MDI1MDg4NzAzMTYiLCJzY2hlbWUiOiJTSUdOQVRVUkVfU0NIRU1FX1RLX0FQSV9QMjU2Iiwic2lnbmF0dXJlIjoiMzA0NTAy"
                                    + "MjA2NTE1MzJlMWU0ODIzZjk5NGMxYzg5OTRmYWM0Mzk2ZGIzMTQyMzIxNjNkOTA3YmU2YWFmOWJjODE1YzVhYzA4MDIyMTAw"
                                    + "OGVhMjVhMDliYWIwZTFhNjIyODg1Y2U5ZWJhMzQwNzhjZDdiNjlkM2M0ZGE5ZTJlMmEyYWI3YzA2MjMyOGZjMSJ9");
        }
    }

    @Test
    void opensTheBundleOfTheRustSdk() throws Exception {
        CredentialBundle bundle = CredentialBundle.parse(
                "skr1QFHrNyL7xcvzRpU4t9yhL8rEVPZgDcFM5YW8S1YwLYjedoagnNZwMCyJsxNYzuphKHqQBkZxt4fLWSVsMqnW9XdmLBsK2MhwC5WxuxZD9xE8ezQ");
        byte[] scalar = HexFormat.of().parseHex("d2d9239a4bb25d09a6d91822e1d0991f0b21a63b102191bb98b6b77ac6fc6c91");

        try (TargetKeyPair target = TargetKeyPair.fromScalar(SecretBytes.takeOver(scalar));
                P256PrivateKey session = target.open(bundle)) {
            assertThat(session.publicKey().compressedHex())
                    .isEqualTo("03bf162576eb8dfecf33d9275d09595284f6c4df0db6156c3c582777886a0ee0ac");
        }
    }
}
