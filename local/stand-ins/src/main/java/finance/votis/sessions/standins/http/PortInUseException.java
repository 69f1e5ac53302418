package finance.votis.sessions.standins.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** The address that a stand-in was told to listen on is taken or cannot be had; the message names host and port. */
public final class PortInUseException extends UncheckedIOException {
    private final int port;

    PortInUseException(InetSocketAddress address, IOException cause) {
        super(
                "Cannot listen on port " + address.getPort() + " of " + address.getHostString() + ": "
                        + cause.getMessage(),
                cause);
        this.port = address.getPort();
    }

    public int port() {
        return port;
    }
}
