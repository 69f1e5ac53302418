package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.standins.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request that came in, for assertions. Of stamps and tokens only what is public can be had. */
public final class RecordedRequest {
    private static final Set<String> SECRET = Set.of("x-stamp", "x-stamp-webauthn", "x-stamp-attested", "x-session");

    /** A longer body is not kept. */
    static final int MAX_BODY = 1 << 20;

    private final Request request;
    private final boolean bodyKept;

    RecordedRequest(Request request) {
        this.bodyKept = request.body().length <= MAX_BODY;
        this.request = bodyKept ? request : request.withoutBody();
    }

    public String method() {
        return request.method();
    }

    public String path() {
        return request.path();
    }

    /** Raw, as it came; empty if it was not kept. */
    public byte[] body() {
        return request.body().clone();
    }

    public String bodyText() {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    /** False for a body of more than 1 MiB, which is then told as empty. */
    public boolean bodyKept() {
        return bodyKept;
    }

    /** What it holds in memory, about. */
    int size() {
        int size = request.target().length() + request.body().length;
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            size += header.getKey().length();
            for (String value : header.getValue()) {
                size += value.length();
            }
        }
        return size;
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

    /** Method, path and length; of a body that was not kept, that. */
    @Override
    public String toString() {
        return bodyKept ? request.toString() : method() + " " + path() + " (body over 1 MiB, not kept)";
    }
}
