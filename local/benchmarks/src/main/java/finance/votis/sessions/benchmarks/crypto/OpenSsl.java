package finance.votis.sessions.benchmarks.crypto;

import finance.votis.sessions.benchmarks.peer.Command;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * OpenSSL's P-256, as {@code openssl speed} tells it: a loop in one process over the raw operation, without hashing, encoding or
 * reading of keys, by processor time.
 *
 * @param signNanos one signature
 */
record OpenSsl(double signNanos) {
    private static final Pattern LINE = Pattern.compile("256 bits? ecdsa \\(nistp256\\).*?([0-9.]+)\\s+([0-9.]+)\\s*");

    static OpenSsl measure(int seconds) throws IOException, InterruptedException {
        String printed = Command.of("sh", "-c", "exec openssl speed -seconds " + seconds + " ecdsap256 2>/dev/null")
                .run();
        for (String line : printed.lines().toList()) {
            Matcher figures = LINE.matcher(line.strip());
            if (figures.matches()) {
                return new OpenSsl(1e9 / Double.parseDouble(figures.group(1)));
            }
        }
        throw new IOException("openssl speed prints nothing about nistp256 that is understood here");
    }

    static String version() throws IOException, InterruptedException {
        return Command.of("openssl", "version").run().strip();
    }
}
