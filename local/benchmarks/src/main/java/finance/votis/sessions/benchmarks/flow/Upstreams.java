package finance.votis.sessions.benchmarks.flow;

import java.io.IOException;
import java.net.URI;

/**
 * Both services that a function calls, each behind TLS. Turnkey's takes the cipher suite that its caller puts first, as the edges of large
 * networks do for callers that are quicker at ChaCha20; AWS's chooses AES-GCM.
 */
record Upstreams(Upstream turnkey, Upstream aws) implements AutoCloseable {
    static Upstreams before(URI turnkey, URI aws, Certificate certificate) throws IOException {
        return new Upstreams(
                Upstream.before(turnkey, certificate.listener(true)),
                Upstream.before(aws, certificate.listener(false)));
    }

    long spentNanos() {
        return turnkey.spentNanos() + aws.spentNanos();
    }

    long requests() {
        return turnkey.requests() + aws.requests();
    }

    @Override
    public void close() {
        turnkey.close();
        aws.close();
    }
}
