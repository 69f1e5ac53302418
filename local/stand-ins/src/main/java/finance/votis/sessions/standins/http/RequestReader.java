package finance.votis.sessions.standins.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads requests from one connection, one after the other (RFC 9112), everything bounded. Not thread-safe. */
final class RequestReader {

    sealed interface Next {
        /** The client closed before the first byte of another request. */
        record End() implements Next {}

        record Refused(int status) implements Next {}

        record Came(Request request, boolean keepAlive) implements Next {}
    }

    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_DRAINED = 1024 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final int maxBodyBytes;

    RequestReader(InputStream in, OutputStream out, int maxBodyBytes) {
        this.in = in;
        this.out = out;
        this.maxBodyBytes = maxBodyBytes;
    }

    Next next() throws IOException {
        try {
            return read();
        } catch (Refusal e) {
            return new Next.Refused(e.status);
        }
    }

    /** Reads on to the end or a limit. */
    void drain() throws IOException {
        byte[] waste = new byte[8192];
        for (int read = 0, total = 0; read >= 0 && total < MAX_DRAINED; total += read) {
            read = in.read(waste);
        }
    }

    private Next read() throws IOException, Refusal {
        in.mark(1);
        if (in.read() < 0) {
            return new Next.End();
        }
        in.reset();
        String[] start = line().split(" ", -1);
        if (start.length != 3 || start[0].isEmpty() || !start[1].startsWith("/")) {
            throw new Refusal(400);
        }
        if (!start[2].equals("HTTP/1.1") && !start[2].equals("HTTP/1.0")) {
            throw new Refusal(505);
        }
        Map<String, List<String>> headers = headers();
        byte[] body = body(headers);
        String connection =
                String.join(",", headers.getOrDefault("connection", List.of())).toLowerCase(Locale.ROOT);
        boolean keepAlive = start[2].equals("HTTP/1.1") && !connection.contains("close");
        headers.replaceAll((name, values) -> List.copyOf(values));
        return new Next.Came(new Request(start[0], start[1], Collections.unmodifiableMap(headers), body), keepAlive);
    }

    private Map<String, List<String>> headers() throws IOException, Refusal {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        int lines = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (++lines > MAX_HEADERS) {
                throw new Refusal(431);
            }
            // Also refuses a folded line and space before the colon (RFC 9112, 5.1 and 5.2).
            if (colon < 1 || line.substring(0, colon).chars().anyMatch(c -> c <= ' ')) {
                throw new Refusal(400);
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException, Refusal {
        List<String> lengths = headers.getOrDefault("content-length", List.of());
        List<String> codings = headers.getOrDefault("transfer-encoding", List.of());
        if (!codings.isEmpty()) {
            // Both at once is how requests are smuggled (RFC 9112, 6.3).
            if (!lengths.isEmpty() || !codings.equals(List.of("chunked"))) {
                throw new Refusal(400);
            }
            letGoOn(headers);
            return chunks();
        }
        if (lengths.isEmpty()) {
            return new byte[0];
        }
        if (lengths.size() > 1 || !lengths.getFirst().matches("[0-9]{1,18}")) {
            throw new Refusal(400);
        }
        long length = Long.parseLong(lengths.getFirst());
        if (length > maxBodyBytes) {
            throw new Refusal(413);
        }
        letGoOn(headers);
        return exactly((int) length);
    }

    private void letGoOn(Map<String, List<String>> headers) throws IOException {
        if (headers.getOrDefault("expect", List.of()).stream().anyMatch("100-continue"::equalsIgnoreCase)) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    private byte[] chunks() throws IOException, Refusal {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new Refusal(400);
            }
            int length = Integer.parseInt(size, 16);
            if (length > maxBodyBytes - body.size()) {
                throw new Refusal(413);
            }
            if (length == 0) {
                headers(); // Trailers, of which nobody here has a use.
                return body.toByteArray();
            }
            body.write(exactly(length));
            if (!line().isEmpty()) {
                throw new Refusal(400);
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("connection closed inside a body");
        }
        return bytes;
    }

    private String line() throws IOException, Refusal {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("connection closed inside a head");
            }
            if (line.size() == MAX_LINE) {
                throw new Refusal(431);
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static final class Refusal extends Exception {
        final int status;

        Refusal(int status) {
            super("refused with " + status);
            this.status = status;
        }
    }
}
