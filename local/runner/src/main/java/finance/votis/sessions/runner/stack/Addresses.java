package finance.votis.sessions.runner.stack;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.net.InetSocketAddress;

/** Where the stack listens. A port of 0 is any free one. */
public record Addresses(
        InetSocketAddress api, InetSocketAddress turnkey, InetSocketAddress aws, InetSocketAddress issuer) {
    /** Loopback, free ports. */
    public static Addresses free() {
        InetSocketAddress any = BlockingHttpServer.anyPort();
        return new Addresses(any, any, any, any);
    }
}
