package finance.votis.sessions.runner.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.P256PrivateKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "keygen",
        description = "Makes a P-256 key pair and prints its public half, compressed, in hex.",
        footer = {
            "%nThe private half goes into the file of --out and nowhere else: without --out it is gone.",
            "The file is JSON: {\"publicKey\":\"<66 hex digits>\",\"privateKey\":\"<64 hex digits>\"}.",
            "%n--json: {\"ok\":true,\"publicKey\":\"<66 hex digits>\",\"publicKeyUncompressed\":\"<130 hex digits>\"}.",
            KeyCommand.JSON_FAILURE,
            KeyCommand.EXIT_CODES
        })
public final class Keygen extends KeyCommand {

    @Option(names = "--out", paramLabel = "FILE", description = "Write the pair to this file, with mode 600.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Option(
            names = "--uncompressed",
            description = "Print the public half uncompressed, in 130 hex digits: the form of targetPublicKey.")
    private boolean uncompressed;

    Keygen() {}

    @Override
    Result run() throws BrokenRuleException {
        try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom())) {
            if (out != null) {
                KeyFile.write(out, key, force);
            }
            String compressedHex = key.publicKey().compressedHex();
            String uncompressedHex = key.publicKey().uncompressedHex();
            ObjectNode fields = object().put("publicKey", compressedHex).put("publicKeyUncompressed", uncompressedHex);
            return new Result(uncompressed ? uncompressedHex : compressedHex, fields);
        }
    }
}
