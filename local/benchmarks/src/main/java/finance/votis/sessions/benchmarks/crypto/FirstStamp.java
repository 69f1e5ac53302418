package finance.votis.sessions.benchmarks.crypto;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A program that makes one stamp and ends: the classes that it loads are counted from outside. */
public final class FirstStamp {
    private FirstStamp() {}

    public static void main(String[] args) throws Exception {
        byte[] scalar = new byte[32];
        Arrays.fill(scalar, (byte) 1);
        try (LocalStamper stamper = new LocalStamper(P256PrivateKey.fromScalar(SecretBytes.takeOver(scalar)))) {
            System.out.println(
                    stamper.stamp("{}".getBytes(StandardCharsets.UTF_8)).headerValue());
        }
    }
}
