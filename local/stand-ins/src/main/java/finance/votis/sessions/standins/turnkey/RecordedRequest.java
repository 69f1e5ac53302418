package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.standins.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A request that came in, for assertions. Of stamps and tokens only what is public can be had. */
public final class RecordedRequest {
    private static final Set<String> SECRET = Set.of("x-stamp", "x-stamp-webauthn", "x-stamp-attested", "x-session");

    private final Request request;

    RecordedRequest(Request request) {
        this.request = request;
    }

    public String method() {
        return request.method();
    }

    public String path() {
        return request.path();
    }

    /** Raw, as it came. */
    public byte[] body() {
        return request.body().clone();
    }

    public String bodyText() {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    /** Names in lower case. */
    public Set<String> headerNames() {
        return request.headers().keySet();
    }

    /** The first value; {@code <redacted>} for a stamp or a session token. */
    public Optional<String> header(String name) {
        Optional<String> value = request.header(name);
        return SECRET.contains(name.toLowerCase(Locale.ROOT)) ? value.map(secret -> "<redacted>") : value;
    }

    /** The key that a well-formed X-Stamp names, whether or not it signs. */
    public Optional<P256PublicKey> stampedBy() {
        return request.header("X-Stamp").flatMap(RecordedRequest::keyOf);
    }

    private static Optional<P256PublicKey> keyOf(String stamp) {
        try {
            return Optional.of(Stamp.parse(stamp).publicKey());
        } catch (CryptoException.MalformedStamp e) {
            return Optional.empty();
        }
    }

    /** Method, path and length. */
    @Override
    public String toString() {
        return request.toString();
    }
}
