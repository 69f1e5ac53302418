package finance.votis.sessions.standins.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as it came in: target undecoded, body byte for byte. Immutable, as long as nobody writes into {@link #body}. */
public final class Request {
    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    Request(String method, String target, Map<String, List<String>> headers, byte[] body) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
    }

    public String method() {
        return method;
    }

    /** Path and query as sent. */
    public String target() {
        return target;
    }

    /** The target up to its first question mark. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Every header, names in lower case, values in the order of their lines, trimmed. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The values of one header, a line each; the name in any case. */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The first value of one header; the name in any case. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** The array itself, not a copy. */
    public byte[] body() {
        return body;
    }

    /** The same with an empty body. */
    public Request withoutBody() {
        return new Request(method, target, headers, new byte[0]);
    }

    /** Without header values and body: either may hold a secret. */
    @Override
    public String toString() {
        return method + " " + path() + " (" + body.length + " bytes)";
    }
}
