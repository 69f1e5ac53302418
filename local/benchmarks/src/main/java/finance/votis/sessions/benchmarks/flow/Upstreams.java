package finance.votis.sessions.benchmarks.flow;

import java.net.URI;

/** Both services that a function calls, each behind TLS. */
record Upstreams(Upstream turnkey, Upstream aws) implements AutoCloseable {
    static Upstreams before(URI turnkey, URI aws, Certificate certificate) {
        return new Upstreams(
                Upstream.before(turnkey, certificate.sockets()), Upstream.before(aws, certificate.sockets()));
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
