package finance.votis.sessions.crypto;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Huge inputs are refused by their length: base58 of a million letters would take hours otherwise. */
final class BoundsTest {

    private static final int HUGE = 50_000_000;
    private static final Duration GENEROUS = Duration.ofSeconds(30);

    @Test
    void texts() {
        String digits = "2".repeat(HUGE);
        assertTimeoutPreemptively(GENEROUS, () -> {
            assertThatExceptionOfType(CryptoException.MalformedBundle.class)
                    .isThrownBy(() -> CredentialBundle.parse(digits));
            assertThatExceptionOfType(CryptoException.MalformedStamp.class).isThrownBy(() -> Stamp.parse(digits));
            assertThatExceptionOfType(CryptoException.MalformedKey.class)
                    .isThrownBy(() -> P256PublicKey.fromCompressedHex(digits));
            assertThatExceptionOfType(CryptoException.MalformedKey.class)
                    .isThrownBy(() -> P256PublicKey.fromUncompressedHex(digits));
            assertThatExceptionOfType(CryptoException.BadScalar.class).isThrownBy(() -> P256PrivateKey.fromHex(digits));
        });
    }

    @Test
    void bytes() throws Exception {
        byte[] huge = new byte[HUGE];
        huge[0] = 2;
        P256PublicKey key = P256PrivateKey.generate(new SeededRandom(1)).publicKey();
        assertTimeoutPreemptively(GENEROUS, () -> {
            assertThatExceptionOfType(CryptoException.MalformedKey.class)
                    .isThrownBy(() -> P256PublicKey.fromCompressed(huge));
            assertThatExceptionOfType(CryptoException.MalformedKey.class)
                    .isThrownBy(() -> P256PublicKey.fromUncompressed(huge));
            assertThatExceptionOfType(CryptoException.BadScalar.class)
                    .isThrownBy(() -> P256PrivateKey.fromScalar(SecretBytes.takeOver(huge.clone())));
            assertThatIllegalArgumentException().isThrownBy(() -> Stamp.of(key, huge));
        });
    }
}
