package finance.votis.sessions.runner.keys;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "open-bundle",
        description =
                "Opens a credential bundle with the target key it was sealed to, and prints the public half of the key in it.",
        footer = {
            "%nThe private half goes into the file of --out and nowhere else. Whose key it is shows only at Turnkey:",
            "anybody who knows the target key can seal one.",
            "%n--json: {\"ok\":true,\"publicKey\":\"<66 hex digits>\"}.",
            KeyCommand.JSON_FAILURE,
            KeyCommand.EXIT_CODES
        })
public final class OpenBundle extends KeyCommand {

    private final InputStream standardInput;

    @Option(names = "--key-file", required = true, paramLabel = "FILE", description = "The target key.")
    @SuppressWarnings("NullAway.Init") // required: picocli sets it
    private Path keyFile;

    @Option(
            names = "--bundle-file",
            paramLabel = "FILE",
            description = "The bundle, with one line end behind or none; without it, standard input.")
    private @Nullable Path bundleFile;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the opened pair to this file, with mode 600.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    OpenBundle() {
        this(System.in);
    }

    OpenBundle(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    Result run() throws BrokenRuleException {
        try (P256PrivateKey sessionKey = open()) {
            if (out != null) {
                KeyFile.write(out, sessionKey, force);
            }
            String publicKey = sessionKey.publicKey().compressedHex();
            return new Result(publicKey, object().put("publicKey", publicKey));
        }
    }

    private P256PrivateKey open() throws BrokenRuleException {
        try (P256PrivateKey key = KeyFile.read(keyFile);
                TargetKeyPair target = TargetKeyPair.fromScalar(key.dangerouslyCopyScalar())) {
            String text = Input.line(Input.bytes(bundleFile, standardInput, "the bundle", 4096));
            return target.open(CredentialBundle.parse(text));
        } catch (CryptoException.BadScalar inside) {
            throw new BrokenRuleException(
                    "bundle-private-key", "the bundle opens, but what is in it is no key: " + inside.getMessage());
        } catch (CryptoException refused) {
            throw BrokenRuleException.of(refused);
        }
    }
}
