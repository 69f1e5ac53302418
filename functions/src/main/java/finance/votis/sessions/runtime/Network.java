package finance.votis.sessions.runtime;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Whom a function's TLS trusts, and what it holds open. Thread-safe. */
public final class Network implements AutoCloseable {

    private final Optional<X509TrustManager> trusted;
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    private Network(Optional<X509TrustManager> trusted) {
        this.trusted = trusted;
    }

    /** Trusts what the machine trusts. */
    public static Network real() {
        return new Network(Optional.empty());
    }

    /** Trusts this and nobody else. */
    static Network trusting(X509TrustManager trusted) {
        return new Network(Optional.of(trusted));
    }

    /** Empty: what the machine trusts. */
    public Optional<X509TrustManager> trusted() {
        return trusted;
    }

    /** The same as a context; empty: the machine's own. */
    public Optional<SSLContext> tls() {
        return trusted.map(trust -> {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {trust}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("TLS is part of every JDK", e);
            }
        });
    }

    /** Of a client with connections of its own, which are closed with this. */
    public <T extends AutoCloseable> T holding(T client) {
        open.add(client);
        return client;
    }

    /** Closes what was opened, the newest first. Before a snapshot nothing may stay open. */
    @Override
    public void close() {
        for (AutoCloseable client : List.copyOf(open).reversed()) {
            try {
                client.close();
            } catch (Exception e) {
                throw new IllegalStateException("a client did not close", e);
            }
        }
        open.clear();
    }
}
