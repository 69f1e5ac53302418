package finance.votis.sessions.runner.keys;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify-stamp",
        description = "Checks the value of an X-Stamp header against a request body, and says which rule it breaks.",
        footer = {
            "%nThe body is taken byte for byte. Without --public-key the stamp is checked against the key that it names itself,",
            "which shows that it is well made and not whose it is.",
            "%n--json: {\"ok\":true,\"publicKey\":\"<66 hex digits>\"}.",
            KeyCommand.JSON_FAILURE,
            KeyCommand.EXIT_CODES
        })
public final class VerifyStamp extends KeyCommand {

    private static final String SIGNED = "the signature does not verify over this body";

    private final InputStream standardInput;

    @Option(
            names = "--stamp-file",
            required = true,
            paramLabel = "FILE",
            description = "The header's value, with one line end behind or none.")
    @SuppressWarnings("NullAway.Init") // required: picocli sets it
    private Path stampFile;

    @Option(names = "--public-key", paramLabel = "HEX", description = "The key that should have signed, compressed.")
    private @Nullable String publicKey;

    @Option(names = "--body-file", paramLabel = "FILE", description = "The body; without it, standard input.")
    private @Nullable Path bodyFile;

    VerifyStamp() {
        this(System.in);
    }

    VerifyStamp(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    Result run() throws BrokenRuleException {
        String value = Input.line(Input.bytes(stampFile, "the stamp file", 4096));
        byte[] body = Input.bytes(bodyFile, standardInput, "the body", MakeStamp.LONGEST_BODY);
        try {
            P256PublicKey expected = publicKey == null ? null : P256PublicKey.fromCompressedHex(publicKey);
            Stamp stamp = Stamp.parse(value);
            if (expected != null && !stamp.publicKey().equals(expected)) {
                throw new BrokenRuleException(
                        "stamp-other-key", "the stamp names another public key than --public-key");
            }
            if (!stamp.signs(body)) {
                throw doesNotVerify(stamp, body);
            }
            String signer = stamp.publicKey().compressedHex();
            return new Result("verifies, signed by " + signer, object().put("publicKey", signer));
        } catch (CryptoException refused) {
            throw BrokenRuleException.of(refused);
        }
    }

    /** Looks for the mistakes that are made most: then the line says which one it is. */
    private static BrokenRuleException doesNotVerify(Stamp stamp, byte[] body) {
        String hashHex = Fingerprint.of(body).substring("sha256:".length());
        if (stamp.signs(HexFormat.of().parseHex(hashHex))) {
            return new BrokenRuleException(
                    "stamp-hashed-twice", SIGNED + ", but over its hash: ECDSA hashes the body once, hand it the body");
        }
        if (stamp.signs(hashHex.getBytes(StandardCharsets.US_ASCII))) {
            return new BrokenRuleException(
                    "stamp-hash-as-text", SIGNED + ", but over the hex text of its hash: hand the signer the body");
        }
        byte[] longer = Arrays.copyOf(body, body.length + 1);
        longer[body.length] = '\n';
        boolean endsLine = body.length > 0 && body[body.length - 1] == '\n';
        if (stamp.signs(longer) || (endsLine && stamp.signs(Arrays.copyOf(body, body.length - 1)))) {
            return new BrokenRuleException(
                    "stamp-line-end",
                    SIGNED + ", but with one line end more or less: sign the exact bytes that are sent");
        }
        return new BrokenRuleException(
                "stamp-does-not-verify", SIGNED + ": another key signed, or other bytes than these");
    }
}
