package finance.votis.sessions.runtime;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * Just enough of a server for a rehearsal, on loopback: one request per connection, each answered with 200 and JSON, one connection at a
 * time. A connection that breaks is dropped; the function's side tells what it missed.
 */
final class LoopbackServer implements Closeable {

    private final ServerSocket socket;
    private final String scheme;
    private final Counterpart counterpart;
    private final Thread thread;

    private LoopbackServer(ServerSocket socket, String scheme, Counterpart counterpart) {
        this.socket = socket;
        this.scheme = scheme;
        this.counterpart = counterpart;
        this.thread = Thread.ofPlatform().daemon().name("rehearsal").unstarted(this::serve);
    }

    /** @param authority of its certificate; empty: in the clear */
    static LoopbackServer start(Optional<LoopbackAuthority> authority, Counterpart counterpart) throws IOException {
        ServerSocketFactory factory = authority
                .<ServerSocketFactory>map(tls -> tls.server(counterpart.chain()).getServerSocketFactory())
                .orElseGet(ServerSocketFactory::getDefault);
        ServerSocket socket = factory.createServerSocket(0, 0, InetAddress.getLoopbackAddress());
        if (socket instanceof SSLServerSocket secure) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setUseCipherSuitesOrder(!counterpart.takesCallersFirstCipherSuite());
            secure.setSSLParameters(parameters);
        }
        var server = new LoopbackServer(socket, authority.isPresent() ? "https" : "http", counterpart);
        server.thread.start();
        return server;
    }

    URI url() {
        return URI.create(scheme + "://" + LoopbackAuthority.HOST + ":" + socket.getLocalPort());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                serve(connection);
            } catch (IOException dropped) {
                // Closed, or a client that went away.
            }
        }
    }

    private void serve(Socket connection) throws IOException {
        // A handshake is several short writes, each of which would wait until the other side has acknowledged the one
        // before.
        connection.setTcpNoDelay(true);
        byte[] answer = counterpart
                .answer(read(new BufferedInputStream(connection.getInputStream())))
                .getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nDate: " + Rehearsal.HTTP_DATE
                + "\r\nContent-Type: application/json\r\nContent-Length: " + answer.length
                + "\r\nConnection: close\r\n\r\n";
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        whole.writeBytes(answer);
        whole.writeTo(connection.getOutputStream());
        connection.getOutputStream().flush();
    }

    private static Counterpart.Request read(InputStream in) throws IOException {
        String[] request = line(in).split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String[] parts = header.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Counterpart.Request(
                request[0] + " " + request[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
