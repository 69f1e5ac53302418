package finance.votis.sessions.runner.keys;

import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.Stamp;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "stamp",
        description = "Makes the value of the X-Stamp header for a request body.",
        footer = {
            "%nThe body is signed byte for byte, its last line end too: send it with curl's --data-binary.",
            "A key file is JSON {\"publicKey\":...,\"privateKey\":...} or tkcli's: 64 hex digits, alone or with :p256 behind.",
            "%n--json: {\"ok\":true,\"publicKey\":\"<66 hex digits>\",\"stamp\":\"<header value>\"}.",
            KeyCommand.JSON_FAILURE,
            KeyCommand.EXIT_CODES
        })
public final class MakeStamp extends KeyCommand {

    static final int LONGEST_BODY = 16 << 20;

    private final InputStream standardInput;

    @Option(names = "--key-file", required = true, paramLabel = "FILE", description = "The key that signs.")
    @SuppressWarnings("NullAway.Init") // required: picocli sets it
    private Path keyFile;

    @Option(names = "--body-file", paramLabel = "FILE", description = "The body; without it, standard input.")
    private @Nullable Path bodyFile;

    MakeStamp() {
        this(System.in);
    }

    MakeStamp(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    Result run() throws BrokenRuleException {
        try (LocalStamper stamper = new LocalStamper(KeyFile.read(keyFile))) {
            Stamp stamp = stamper.stamp(Input.bytes(bodyFile, standardInput, "the body", LONGEST_BODY));
            return new Result(
                    stamp.headerValue(),
                    object().put("publicKey", stamp.publicKey().compressedHex()).put("stamp", stamp.headerValue()));
        }
    }
}
