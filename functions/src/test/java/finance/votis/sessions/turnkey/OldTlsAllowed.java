package finance.votis.sessions.turnkey;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM that has been told what Lambda's runtime client tells it, printing a line per client: the TLS versions of its first message,
 * ours, then the JDK's own. A process of its own, since the JDK reads the list once.
 */
final class OldTlsAllowed {
    private OldTlsAllowed() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        // As set by com.amazonaws.services.lambda.runtime.api.client.AWSLambda.
        Security.setProperty(
                "jdk.tls.disabledAlgorithms",
                "SSLv3, RC4, MD5withRSA, DH keySize < 1024, EC keySize < 224, DES40_CBC, RC4_40, 3DES_EDE_CBC");
        try (HttpClient ours = TurnkeyHttp.newClient();
                HttpClient plain = HttpClient.newHttpClient()) {
            System.out.println(versionsOffered(ours));
            System.out.println(versionsOffered(plain));
        }
    }

    private static List<String> versionsOffered(HttpClient client) throws IOException, InterruptedException {
        List<String> versions = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread listener = Thread.ofVirtual().start(() -> {
                // With the server closed as well, the client's own second attempt fails at once.
                try (server;
                        Socket socket = server.accept()) {
                    versions.addAll(read(socket));
                } catch (IOException e) {
                    versions.add(e.toString());
                }
            });
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.getLocalPort()))
                    .build();
            try {
                client.send(request, HttpResponse.BodyHandlers.discarding());
            } catch (IOException hungUpOn) {
                // All that was wanted is its first message.
            }
            listener.join();
        }
        return versions;
    }

    /** RFC 8446, section 4.1.2 in a record of section 5.1; the versions are in extension 43 of section 4.2.1. */
    private static List<String> read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.skipNBytes(3);
        ByteBuffer hello = ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort()));
        hello.position(1 + 3 + 2 + 32);
        skip(hello, hello.get());
        skip(hello, hello.getShort());
        skip(hello, hello.get());
        hello.getShort();
        List<String> versions = new ArrayList<>();
        while (hello.hasRemaining()) {
            boolean supportedVersions = hello.getShort() == 43;
            int length = hello.getShort();
            int end = hello.position() + length;
            if (supportedVersions) {
                for (int n = hello.get() / 2; n > 0; n--) {
                    versions.add(Integer.toHexString(hello.getShort()));
                }
            }
            hello.position(end);
        }
        return versions;
    }

    private static void skip(ByteBuffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }
}
